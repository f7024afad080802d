/// What every step works with: the settings of the deployment, an opened job, the time that is left.
@NullMarked
package io.pairbatch.step;

import org.jspecify.annotations.NullMarked;
