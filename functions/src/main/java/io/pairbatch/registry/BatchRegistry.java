package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The batches that the provider has created, from the first poll until the segment's rows are in result files. A
/// change to a segment that has moved on in the meantime is dropped.
public final class BatchRegistry {

    private final RegistryTable table;
    private final SegmentTable segments;
    private final JobRegistry jobs;
    private final Clock clock;

    private static final List<Change> NOT_AGAIN =
            Changes.all(List.of(COLLECT_AGAIN.removed(), PROVIDER_SAYS.removed()), Changes.COLLECTING_ANEW);

    BatchRegistry(RegistryTable table, JobRegistry jobs, Clock clock) {
        this.table = table;
        this.segments = new SegmentTable(table);
        this.jobs = jobs;
        this.clock = clock;
    }

    /// Records the status of a batch that is not finished.
    ///
    /// @return the segment afterwards; empty if it has moved on
    public Optional<SegmentItem> recordProgress(
            String jobId, SegmentItem segment, String status, long total, long completed, long failed) {
        return segments.update(
                jobId,
                segment.index(),
                SegmentTroubles.thisBatch(segment),
                Changes.all(
                        List.of(
                                PROVIDER_STATUS.to(status),
                                isNews(segment, status, completed, failed) ? NEWS_AT.to(clock.instant()) : Change.NONE,
                                REQUESTS_TOTAL.to(total),
                                REQUESTS_COMPLETED.to(completed),
                                REQUESTS_FAILED.to(failed)),
                        Changes.READ));
    }

    /// Whether the provider says something of a batch that it has not said before.
    public static boolean isNews(SegmentItem segment, String status, long completed, long failed) {
        return !status.equals(segment.providerStatus())
                || completed != segment.requestsCompleted()
                || failed != segment.requestsFailed();
    }

    /// Records a batch's end.
    ///
    /// @return the segment afterwards; empty if it has moved on
    public Optional<SegmentItem> recordEnd(String jobId, SegmentItem segment, Ending ending) {
        return segments.update(
                jobId,
                segment.index(),
                SegmentTroubles.thisBatch(segment),
                Changes.all(
                        List.of(
                                STATE.to(SegmentState.ENDED),
                                OUTCOME.to(ending.outcome()),
                                PROVIDER_STATUS.to(ending.status()),
                                ENDED_AT.to(clock.instant()),
                                REQUESTS_TOTAL.to(ending.total()),
                                REQUESTS_COMPLETED.to(ending.completed()),
                                REQUESTS_FAILED.to(ending.failed()),
                                OUTPUT_FILE_ID.ifKnown(ending.outputFileId()),
                                ERROR_FILE_ID.ifKnown(ending.errorFileId()),
                                ERROR_CODE.ifKnown(ending.errorCode()),
                                ERROR_MESSAGE.ifKnown(ending.errorMessage()),
                                OPEN_ACCOUNT.removed()),
                        Changes.READ));
    }

    /// Records that the provider was asked to stop a segment's batch.
    public void recordCancelAsked(String jobId, SegmentItem segment) {
        segments.change(jobId, segment.index(), SegmentTroubles.thisBatch(segment), CANCEL_ASKED.to(clock.instant()));
    }

    /// Resets a segment whose batch the provider refused after creating it, for lack of room or of credit: none of it
    /// ran.
    public void returnForLackOfRoom(Fence fence, SegmentItem segment, String message, Instant notBefore) {
        refusedLater(fence, segment, message, NOT_BEFORE.to(notBefore), BOUNCES.oneMore());
    }

    /// Resets a segment whose batch was created but did not find its input file. The file ID is forgotten: the next
    /// batch uses a new file. Other segments need not wait for it.
    public void returnForLackOfFile(Fence fence, SegmentItem segment, String message, Instant until) {
        refusedLater(
                fence,
                segment,
                message,
                SET_ASIDE_UNTIL.to(until),
                FILE_FAILURES.oneMore(),
                FILE_ID.removed(),
                FILE_UPLOADED_AT.removed());
    }

    private void refusedLater(Fence fence, SegmentItem segment, String message, Change... changes) {
        List<Change> all = Changes.all(
                Changes.NOTHING_HELD,
                List.of(
                        STATE.to(SegmentState.PENDING),
                        ERROR_MESSAGE.to(message),
                        PROVIDER_SAYS.to(message),
                        OPEN_ACCOUNT.removed(),
                        BATCH_ID.removed(),
                        PROVIDER_STATUS.removed()),
                List.of(changes));
        table.transact(List.of(
                        new Write.Update(
                                ITEMS, key(fence.jobId(), segment.index()), all, SegmentTroubles.thisBatch(segment)),
                        Costs.write(fence.jobId(), Costs.release(segment.held()), jobs.running(fence))))
                .orThrowUnlessConditions();
    }

    /// The time that counts as the receipt of the segment's output: set by the first call and never changed.
    public Instant markReceived(String jobId, int segment) {
        return table.update(
                        ITEMS, key(jobId, segment), List.of(RECEIVED_AT.first(clock.instant())), Kind.JOB_ID.exists())
                .required()
                .require(RECEIVED_AT);
    }

    /// Records that every row of the segment is in a result file, and what its answers cost, in place of what its
    /// create held of the job's money.
    ///
    /// @param tagRules by which rules for tags its answers were read
    /// @param copies DUE if the provider's data is completely in S3 and is to be deleted at the provider
    public void recordCollected(
            String jobId,
            SegmentItem segment,
            SegmentState outcome,
            long observed,
            long failed,
            String tagRules,
            SegmentItem.Copies copies,
            @Nullable AnswerCost cost) {
        List<Change> changes = Changes.all(
                Changes.NOTHING_HELD,
                costs(cost),
                List.of(
                        STATE.to(outcome),
                        DONE.to(true),
                        OBSERVED.to(observed),
                        FAILED.to(failed),
                        TAG_RULES.to(tagRules),
                        COPIES.to(copies),
                        COLLECT_ATTEMPTS.removed(),
                        COLLECT_FAILING_SINCE.removed(),
                        COLLECT_NOT_BEFORE.removed()));
        table.transact(List.of(
                        new Write.Update(ITEMS, key(jobId, segment.index()), changes, STATE.is(SegmentState.ENDED)),
                        Costs.write(
                                jobId,
                                Costs.settle(
                                        segment.held(),
                                        cost == null ? segment.held().nano() : cost.nano()),
                                JobRegistry.IS_THERE)))
                .orThrowUnlessConditions();
    }

    static List<Change> costs(@Nullable AnswerCost cost) {
        return cost == null
                ? List.of()
                : List.of(
                        COST.to(cost.nano()),
                        TOKENS_PER_MEGABYTE.to(cost.tokensPerMegabyte()),
                        COSTLIEST.to(cost.costliest()));
    }

    /// Records what the answers of a segment cost that an older version has collected.
    public void recordCost(String jobId, SegmentItem segment, AnswerCost cost) {
        segments.change(
                jobId, segment.index(), STATE.is(segment.state()), costs(cost).toArray(new Change[0]));
    }

    /// Records what the create of a batch may cost that an older version has sent.
    public void recordHeld(String jobId, SegmentItem segment, Reservation held) {
        segments.change(
                jobId,
                segment.index(),
                STATE.is(segment.state()).and(RESERVED.isMissing()),
                Changes.holding(held).toArray(new Change[0]));
    }

    /// Records that the answers of a segment, whose rows are in result files, were read again.
    public void recordReread(String jobId, SegmentItem segment, long observed, long failed, String tagRules) {
        segments.change(
                jobId,
                segment.index(),
                STATE.is(segment.state()),
                OBSERVED.to(observed),
                FAILED.to(failed),
                TAG_RULES.to(tagRules),
                COLLECT_ATTEMPTS.removed(),
                COLLECT_FAILING_SINCE.removed(),
                COLLECT_NOT_BEFORE.removed());
    }

    /// Records that the answers of a collected segment are to be fetched once more. What is recorded of it stays until
    /// they
    /// are.
    ///
    /// @return false if the segment is not collected, or is another one by now
    public boolean askAgain(String jobId, SegmentItem segment, Instant at) {
        return segments.update(
                        jobId,
                        segment.index(),
                        STATE.is(segment.state())
                                .and(BATCH_ID.is(Objects.requireNonNullElse(segment.batchId(), "")))
                                .and(COLLECT_AGAIN.isMissing()),
                        Changes.all(List.of(COLLECT_AGAIN.to(at), PROVIDER_SAYS.removed()), Changes.COLLECTING_ANEW))
                .isPresent();
    }

    /// Records what the provider says of the batch whose answers were fetched once more.
    ///
    /// @return the segment afterwards, still as it was collected; empty if nobody wants its answers any more
    public Optional<SegmentItem> foundAgain(String jobId, SegmentItem segment, Ending ending) {
        return segments.update(
                jobId,
                segment.index(),
                COLLECT_AGAIN.exists(),
                List.of(
                        PROVIDER_STATUS.to(ending.status()),
                        REQUESTS_TOTAL.to(ending.total()),
                        REQUESTS_COMPLETED.to(ending.completed()),
                        REQUESTS_FAILED.to(ending.failed()),
                        OUTPUT_FILE_ID.ifKnown(ending.outputFileId()),
                        ERROR_FILE_ID.ifKnown(ending.errorFileId()),
                        ERROR_CODE.to(ending.errorCode()),
                        ERROR_MESSAGE.to(ending.errorMessage())));
    }

    /// Records that every row of a segment is in a result file once more, read from answers that were fetched again,
    /// and
    /// what they cost, in place of what was counted before. A segment whose cost has changed meanwhile stays as it is,
    /// for
    /// the next call.
    ///
    /// @param segment with the cost that was counted before
    /// @param receivedAt when they were
    /// @param cost null where the model has no price
    public void recordCollectedAgain(
            String jobId,
            SegmentItem segment,
            SegmentState outcome,
            Instant receivedAt,
            long observed,
            long failed,
            String tagRules,
            SegmentItem.Copies copies,
            @Nullable AnswerCost cost) {
        List<Change> changes = Changes.all(
                List.of(
                        STATE.to(outcome),
                        RECEIVED_AT.to(receivedAt),
                        OBSERVED.to(observed),
                        FAILED.to(failed),
                        TAG_RULES.to(tagRules),
                        COPIES.to(copies)),
                costs(cost),
                NOT_AGAIN);
        AnswerCost before = segment.cost();
        Condition same = before == null ? COST.isMissing() : COST.is(before.nano());
        long more = cost == null ? 0 : cost.nano() - (before == null ? 0 : before.nano());
        table.transact(List.of(
                        new Write.Update(
                                ITEMS,
                                key(jobId, segment.index()),
                                changes,
                                COLLECT_AGAIN.exists().and(same)),
                        Costs.write(jobId, Costs.settle(Reservation.NONE, more), JobRegistry.IS_THERE)))
                .orThrowUnlessConditions();
    }

    /// Records that a segment's answers are not fetched again after all: what was collected before stays.
    public void dropAgain(String jobId, SegmentItem segment) {
        segments.update(jobId, segment.index(), COLLECT_AGAIN.exists(), NOT_AGAIN);
    }

    /// Corrects by which rules for tags the answers of a segment were read, where an older table was restored.
    public void correctRules(String jobId, SegmentItem segment, String tagRules) {
        segments.change(jobId, segment.index(), STATE.is(segment.state()), TAG_RULES.to(tagRules));
    }

    /// Records an attempt to delete a segment's data at the provider.
    ///
    /// @param copies the outcome; DUE to try again
    /// @param left the IDs that the provider still has
    public void recordDeletion(String jobId, SegmentItem segment, SegmentItem.Copies copies, List<String> left) {
        segments.change(
                jobId,
                segment.index(),
                COPIES.is(SegmentItem.Copies.DUE).and(STATE.is(segment.state())),
                COPIES.to(copies),
                DELETIONS.to(segment.deletions() + 1),
                COPIES_LEFT.to(String.join(" ", left)));
    }
}
