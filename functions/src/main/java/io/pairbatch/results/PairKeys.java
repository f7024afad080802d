package io.pairbatch.results;

import org.jspecify.annotations.Nullable;

/// The keys of a pair in the result files (contract 7.1). `A_id` and `B_id` are its `ID1` and `ID2`.
///
/// @param unorderedIndex occurrence of the unordered key within the segment, from 1
/// @param orderedIndex the same for the ordered key
/// @param pairUidProvided the input's `pair_uid`, null if it has none
/// @param pairUid the same if there is one, else `<unordered_key>#<occurrence>`
/// @param customId value of the `custom_id` column (contract 2); not the wire ID
public record PairKeys(
        String orderedKey,
        String unorderedKey,
        int orderedIndex,
        int unorderedIndex,
        @Nullable String pairUidProvided,
        String pairUid,
        @Nullable String customId) {}
