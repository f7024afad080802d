package io.pairbatch.registry;

import org.jspecify.annotations.Nullable;

/// What a job will have cost in the end, as its collected segments tell: each pair that is left costs what those did
/// on average.
///
/// @param paidRows pairs of the collected segments
/// @param paid what these cost, in nano-USD
/// @param otherRows pairs of the segments that are not collected
public record CostForecast(long paidRows, long paid, long otherRows) {

    public static final CostForecast NONE = new CostForecast(0, 0, 0);

    /// The same with one more segment.
    public CostForecast plus(SegmentRecord segment) {
        SegmentState state = segment.state();
        if (state == null || state == SegmentState.NOT_SUBMITTED) {
            return this;
        }
        Long cost = segment.cost();
        return !state.isFinal()
                ? new CostForecast(paidRows, paid, otherRows + segment.rows())
                : cost == null ? this : new CostForecast(paidRows + segment.rows(), paid + cost, otherRows);
    }

    /// The sum of both.
    public CostForecast plus(CostForecast more) {
        return new CostForecast(paidRows + more.paidRows, paid + more.paid, otherRows + more.otherRows);
    }

    /// The cost in the end, in nano-USD; null as long as no segment tells.
    public @Nullable Long expected(Costs costs) {
        return paidRows == 0 ? null : costs.spent() + Math.round((double) paid * otherRows / paidRows);
    }
}
