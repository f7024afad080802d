package io.pairbatch.merge;

import io.pairbatch.problem.FailureCode;
import io.pairbatch.results.Rows;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.text.Plural;
import java.util.SortedMap;

/// The totals of a job: input rows = accepted + rejected, accepted · comparisons of a row = comparisons + those of rows
/// that are left, comparisons = observed + failed + open.
///
/// @param perRow how many comparisons each accepted row makes
/// @param comparisons of all segments
/// @param leftRows accepted rows that are not in the job's sample
/// @param openPairs pairs of segments that were never collected
/// @param total the sum of the collected segments' tallies; of a comparison that was sent more than once only the
/// attempt that decides it is counted, but the tokens and the cost of all
/// @param unsentBound what the pairs can cost at most, in nano-USD, that were not submitted because of the job's limit
/// @param byAttempt the sums of each attempt's tallies
public record Merged(
        int perRow,
        long comparisons,
        long rejectedRows,
        long leftRows,
        long openPairs,
        SegmentTally total,
        long unsentBound,
        SortedMap<Integer, SegmentTally> byAttempt) {

    public Merged {
        if (comparisons != total.observed() + total.failed() + openPairs) {
            throw new IllegalStateException(comparisons + " pairs, but " + total.observed() + " observed, "
                    + total.failed() + " failed and " + openPairs + " open");
        }
    }

    public long acceptedRows() {
        return comparisons / perRow + leftRows;
    }

    public long inputRows() {
        return acceptedRows() + rejectedRows;
    }

    /// Pairs that were not submitted because of the job's limit.
    public long unsent() {
        return total.failedByCode()
                .getOrDefault(FailureCode.BUDGET_REACHED.code(), Rows.NONE)
                .count();
    }

    /// The row totals as one line of text.
    public String sentence() {
        return Plural.of(inputRows(), "row") + " = " + acceptedRows() + " accepted + " + rejectedRows + " rejected; "
                + (leftRows == 0 ? "" : leftRows + " not in the sample; ") + comparisons + " comparisons"
                + (perRow == 1 ? "" : " (" + perRow + " of each row)") + " = "
                + total.observed() + " observed + " + total.failed() + " failed"
                + (openPairs == 0 ? "" : " + " + openPairs + " open");
    }
}
