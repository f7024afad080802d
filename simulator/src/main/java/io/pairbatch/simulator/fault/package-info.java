/// The fault rules: which requests they apply to and what goes wrong then.
@NullMarked
package io.pairbatch.simulator.fault;

import org.jspecify.annotations.NullMarked;
