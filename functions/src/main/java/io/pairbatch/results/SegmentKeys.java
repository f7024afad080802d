package io.pairbatch.results;

import io.pairbatch.pairs.Pair;

/// Names the pairs of one segment, which must come in row order: occurrences are counted per segment (contract 7.1).
/// Uses at most 80 bytes of memory per pair.
public final class SegmentKeys {

    private final ResultSettings settings;
    private final OccurrenceCounter ordered = new OccurrenceCounter();
    private final OccurrenceCounter unordered = new OccurrenceCounter();

    public SegmentKeys(ResultSettings settings) {
        this.settings = settings;
    }

    /// The keys of the segment's next pair.
    public PairKeys next(Pair pair) {
        String orderedKey = pair.id1() + ":" + pair.id2();
        String unorderedKey = unordered(pair);
        int orderedIndex = ordered.next(orderedKey);
        int unorderedIndex = unordered.next(unorderedKey);
        String provided = pair.columns().get(ResultSettings.PAIR_UID);
        return new PairKeys(
                orderedKey,
                unorderedKey,
                orderedIndex,
                unorderedIndex,
                provided,
                provided != null && !provided.isEmpty() ? provided : unorderedKey + "#" + unorderedIndex,
                CustomIds.of(pair, settings.hasPairUid(), settings.idPrefix()));
    }

    /// A pair's `unordered_key`.
    public static String unordered(Pair pair) {
        return IdOrder.ROOT.compare(pair.id1(), pair.id2()) <= 0
                ? pair.id1() + ":" + pair.id2()
                : pair.id2() + ":" + pair.id1();
    }
}
