package io.pairbatch.cli.job;

/// The segments of a job, summed.
///
/// @param registered segments in the registry
/// @param rows their pairs
/// @param submitted segments whose batch the provider has
/// @param inDoubt segments of which nobody knows yet whether the provider has them
/// @param failed segments whose batch failed, was cancelled or was never submitted
/// @param collected segments whose answers lie in the bucket
/// @param requests requests in all batches, as the provider counts them until a batch is collected
/// @param requestsCompleted requests answered, likewise; of collected ones those with a winner
/// @param requestsFailed requests that failed, likewise; of collected ones those without a winner
public record SegmentTotals(
        int registered,
        long rows,
        int submitted,
        int inDoubt,
        int failed,
        int collected,
        long requests,
        long requestsCompleted,
        long requestsFailed) {

    public static final SegmentTotals NONE = new SegmentTotals(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// These totals and one segment more.
    SegmentTotals plus(
            String state, boolean done, long rows, long requests, long requestsCompleted, long requestsFailed) {
        boolean has = switch (state) {
            case "SUBMITTED", "ENDED", "COLLECTED" -> true;
            case "FAILED", "CANCELLED" -> requests > 0;
            default -> false;
        };
        boolean lost = switch (state) {
            case "FAILED", "CANCELLED", "NOT_SUBMITTED" -> true;
            default -> false;
        };
        return new SegmentTotals(
                registered + 1,
                this.rows + rows,
                submitted + (has ? 1 : 0),
                inDoubt + (state.equals("IN_DOUBT") ? 1 : 0),
                failed + (lost ? 1 : 0),
                collected + (done || state.equals("COLLECTED") ? 1 : 0),
                this.requests + requests,
                this.requestsCompleted + requestsCompleted,
                this.requestsFailed + requestsFailed);
    }
}
