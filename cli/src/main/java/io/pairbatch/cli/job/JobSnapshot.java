package io.pairbatch.cli.job;

import io.pairbatch.cost.NanoUsd;
import io.pairbatch.registry.CostForecast;
import io.pairbatch.registry.Costs;
import java.util.List;
import java.util.Optional;

/// A job and its segments at one moment.
///
/// @param troubles the provider's last messages about segments that are not done, each after `segment 3: `; a few
/// of them
/// @param waits what segments wait for
/// @param notices sentences about batches at the provider that belong to no segment, about a later drop, and about the
/// table's rows
/// @param forecast what its collected segments tell of the cost of the others
/// @param lines what became of each segment, where the job is `verbose`
public record JobSnapshot(
        Job job,
        SegmentTotals segments,
        List<String> troubles,
        Waits waits,
        List<String> notices,
        List<SegmentLine> lines,
        CostForecast forecast) {

    public JobSnapshot {
        troubles = List.copyOf(troubles);
        notices = List.copyOf(notices);
        lines = List.copyOf(lines);
    }

    /// What the job has cost so far and may cost in all: `USD 0.12 so far, about USD 0.48 in total`. Empty while
    /// nothing
    /// was reserved, for a model without a price, and for a job that the simulator answers, unless that has a limit.
    public Optional<String> money() {
        Costs costs = job.costs();
        boolean shown = costs.limit() != null || (!job.simulated() && costs.committed() > 0);
        if (!shown) {
            return Optional.empty();
        }
        Long expected = forecast.expected(costs);
        return Optional.of(NanoUsd.words(costs.spent()) + " so far"
                + (expected == null || forecast.otherRows() == 0
                        ? ""
                        : ", about " + NanoUsd.words(expected) + " in total")
                + (costs.limit() == null ? "" : "; max_cost_usd " + NanoUsd.words(costs.limit()))
                + (job.simulated() ? " " + Job.SIMULATED : ""));
    }

    /// Accepted rows that are not in the job's sample. None are known before a segment is.
    public long leftOut() {
        return segments.registered() == 0 ? 0 : Math.max(0, job.rowsAccepted() - segments.pairs() / job.perRow());
    }

    /// A job that does not tell its segments.
    public JobSnapshot(Job job, SegmentTotals segments, List<String> troubles, Waits waits, List<String> notices) {
        this(job, segments, troubles, waits, notices, List.of(), CostForecast.NONE);
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
