package io.pairbatch.submit;

import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.Reservation;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.Budget;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Stop;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The job's money during one call. It is looked at before a file is uploaded for nothing; whether a create may be sent
/// is decided by the transaction of its intent alone. Segments are sent in order: where the limit has no room for one,
/// those after it wait too.
final class Purse {

    private final SegmentRegistry segments;
    private final Budget budget;
    private final String jobId;
    private final @Nullable Stop stop;
    private @Nullable Long limit;
    private @Nullable SegmentItem lacking;

    private Purse(SegmentRegistry segments, Budget budget, OpenJob job, @Nullable Stop stop) {
        this.segments = segments;
        this.budget = budget;
        this.jobId = job.id();
        this.limit = job.item().costs().limit();
        this.stop = stop;
    }

    static Purse of(OpenJob job, SegmentRegistry segments, PriceTable prices, List<SegmentItem> all) {
        Budget budget = Budget.of(job.resolved().spec(), prices, all);
        boolean unpriced = job.item().costs().limit() != null && !budget.isPriced();
        return new Purse(segments, budget, job, unpriced ? unpriced(job, prices) : null);
    }

    private static Stop unpriced(OpenJob job, PriceTable prices) {
        FieldProblem problem = CostBounds.unknown(job.resolved().spec().model(), prices);
        return Stop.of(JobState.FAILED, problem.code(), problem.field(), problem.found(), problem.expected());
    }

    /// Why nothing may be sent at all; null if something may.
    @Nullable
    Stop stop() {
        return stop;
    }

    /// Whether there was no room for a segment.
    boolean isEmpty() {
        return lacking != null;
    }

    /// The limit that the last look saw.
    @Nullable
    Long limit() {
        return limit;
    }

    Reservation bound(SegmentItem segment) {
        return budget.of(segment);
    }

    /// Looks whether there is room for a segment now.
    boolean hasRoomFor(SegmentItem segment) {
        Costs costs = segments.jobs().find(jobId).map(JobItem::costs).orElseThrow();
        limit = costs.limit();
        if (!costs.hasRoomFor(bound(segment))) {
            lacks(segment);
        }
        return lacking == null;
    }

    /// There was no room for this segment.
    void lacks(SegmentItem segment) {
        lacking = segment;
    }

    /// Says what there was no room for. Where nothing is open that could make room, what is left is given up.
    void close(OpenJob job) {
        SegmentItem first = lacking;
        Long needed = first == null ? null : Long.valueOf(bound(first).nano());
        if (!Objects.equals(needed, job.item().costs().needed())) {
            segments.jobs().recordNeeded(job.fence(), needed);
        }
        Long most = limit;
        if (first == null || most == null) {
            return;
        }
        List<SegmentItem> all = segments.all(jobId);
        if (all.stream()
                .allMatch(s -> s.state() == SegmentState.PENDING || s.state().isFinal())) {
            String why = "max_cost_usd of " + NanoUsd.words(most) + " leaves no room: the next batch may cost up to "
                    + NanoUsd.words(bound(first).nano());
            for (SegmentItem segment : all) {
                if (segment.state() == SegmentState.PENDING
                        && !segments.creations()
                                .giveUp(
                                        job.fence(),
                                        segment,
                                        most,
                                        bound(first),
                                        FailureCode.BUDGET_REACHED.code(),
                                        why)) {
                    return;
                }
            }
        }
    }
}
