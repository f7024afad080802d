package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import io.pairbatch.registry.RegistryTable.Transacted;
import java.util.List;

/// The batches that somebody else has made, and a job takes over. Nothing is created for them.
public final class AdoptionRegistry {

    private static final Condition UNSENT = STATE.is(SegmentState.PENDING).and(SUBMISSIONS.is(0));

    private final RegistryTable table;
    private final JobRegistry jobs;
    private final AccountRegistry accounts;

    AdoptionRegistry(RegistryTable table, JobRegistry jobs, AccountRegistry accounts) {
        this.table = table;
        this.jobs = jobs;
        this.accounts = accounts;
    }

    /// Records the batch of a segment, as if its create had just been answered.
    ///
    /// @param submission with its batch
    /// @return false, with nothing recorded, if the batch is another job's, or was that of one that is deleted
    /// @throws FencedException if the job is no longer ours, or not RUNNING
    public boolean adopt(Fence fence, Submission submission) throws FencedException {
        String jobId = fence.jobId();
        String batchId = String.valueOf(submission.batchId());
        Write segment = new Write.Update(
                ITEMS,
                key(jobId, submission.segment()),
                List.of(
                        STATE.to(SegmentState.SUBMITTED),
                        BATCH_ID.to(batchId),
                        SUBMITTED_AT.to(submission.createdAt()),
                        OPEN_ACCOUNT.to(submission.account()),
                        INVOCATION.to(submission.token()),
                        SUBMISSIONS.to(submission.number())),
                UNSENT);
        Transacted made = table.transact(List.of(
                        jobs.runningCheck(fence),
                        accounts.ownedOnly(jobId, submission, batchId),
                        segment,
                        new Write.Put(SubmissionAttributes.ITEMS, submission.row(jobId), null)))
                .orThrowUnlessConditions();
        if (made.refused(0)) {
            throw new FencedException(fence);
        }
        // Where only the segment is in the way, a call that was given up has recorded the same.
        return !made.refused(1);
    }
}
