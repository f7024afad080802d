/// What stands in for the model: which text wins, which requests fail, how many tokens they use. The same seed
/// gives the same results.
@NullMarked
package io.pairbatch.simulator.judge;

import org.jspecify.annotations.NullMarked;
