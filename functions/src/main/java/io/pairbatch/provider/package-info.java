/// What every provider can be asked, what it can answer, and the descriptor behind which all that is particular to one
/// lives.
@NullMarked
package io.pairbatch.provider;

import org.jspecify.annotations.NullMarked;
