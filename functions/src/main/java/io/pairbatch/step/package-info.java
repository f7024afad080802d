/// What every step works with: the settings of the deployment, an opened job, the time that is left. Uses `registry`,
/// `store`, `provider`, `job`.
@NullMarked
package io.pairbatch.step;

import org.jspecify.annotations.NullMarked;
