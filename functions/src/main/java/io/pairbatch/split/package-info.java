/// The first step of a job: reads its specification and its table of pairs, and writes the segments.
@NullMarked
package io.pairbatch.split;

import org.jspecify.annotations.NullMarked;
