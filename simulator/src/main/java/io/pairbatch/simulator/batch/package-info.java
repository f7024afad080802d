/// The life cycle that the batches of all providers share, from the create to the results.
@NullMarked
package io.pairbatch.simulator.batch;

import org.jspecify.annotations.NullMarked;
