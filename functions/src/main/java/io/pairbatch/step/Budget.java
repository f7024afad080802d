package io.pairbatch.step;

import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.registry.AnswerCost;
import io.pairbatch.registry.Reservation;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.spec.JobSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the batches of a job may cost, by what its answers have cost so far.
public final class Budget {

    private final Optional<CostBounds> bounds;
    private final CostBounds.Seen seen;

    private Budget(Optional<CostBounds> bounds, CostBounds.Seen seen) {
        this.bounds = bounds;
        this.seen = seen;
    }

    /// The budget of a job.
    ///
    /// @param all its segments
    public static Budget of(JobSpec spec, PriceTable prices, List<SegmentItem> all) {
        CostBounds.Seen seen = CostBounds.Seen.NOTHING;
        for (SegmentItem segment : all) {
            AnswerCost cost = segment.cost();
            if (cost != null) {
                seen = seen.and(cost.tokensPerMegabyte(), cost.costliest());
            }
        }
        return new Budget(CostBounds.ofBatches(prices, spec), seen);
    }

    /// The limit of a specification in nano-USD; null for none.
    public static @Nullable Long limit(JobSpec spec) {
        return NanoUsd.orNull(spec.polling().maxCostUsd().orElse(null));
    }

    /// Whether the model has a price.
    public boolean isPriced() {
        return bounds.isPresent();
    }

    /// What a segment's create has to reserve.
    public Reservation of(SegmentItem segment) {
        if (bounds.isEmpty()) {
            return Reservation.NONE;
        }
        CostBounds.Bound bound = bounds.get().of(segment.inputBytes(), segment.rows(), seen);
        return new Reservation(bound.nano(), bound.openEnded());
    }
}
