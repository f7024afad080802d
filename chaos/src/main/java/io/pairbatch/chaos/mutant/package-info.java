/// The code broken on purpose, one place at a time, to show that the simulated world notices: a change of source text,
/// compiled in memory and loaded in a class loader of its own. What is deployed has no switch for it.
@NullMarked
package io.pairbatch.chaos.mutant;

import org.jspecify.annotations.NullMarked;
