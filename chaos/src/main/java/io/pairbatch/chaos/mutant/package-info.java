/// Breaks the code on purpose, in one place at a time, to show that the simulated world notices: a change of source
/// text, compiled in memory and loaded in a separate class loader. The deployed code has no switch for it.
@NullMarked
package io.pairbatch.chaos.mutant;

import org.jspecify.annotations.NullMarked;
