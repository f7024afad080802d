/// Shared by all steps: the deployment's settings, an opened job, the time that is left.
@NullMarked
package io.pairbatch.step;

import org.jspecify.annotations.NullMarked;
