package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The batches that the provider has made, from the first poll until the segment's rows lie in result files. A change
/// of a segment that has moved on in the meantime is dropped.
public final class BatchRegistry {

    private final RegistryTable table;
    private final SegmentTable segments;
    private final JobRegistry jobs;
    private final Clock clock;

    BatchRegistry(RegistryTable table, JobRegistry jobs, Clock clock) {
        this.table = table;
        this.segments = new SegmentTable(table);
        this.jobs = jobs;
        this.clock = clock;
    }

    /// Records what the provider says of a batch that is not finished.
    ///
    /// @return the segment by then; empty when it has moved on
    public Optional<SegmentItem> recordProgress(
            String jobId, SegmentItem segment, String status, long total, long completed, long failed) {
        return segments.update(
                jobId,
                segment.index(),
                SegmentTroubles.thisBatch(segment),
                Changes.all(
                        List.of(
                                PROVIDER_STATUS.to(status),
                                REQUESTS_TOTAL.to(total),
                                REQUESTS_COMPLETED.to(completed),
                                REQUESTS_FAILED.to(failed)),
                        Changes.READ));
    }

    /// Records a batch's end.
    ///
    /// @return the segment by then; empty when it has moved on
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

    /// Gives a segment back whose batch the provider refused after creating it, for lack of room or of credit: nothing
    /// of it ran.
    public void returnForLackOfRoom(Fence fence, SegmentItem segment, String message, Instant notBefore) {
        refusedLater(fence, segment, message, NOT_BEFORE.to(notBefore), BOUNCES.oneMore());
    }

    /// Gives a segment back whose batch was created and then did not find its input file, which is forgotten: the next
    /// batch is made of another one. Others need not wait for it.
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
                        jobs.runningCheck(fence)))
                .orThrowUnlessConditions();
    }

    /// The time at which the segment's output is taken as received: set by the first call, the same ever after.
    public Instant markReceived(String jobId, int segment) {
        return table.update(
                        ITEMS, key(jobId, segment), List.of(RECEIVED_AT.first(clock.instant())), Kind.JOB_ID.exists())
                .required()
                .require(RECEIVED_AT);
    }

    /// Records that every row of the segment is in a result file.
    ///
    /// @param copies DUE when what the provider holds lies in S3 as a whole, and is to be deleted there
    public void recordCollected(
            String jobId,
            SegmentItem segment,
            SegmentState outcome,
            long observed,
            long failed,
            SegmentItem.Copies copies) {
        segments.change(
                jobId,
                segment.index(),
                STATE.is(SegmentState.ENDED),
                STATE.to(outcome),
                DONE.to(true),
                OBSERVED.to(observed),
                FAILED.to(failed),
                COPIES.to(copies));
    }

    /// Records an attempt at deleting what the provider holds of a segment.
    ///
    /// @param copies what became of it; DUE when it is to be tried again
    /// @param left the ids that the provider still holds
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
