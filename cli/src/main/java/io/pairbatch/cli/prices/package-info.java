/// Prices of the user's own, in place of the table that this version brings.
@NullMarked
package io.pairbatch.cli.prices;

import org.jspecify.annotations.NullMarked;
