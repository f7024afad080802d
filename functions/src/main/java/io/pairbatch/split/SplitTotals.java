package io.pairbatch.split;

/// The counts of the split so far; rows = accepted + rejected.
///
/// @param emptyTexts accepted rows with an empty text, which are sent as they are
public record SplitTotals(long rows, long accepted, long rejected, long emptyTexts, int segments) {

    public static final SplitTotals NONE = new SplitTotals(0, 0, 0, 0, 0);

    SplitTotals plusAccepted(boolean emptyText) {
        return new SplitTotals(rows + 1, accepted + 1, rejected, emptyTexts + (emptyText ? 1 : 0), segments);
    }

    SplitTotals plusRejected() {
        return new SplitTotals(rows + 1, accepted, rejected + 1, emptyTexts, segments);
    }

    SplitTotals plusSegment() {
        return new SplitTotals(rows, accepted, rejected, emptyTexts, segments + 1);
    }
}
