package io.pairbatch.split;

import io.pairbatch.spec.Splitting;

/// How many rows each segment wants (contract 1.3), before the provider's limits.
///
/// @param splitting what the job asks for
/// @param accepted all accepted rows; needed for a number of segments only
record SegmentSizes(Splitting splitting, long accepted) {

    /// The wanted size of segment `index` (0-based).
    long size(int index) {
        return switch (splitting) {
            case Splitting.BatchSize size -> size.rows();
            case Splitting.SegmentCount count -> accepted / count.count() + (index < accepted % count.count() ? 1 : 0);
            case Splitting.Auto auto -> Long.MAX_VALUE;
        };
    }
}
