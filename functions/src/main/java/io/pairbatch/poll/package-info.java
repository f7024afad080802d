/// Asking the provider how the open batches stand, and saying what comes next. Uses `submit`, `step`, `registry`,
/// `provider`.
@NullMarked
package io.pairbatch.poll;

import org.jspecify.annotations.NullMarked;
