package io.pairbatch.cli.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A job and its segments at one moment.
///
/// @param troubles the provider's last messages about segments that are not done, each after `segment 3: `; a few
/// of them
/// @param waits what segments wait for
/// @param strays a sentence about batches at the provider that belong to no segment; null if there are none
public record JobSnapshot(
        Job job,
        SegmentTotals segments,
        List<String> troubles,
        Waits waits,
        @Nullable String strays) {

    public JobSnapshot {
        troubles = List.copyOf(troubles);
    }

    /// A job without strays.
    public JobSnapshot(Job job, SegmentTotals segments, List<String> troubles) {
        this(job, segments, troubles, Waits.NONE, null);
    }

    /// A job without trouble.
    public JobSnapshot(Job job, SegmentTotals segments) {
        this(job, segments, List.of());
    }
}
