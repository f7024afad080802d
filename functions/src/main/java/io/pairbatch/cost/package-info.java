/// What an answer costs: a small dated table of prices, exact arithmetic, no guesses.
@NullMarked
package io.pairbatch.cost;

import org.jspecify.annotations.NullMarked;
