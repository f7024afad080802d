/// Tests of the simulator over real HTTP, as a caller sees it.
@NullMarked
package io.pairbatch.simulator;

import org.jspecify.annotations.NullMarked;
