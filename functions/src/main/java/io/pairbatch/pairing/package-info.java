/// Which samples are compared with which: designs, the order within a pair, and what the comparisons connect. Samples
/// are numbers from 0 on; nothing here reads or writes, and no list of pairs is held.
@NullMarked
package io.pairbatch.pairing;

import org.jspecify.annotations.NullMarked;
