/// From a pair and its answer to results: keys, winner, error code, the rows of the result files.
@NullMarked
package io.pairbatch.results;

import org.jspecify.annotations.NullMarked;
