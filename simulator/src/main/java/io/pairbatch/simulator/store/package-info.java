/// What survives a restart, in the data folder: files, the journal, the simulated clock; and reading and writing JSON.
@NullMarked
package io.pairbatch.simulator.store;

import org.jspecify.annotations.NullMarked;
