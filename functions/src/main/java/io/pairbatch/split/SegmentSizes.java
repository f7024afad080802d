package io.pairbatch.split;

import io.pairbatch.spec.Splitting;

/// The wanted number of rows per segment (contract 1.3), before the provider's limits.
///
/// @param splitting what the job asks for
/// @param accepted all accepted rows; needed only for a number of segments
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
