package io.pairbatch.job;

import org.jspecify.annotations.Nullable;

/// Which rows of a table are judged: the first `limit` of the accepted rows as R's `sample.int(n)` draws them after
/// `set.seed(seed)` (contract 9.1), so that a larger limit only adds rows. They keep the table's order.
///
/// @param limit null: every row
public record Sample(@Nullable Integer limit, int seed) {

    static final int DEFAULT_SEED = 1;

    /// Every row is judged.
    public static final Sample ALL = new Sample(null, DEFAULT_SEED);
}
