/// Asking the provider how the open batches stand, and saying what comes next.
@NullMarked
package io.pairbatch.poll;

import org.jspecify.annotations.NullMarked;
