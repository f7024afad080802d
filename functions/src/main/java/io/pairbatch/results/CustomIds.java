package io.pairbatch.results;

import io.pairbatch.pairs.Pair;
import org.jspecify.annotations.Nullable;

/// The ids of pairs as the R package makes them (contract 2): the column `custom_id`, and what batches of others are
/// asked by.
public final class CustomIds {

    private CustomIds() {}

    /// The id of a pair; null where the pair has a `pair_uid` that is missing.
    ///
    /// @param hasPairUid whether the table names its pairs itself
    /// @param prefix of the ids that are made of IDs
    public static @Nullable String of(Pair pair, boolean hasPairUid, String prefix) {
        return hasPairUid
                ? pair.columns().get(ResultSettings.PAIR_UID)
                : prefix + "_" + pair.id1() + "_vs_" + pair.id2();
    }

    /// The same for a pair by itself.
    public static @Nullable String of(Pair pair, String prefix) {
        return of(pair, pair.columns().containsKey(ResultSettings.PAIR_UID), prefix);
    }
}
