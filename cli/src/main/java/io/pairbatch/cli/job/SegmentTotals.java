package io.pairbatch.cli.job;

import io.pairbatch.registry.SegmentRecord;
import io.pairbatch.registry.SegmentState;

/// The segments of a job, summed. Each counts once as `pending`, `open`, `inDoubt`, `collected` or `unsentSegments`.
///
/// @param registered segments in the registry
/// @param rows their pairs; one that was sent again counts once more
/// @param submitted segments whose batch the provider has
/// @param inDoubt segments for which it is unknown whether the provider has them
/// @param failed of the collected ones those that brought no winner: their batch failed or was cancelled
/// @param collected segments that had a batch, and whose pairs are in result files
/// @param answered requests that the model has answered, as the provider counts them, and never more than there are; an
/// answer need not name a winner
/// @param unanswered requests that ended without an answer, likewise: both together are never more than were sent
/// @param judged pairs with a winner in the collected segments
/// @param notJudged pairs without one in the collected segments
/// @param open segments whose batch runs, or has ended and is not collected
/// @param pending segments that are to be submitted
/// @param again pairs of a further attempt
/// @param unsent pairs of the segments for which no batch was ever created
/// @param unsentSegments these segments, which are neither `submitted` nor `failed` nor `collected`
public record SegmentTotals(
        int registered,
        long rows,
        int submitted,
        int inDoubt,
        int failed,
        int collected,
        long answered,
        long unanswered,
        long judged,
        long notJudged,
        int open,
        int pending,
        long again,
        long unsent,
        int unsentSegments) {

    /// Of a job that makes one attempt, and sends all of it.
    public SegmentTotals(
            int registered,
            long rows,
            int submitted,
            int inDoubt,
            int failed,
            int collected,
            long answered,
            long unanswered,
            long judged,
            long notJudged,
            int open,
            int pending) {
        this(
                registered,
                rows,
                submitted,
                inDoubt,
                failed,
                collected,
                answered,
                unanswered,
                judged,
                notJudged,
                open,
                pending,
                0,
                0,
                0);
    }

    /// How many pairs the job compares.
    public long pairs() {
        return rows - again;
    }

    /// Pairs without a winner that are not sent again.
    public long without() {
        return Math.max(0, notJudged - again);
    }

    public static final SegmentTotals NONE = new SegmentTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// Requests that have not ended.
    public long unended() {
        return Math.max(0, rows - answered - unanswered - unsent);
    }

    /// The sum of both.
    SegmentTotals plus(SegmentTotals more) {
        return new SegmentTotals(
                registered + more.registered,
                rows + more.rows,
                submitted + more.submitted,
                inDoubt + more.inDoubt,
                failed + more.failed,
                collected + more.collected,
                answered + more.answered,
                unanswered + more.unanswered,
                judged + more.judged,
                notJudged + more.notJudged,
                open + more.open,
                pending + more.pending,
                again + more.again,
                unsent + more.unsent,
                unsentSegments + more.unsentSegments);
    }

    /// These totals with one more segment.
    SegmentTotals plus(SegmentRecord segment) {
        SegmentState state = segment.state();
        boolean ended = state == SegmentState.ENDED;
        boolean lost = state == SegmentState.FAILED || state == SegmentState.CANCELLED;
        boolean never = state == SegmentState.NOT_SUBMITTED || (ended && segment.batchId() == null);
        boolean isCollected = segment.done() || (state != null && state.isFinal());
        boolean has = !never && (state == SegmentState.SUBMITTED || ended || state == SegmentState.COLLECTED || lost);
        // Whoever has a winner was answered, even if the provider's counts do not say so; and some count too much.
        long answered = never ? 0 : Math.min(segment.rows(), Math.max(segment.requestsCompleted(), segment.observed()));
        long rest = never ? 0 : segment.rows() - answered;
        return new SegmentTotals(
                registered + 1,
                rows + segment.rows(),
                submitted + (has ? 1 : 0),
                inDoubt + (state == SegmentState.IN_DOUBT ? 1 : 0),
                failed + (lost && segment.observed() == 0 ? 1 : 0),
                collected + (isCollected && !never ? 1 : 0),
                this.answered + answered,
                unanswered + (isCollected ? rest : Math.min(rest, segment.requestsFailed())),
                judged + (isCollected ? segment.observed() : 0),
                notJudged + (isCollected ? segment.rows() - segment.observed() : 0),
                open + (!never && !isCollected && (state == SegmentState.SUBMITTED || ended) ? 1 : 0),
                pending + (state == SegmentState.PENDING || state == SegmentState.SUBMITTING ? 1 : 0),
                again + (segment.attempt() > 1 ? segment.rows() : 0),
                unsent + (never ? segment.rows() : 0),
                unsentSegments + (never ? 1 : 0));
    }
}
