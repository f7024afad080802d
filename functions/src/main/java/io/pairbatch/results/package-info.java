/// What becomes of a pair and its answer: keys, winner, error code, the rows of the result files. Uses `provider`,
/// `pairs`, `job` and the CSV rules of `store`.
@NullMarked
package io.pairbatch.results;

import org.jspecify.annotations.NullMarked;
