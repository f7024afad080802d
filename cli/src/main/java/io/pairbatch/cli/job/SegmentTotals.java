package io.pairbatch.cli.job;

import io.pairbatch.registry.SegmentRecord;
import io.pairbatch.registry.SegmentState;

/// The segments of a job, summed.
///
/// @param registered segments in the registry
/// @param rows their pairs
/// @param submitted segments whose batch the provider has
/// @param inDoubt segments for which it is unknown whether the provider has them
/// @param failed segments whose batch failed, was cancelled or was never submitted
/// @param collected segments whose answers are in the bucket
/// @param requests requests in all batches, as the provider counts them until a batch is collected
/// @param requestsCompleted requests answered, likewise; of collected ones those with a winner
/// @param requestsFailed requests that failed, likewise; of collected ones those without a winner
/// @param open segments whose batch runs, or has ended and is not collected
/// @param pending segments that are to be submitted
public record SegmentTotals(
        int registered,
        long rows,
        int submitted,
        int inDoubt,
        int failed,
        int collected,
        long requests,
        long requestsCompleted,
        long requestsFailed,
        int open,
        int pending) {

    public static final SegmentTotals NONE = new SegmentTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// These totals with one more segment. A collected segment is counted by its own results: the provider is no longer
    /// asked once a batch has ended.
    SegmentTotals plus(SegmentRecord segment) {
        SegmentState state = segment.state();
        boolean isCollected = state == SegmentState.COLLECTED;
        long requests = isCollected ? segment.rows() : segment.requestsTotal();
        boolean ended = state == SegmentState.FAILED || state == SegmentState.CANCELLED;
        boolean has = state == SegmentState.SUBMITTED
                || state == SegmentState.ENDED
                || isCollected
                || (ended && requests > 0);
        boolean lost = ended || state == SegmentState.NOT_SUBMITTED;
        return new SegmentTotals(
                registered + 1,
                rows + segment.rows(),
                submitted + (has ? 1 : 0),
                inDoubt + (state == SegmentState.IN_DOUBT ? 1 : 0),
                failed + (lost ? 1 : 0),
                collected + (segment.done() || isCollected ? 1 : 0),
                this.requests + requests,
                requestsCompleted + (isCollected ? segment.observed() : segment.requestsCompleted()),
                requestsFailed + (isCollected ? segment.failed() : segment.requestsFailed()),
                open + (state == SegmentState.SUBMITTED || state == SegmentState.ENDED ? 1 : 0),
                pending + (state == SegmentState.PENDING || state == SegmentState.SUBMITTING ? 1 : 0));
    }
}
