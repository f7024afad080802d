/// Collects a finished segment: the provider's lines are read, joined with their pairs and written as results and
/// failures, with constant memory.
@NullMarked
package io.pairbatch.collect;

import org.jspecify.annotations.NullMarked;
