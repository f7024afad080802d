/// What an answer costs: a small dated table of prices and exact arithmetic, no estimates.
@NullMarked
package io.pairbatch.cost;

import org.jspecify.annotations.NullMarked;
