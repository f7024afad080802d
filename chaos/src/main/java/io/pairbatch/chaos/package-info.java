/// The simulated world: virtual time, one seed, one actor at a time; the real handlers and the real state machine in
/// one process.
@NullMarked
package io.pairbatch.chaos;

import org.jspecify.annotations.NullMarked;
