package io.pairbatch.merge;

import io.pairbatch.collect.SegmentTally;

/// What a job came to: input rows = accepted + rejected, accepted = observed + failed + open.
///
/// @param acceptedRows pairs of all segments
/// @param openPairs pairs of segments that were never collected
/// @param total the sum of the collected segments' tallies
public record Merged(long acceptedRows, long rejectedRows, long openPairs, SegmentTally total) {

    public Merged {
        if (acceptedRows != total.observed() + total.failed() + openPairs) {
            throw new IllegalStateException(acceptedRows + " pairs, but " + total.observed() + " observed, "
                    + total.failed() + " failed and " + openPairs + " open");
        }
    }

    public long inputRows() {
        return acceptedRows + rejectedRows;
    }

    /// The conservation of rows as one line for a reader.
    public String sentence() {
        return inputRows() + " rows = " + acceptedRows + " accepted + " + rejectedRows + " rejected; " + acceptedRows
                + " comparisons = " + total.observed() + " observed + " + total.failed() + " failed"
                + (openPairs == 0 ? "" : " + " + openPairs + " open");
    }
}
