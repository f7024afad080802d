package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Restores what a lost or older registry is missing, from the job's copy in S3.
public final class SegmentRestoration {

    private final RegistryTable table;
    private final SegmentTable segments;
    private final JobRegistry jobs;
    private final AccountRegistry accounts;
    private final Clock clock;

    SegmentRestoration(RegistryTable table, JobRegistry jobs, AccountRegistry accounts, Clock clock) {
        this.table = table;
        this.segments = new SegmentTable(table);
        this.jobs = jobs;
        this.accounts = accounts;
        this.clock = clock;
    }

    /// Restores a submission that the registry has lost, with its outcome.
    ///
    /// @param lease until when its create may be in progress, if its outcome is unknown
    /// @param standing whether an earlier submission's batch was recorded, which remains valid if this one created none
    public void restore(Fence fence, Submission submission, Instant lease, boolean standing) {
        String jobId = fence.jobId();
        String batch = submission.batchId();
        List<Change> outcome;
        if (batch != null) {
            outcome = List.of(
                    STATE.to(SegmentState.SUBMITTED),
                    BATCH_ID.to(batch),
                    SUBMITTED_AT.to(submission.createdAt()),
                    OPEN_ACCOUNT.to(submission.account()),
                    LEASE_UNTIL.removed());
        } else if (submission.outcome() == null) {
            outcome = List.of(
                    STATE.to(SegmentState.SUBMITTING),
                    LEASE_UNTIL.to(lease),
                    BATCH_ID.removed(),
                    OPEN_ACCOUNT.removed());
        } else if (standing) {
            outcome = List.of(STATE.to(SegmentState.SUBMITTED), LEASE_UNTIL.removed());
        } else {
            outcome = List.of(
                    STATE.to(SegmentState.PENDING), LEASE_UNTIL.removed(), BATCH_ID.removed(), OPEN_ACCOUNT.removed());
        }
        boolean held = batch != null || submission.outcome() == null;
        List<Change> changes = Changes.all(
                held ? Changes.holding(submission.bound()) : standing ? List.of() : Changes.NOTHING_HELD,
                List.of(
                        SUBMISSIONS.to(submission.number()),
                        INVOCATION.to(submission.token()),
                        CREATE_UNTIL.removed(),
                        NOT_BEFORE.removed(),
                        ERROR_CODE.removed(),
                        ERROR_MESSAGE.removed()),
                outcome,
                Changes.NO_DOUBT,
                Changes.ANOTHER_BATCH);
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Update(
                ITEMS, key(jobId, submission.segment()), changes, SUBMISSIONS.below(submission.number())));
        writes.add(new Write.Put(SubmissionAttributes.ITEMS, submission.row(jobId), null));
        writes.add(jobs.runningCheck(fence));
        if (batch != null) {
            writes.add(accounts.owned(jobId, submission, batch));
        }
        table.transact(writes).orThrowUnlessConditions();
    }

    /// Restores the item of a submission that its segment still knows, and that its batch is known.
    public void restore(String jobId, Submission submission) {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Put(SubmissionAttributes.ITEMS, submission.row(jobId), Kind.JOB_ID.isMissing()));
        if (submission.batchId() != null) {
            writes.add(accounts.owned(jobId, submission, submission.batchId()));
        }
        table.transact(writes).orThrowUnlessConditions();
    }

    /// Resets a segment whose last intended create is in no item and in no copy: the copy is written before the create
    /// is
    /// sent, so it never was.
    ///
    /// @param number of the last create that is known
    /// @return false if somebody may still be about to send it
    public boolean unsent(String jobId, SegmentItem segment, int number) {
        return segments.update(
                        jobId,
                        segment.index(),
                        STATE.isEither(SegmentState.SUBMITTING, SegmentState.IN_DOUBT)
                                .and(SUBMISSIONS.is(segment.submissions()))
                                .and(LEASE_UNTIL.isMissing().or(LEASE_UNTIL.atMost(clock.instant()))),
                        Changes.all(
                                List.of(
                                        STATE.to(SegmentState.PENDING),
                                        SUBMISSIONS.to(number),
                                        LEASE_UNTIL.removed(),
                                        CREATE_UNTIL.removed(),
                                        ERROR_MESSAGE.removed()),
                                Changes.NOTHING_HELD,
                                Changes.NO_DOUBT))
                .isPresent();
    }

    /// Restores that a segment is accounted for, which the registry has lost, or in what way it was when its answers
    /// were
    /// fetched for the last time.
    public void restore(String jobId, int segment, CollectedSegment collected) {
        List<Change> changes = List.of(
                STATE.to(collected.state()),
                DONE.to(true),
                OBSERVED.to(collected.observed()),
                FAILED.to(collected.failed()),
                TAG_RULES.ifKnown(collected.tagRules()),
                // A batch that found no room is not that of a segment of which nothing was sent in the end.
                collected.state() == SegmentState.NOT_SUBMITTED
                        ? BATCH_ID.removed()
                        : BATCH_ID.ifKnown(collected.batchId()),
                PROVIDER_STATUS.ifKnown(collected.providerStatus()),
                REQUESTS_TOTAL.to(collected.requestsTotal()),
                REQUESTS_COMPLETED.to(collected.requestsCompleted()),
                REQUESTS_FAILED.to(collected.requestsFailed()),
                ERROR_CODE.ifKnown(collected.errorCode()),
                ERROR_MESSAGE.ifKnown(collected.errorMessage()),
                SUBMITTED_AT.ifKnown(collected.submittedAt()),
                ENDED_AT.ifKnown(collected.endedAt()),
                RECEIVED_AT.ifKnown(collected.receivedAt()),
                OUTPUT_FILE_ID.ifKnown(collected.outputFileId()),
                ERROR_FILE_ID.ifKnown(collected.errorFileId()),
                OPEN_ACCOUNT.removed(),
                LEASE_UNTIL.removed());
        segments.change(
                jobId,
                segment,
                Kind.JOB_ID.exists().and(STATE.isNot(collected.state()).or(isOfAnotherTime(collected.receivedAt()))),
                Changes.all(changes, Changes.NOTHING_HELD, BatchRegistry.costs(collected.cost()))
                        .toArray(new Change[0]));
    }

    private static Condition isOfAnotherTime(@Nullable Instant receivedAt) {
        return receivedAt == null
                ? RECEIVED_AT.isMissing()
                : RECEIVED_AT.isMissing().or(RECEIVED_AT.isNot(receivedAt));
    }
}
