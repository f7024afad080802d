/// A finished segment: the provider's lines are read, joined to their pairs and written as results and failures, in
/// flat memory.
@NullMarked
package io.pairbatch.collect;

import org.jspecify.annotations.NullMarked;
