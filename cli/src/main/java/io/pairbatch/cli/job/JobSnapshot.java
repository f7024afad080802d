package io.pairbatch.cli.job;

import java.util.List;

/// A job and its segments at one moment.
///
/// @param troubles the provider's last messages about segments that are not done, each after `segment 3: `; a few
/// of them
/// @param waits what segments wait for
/// @param notices sentences about batches at the provider that belong to no segment, about a later drop, and about the
/// table's rows
/// @param lines what became of each segment, where the job is `verbose`
public record JobSnapshot(
        Job job,
        SegmentTotals segments,
        List<String> troubles,
        Waits waits,
        List<String> notices,
        List<SegmentLine> lines) {

    public JobSnapshot {
        troubles = List.copyOf(troubles);
        notices = List.copyOf(notices);
        lines = List.copyOf(lines);
    }

    /// Accepted rows that are not in the job's sample. None are known before a segment is.
    public long leftOut() {
        return segments.registered() == 0 ? 0 : Math.max(0, job.rowsAccepted() - segments.pairs());
    }

    /// A job that does not tell its segments.
    public JobSnapshot(Job job, SegmentTotals segments, List<String> troubles, Waits waits, List<String> notices) {
        this(job, segments, troubles, waits, notices, List.of());
    }

    /// A job of which there is nothing to notice.
    public JobSnapshot(Job job, SegmentTotals segments, List<String> troubles) {
        this(job, segments, troubles, Waits.NONE, List.of());
    }

    /// A job without trouble.
    public JobSnapshot(Job job, SegmentTotals segments) {
        this(job, segments, List.of());
    }
}
