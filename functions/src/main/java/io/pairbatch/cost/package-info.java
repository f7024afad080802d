/// What an answer costs: a small dated table of prices, exact arithmetic, no guesses. Uses `provider` and `backend`.
@NullMarked
package io.pairbatch.cost;

import org.jspecify.annotations.NullMarked;
