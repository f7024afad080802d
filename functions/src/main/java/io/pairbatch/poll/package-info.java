/// Polls the open batches and decides what comes next.
@NullMarked
package io.pairbatch.poll;

import org.jspecify.annotations.NullMarked;
