package io.pairbatch.split;

import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.TableReport;

/// The counts of the split so far; rows = accepted + rejected.
///
/// @param emptyTexts accepted rows with an empty text, which are sent as they are
/// @param table what its owner should know of its rows; of the first part only, which reads all of them
public record SplitTotals(long rows, long accepted, long rejected, long emptyTexts, int segments, TableReport table) {

    public static final SplitTotals NONE = new SplitTotals(0, 0, 0, 0, 0, TableReport.NONE);

    SplitTotals plusAccepted(boolean emptyText) {
        return new SplitTotals(rows + 1, accepted + 1, rejected, emptyTexts + (emptyText ? 1 : 0), segments, table);
    }

    SplitTotals plusRejected() {
        return new SplitTotals(rows + 1, accepted, rejected + 1, emptyTexts, segments, table);
    }

    SplitTotals plusRejected(InputRow.Rejected row) {
        return plusRejected().with(table.plus(row));
    }

    SplitTotals plusSegment() {
        return new SplitTotals(rows, accepted, rejected, emptyTexts, segments + 1, table);
    }

    /// The same counts with another report.
    public SplitTotals with(TableReport report) {
        return new SplitTotals(rows, accepted, rejected, emptyTexts, segments, report);
    }
}
