package io.pairbatch.collect;

import io.pairbatch.job.WireId;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The segments that the registry knows, by the first and the last of their rows. They are read when they are first
/// asked for, which is rare.
final class RegisteredSegments implements OtherSegments {

    private final SegmentRegistry segments;
    private final String jobId;
    private @Nullable List<SegmentItem> all;

    RegisteredSegments(SegmentRegistry segments, String jobId) {
        this.segments = segments;
        this.jobId = jobId;
    }

    /// In a sample that grew, and in a later attempt, several segments may span a row; then it is not known which has
    /// it.
    @Override
    public OptionalInt of(WireId id) {
        if (all == null) {
            all = segments.all(jobId);
        }
        List<SegmentItem> spanning = all.stream()
                .filter(segment -> segment.attempt() == id.attempt()
                        && segment.firstRow() <= id.comparison()
                        && id.comparison() <= segment.lastRow())
                .toList();
        return spanning.size() == 1 ? OptionalInt.of(spanning.getFirst().index()) : OptionalInt.empty();
    }
}
