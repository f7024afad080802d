package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import io.pairbatch.registry.RegistryTable.Transacted;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The creation of batches: intents and their outcomes. A creation is intended in ONE transaction (the job is mine and
/// RUNNING; the segment was PENDING; the SUB item is new), so two functions can never both create a batch for the same
/// segment.
public final class CreationRegistry {

    private static final Condition PENDING = STATE.is(SegmentState.PENDING);

    private final RegistryTable table;
    private final SegmentTable segments;
    private final JobRegistry jobs;
    private final AccountRegistry accounts;
    private final Clock clock;

    CreationRegistry(RegistryTable table, JobRegistry jobs, AccountRegistry accounts, Clock clock) {
        this.table = table;
        this.segments = new SegmentTable(table);
        this.jobs = jobs;
        this.accounts = accounts;
        this.clock = clock;
    }

    /// Remembers the uploaded input file, which a later attempt reuses.
    public void recordUpload(String jobId, int segment, String fileId) {
        segments.change(jobId, segment, PENDING, FILE_ID.to(fileId), FILE_UPLOADED_AT.to(clock.instant()));
    }

    /// Forgets an uploaded file that the provider no longer has.
    public void forgetFile(String jobId, int segment) {
        segments.change(
                jobId, segment, STATE.is(SegmentState.SUBMITTING), FILE_ID.removed(), FILE_UPLOADED_AT.removed());
    }

    /// Records the intent of one creation, which the caller may make until `leaseUntil`, and reserves the job's money
    /// for it.
    ///
    /// @param limit the job's limit, as the caller knows it
    /// @param createUntil when the create has certainly timed out if it is sent at once
    /// @param turn the account's turn, to be taken in the same transaction; null if creates may run concurrently
    /// @throws io.pairbatch.job.RetryableException if nothing is known of it, since it met another write or a limit
    public Intent intend(
            Fence fence,
            SegmentItem segment,
            Submission submission,
            Instant leaseUntil,
            Instant createUntil,
            @Nullable Long limit,
            AccountRegistry.@Nullable Turn turn) {
        List<Change> toSubmitting = Changes.all(
                List.of(
                        STATE.to(SegmentState.SUBMITTING),
                        INVOCATION.to(submission.token()),
                        LEASE_UNTIL.to(leaseUntil),
                        CREATE_UNTIL.to(createUntil),
                        SUBMISSIONS.to(submission.number()),
                        NOT_BEFORE.removed(),
                        BATCH_ID.removed()),
                Changes.holding(submission.bound()),
                Changes.NO_DOUBT,
                Changes.ANOTHER_BATCH);
        List<Write> writes = new ArrayList<>();
        writes.add(jobs.creating(fence, limit, submission.bound()));
        writes.add(new Write.Update(
                ITEMS,
                key(fence.jobId(), segment.index()),
                toSubmitting,
                PENDING.and(SUBMISSIONS.is(submission.number() - 1))));
        writes.add(new Write.Put(SubmissionAttributes.ITEMS, submission.row(fence.jobId()), Kind.JOB_ID.isMissing()));
        if (turn != null) {
            writes.add(accounts.take(turn, submission, leaseUntil));
        }
        Transacted made = table.transact(writes);
        if (made.done()
                || made.inTheWay(2)
                        .map(Submission::of)
                        .filter(sub -> sub.token().equals(submission.token()))
                        .isPresent()) {
            return Intent.MINE;
        }
        made.orThrowUnlessConditions();
        boolean moneyOnly = !made.refused(1)
                && !made.refused(2)
                && made.inTheWay(0).filter(job -> jobs.mayCreate(fence, job)).isPresent();
        if (moneyOnly) {
            return Intent.NO_ROOM;
        }
        boolean turnOnly = turn != null && made.refused(3) && !made.refused(0) && !made.refused(1) && !made.refused(2);
        return turnOnly ? Intent.NOT_MY_TURN : Intent.LOST;
    }

    /// Records the batch of a creation that the caller intended, or found in the provider's list.
    ///
    /// @return false if the submission had been given up as absent; nothing is recorded then
    public boolean recordCreated(String jobId, Submission submission, String batchId, SubmissionOutcome outcome) {
        return settle(null, jobId, submission, outcome, batchId, submitted(submission, batchId));
    }

    private List<Change> submitted(Submission submission, String batchId) {
        return Changes.all(
                List.of(
                        STATE.to(SegmentState.SUBMITTED),
                        BATCH_ID.to(batchId),
                        SUBMITTED_AT.to(clock.instant()),
                        OPEN_ACCOUNT.to(submission.account()),
                        LEASE_UNTIL.removed(),
                        CREATE_UNTIL.removed(),
                        ERROR_CODE.removed(),
                        ERROR_MESSAGE.removed()),
                Changes.NO_TROUBLE,
                Changes.NO_DOUBT);
    }

    /// Records that no batch was created and resets the segment, to be submitted no earlier than `notBefore`.
    public void returnToPending(Fence fence, Submission submission, SubmissionOutcome outcome, Instant notBefore) {
        settle(fence, fence.jobId(), submission, outcome, null, pendingAgain(notBefore));
    }

    private static List<Change> pendingAgain(Instant notBefore) {
        return Changes.all(
                Changes.NOTHING_HELD,
                List.of(
                        STATE.to(SegmentState.PENDING),
                        NOT_BEFORE.to(notBefore),
                        LEASE_UNTIL.removed(),
                        CREATE_UNTIL.removed()),
                Changes.NO_DOUBT);
    }

    /// What came of recording what a person knows of a create in doubt.
    public enum Decided {
        /// It is recorded.
        RECORDED,
        /// The batch is one that the registry knows already; nothing is recorded.
        OWNED,
        /// The create is not in doubt any more, or its job is being deleted; nothing is recorded.
        MOVED_ON
    }

    /// Records the batch of a create in doubt, as a person says. Unlike [#recordCreated] it takes no batch that another
    /// submission owns.
    public Decided decideCreated(String jobId, Submission submission, String batchId) {
        return decide(
                jobId,
                submission,
                SubmissionOutcome.ADOPTED,
                batchId,
                submitted(submission, batchId),
                List.of(accounts.ownedFirst(jobId, submission, batchId)));
    }

    /// Records that a create in doubt has made no batch, as a person says, and resets the segment.
    public Decided decideAbsent(String jobId, Submission submission) {
        return decide(
                jobId,
                submission,
                SubmissionOutcome.ABSENT,
                null,
                Changes.all(pendingAgain(clock.instant()), List.of(ERROR_MESSAGE.removed())),
                List.of());
    }

    private Decided decide(
            String jobId,
            Submission submission,
            SubmissionOutcome outcome,
            @Nullable String batchId,
            List<Change> changes,
            List<Write> more) {
        List<Write> writes = new ArrayList<>(settling(jobId, submission, outcome, batchId, changes));
        writes.add(Costs.write(
                jobId, batchId == null ? Costs.release(submission.bound()) : List.of(), JobRegistry.IS_KEPT));
        writes.addAll(more);
        Transacted made = table.transact(writes).orThrowUnlessConditions();
        if (made.done()) {
            return Decided.RECORDED;
        }
        boolean ownedOnly = !made.refused(0) && !made.refused(1) && !made.refused(2);
        return ownedOnly ? Decided.OWNED : Decided.MOVED_ON;
    }

    /// Has the list be read again for a create in doubt, at once.
    ///
    /// @return false if it is not in doubt any more
    public boolean lookAtOnce(String jobId, Submission submission) {
        return segments.update(
                        jobId,
                        submission.segment(),
                        isInDoubt(submission.token()),
                        List.of(STATE.to(SegmentState.SUBMITTING), LOOK_AGAIN.removed()))
                .isPresent();
    }

    /// Records that no batch was created and none will be: the segment's rows are accounted for as not submitted.
    public void recordRefused(String jobId, Submission submission, String code, String message) {
        settle(
                null,
                jobId,
                submission,
                SubmissionOutcome.REFUSED,
                null,
                Changes.all(
                        Changes.NOTHING_HELD,
                        List.of(
                                STATE.to(SegmentState.ENDED),
                                OUTCOME.to(SegmentState.NOT_SUBMITTED),
                                ERROR_CODE.to(code),
                                ERROR_MESSAGE.to(message),
                                ENDED_AT.to(clock.instant()),
                                LEASE_UNTIL.removed(),
                                CREATE_UNTIL.removed()),
                        Changes.NO_DOUBT));
    }

    /// @return false if the submission was already given up as absent
    private boolean settle(
            @Nullable Fence fence,
            String jobId,
            Submission submission,
            SubmissionOutcome outcome,
            @Nullable String batchId,
            List<Change> changes) {
        List<Write> writes = new ArrayList<>(settling(jobId, submission, outcome, batchId, changes));
        if (batchId != null) {
            writes.add(accounts.owned(jobId, submission, batchId));
        } else {
            // What it held is free again: its outcome is written once, and so is this.
            writes.add(Costs.write(
                    jobId,
                    Costs.release(submission.bound()),
                    fence == null ? JobRegistry.IS_THERE : jobs.running(fence)));
        }
        Transacted made = table.transact(writes);
        Optional<Submission> old = made.inTheWay(1).map(Submission::of);
        if (batchId != null
                && old.filter(sub -> sub.outcome() == SubmissionOutcome.ABSENT).isPresent()) {
            return false;
        }
        boolean fenced = fence != null && made.refused(2);
        boolean already = old.filter(sub -> batchId == null ? outcome == sub.outcome() : batchId.equals(sub.batchId()))
                .isPresent();
        if (!fenced && !already) {
            made.orThrow();
        }
        return true;
    }

    /// Changes a segment whose create is in doubt, and writes down what became of the create.
    private static List<Write> settling(
            String jobId,
            Submission submission,
            SubmissionOutcome outcome,
            @Nullable String batchId,
            List<Change> changes) {
        return List.of(
                new Write.Update(ITEMS, key(jobId, submission.segment()), changes, isInDoubt(submission.token())),
                new Write.Update(
                        SubmissionAttributes.ITEMS,
                        SubmissionAttributes.key(jobId, submission),
                        List.of(
                                SubmissionAttributes.OUTCOME.to(outcome),
                                SubmissionAttributes.BATCH_ID.ifKnown(batchId)),
                        SubmissionAttributes.TOKEN
                                .is(submission.token())
                                .and(SubmissionAttributes.OUTCOME.isMissing())));
    }

    /// Records that a complete and witnessed list did not show the batch in doubt; the first time is kept.
    ///
    /// @param again when to look again
    public void markAbsent(String jobId, SegmentItem segment, Instant again) {
        segments.change(
                jobId, segment.index(), isInDoubt(segment), ABSENT_SINCE.first(clock.instant()), LOOK_AGAIN.to(again));
    }

    /// Records the same for a list whose witnesses are older than the doubt.
    ///
    /// @param again when to look again
    public void markUnseen(String jobId, SegmentItem segment, Instant again) {
        segments.change(
                jobId,
                segment.index(),
                isInDoubt(segment),
                UNSEEN_SINCE.first(clock.instant()),
                LOOK_AGAIN.to(again),
                UNSEEN_LOOKS.oneMore());
    }

    /// A slow call, or one repeated by the workflow, may refer to an earlier batch of the segment.
    private static Condition isInDoubt(String token) {
        return STATE.isEither(SegmentState.SUBMITTING, SegmentState.IN_DOUBT).and(INVOCATION.is(token));
    }

    private static Condition isInDoubt(SegmentItem segment) {
        return isInDoubt(Objects.requireNonNullElse(segment.invocation(), ""));
    }

    /// Leaves the segment to a person, for now: it cannot be proven whether its batch exists.
    ///
    /// @param again when to look again anyway
    public void markInDoubt(String jobId, SegmentItem segment, String reason, Instant again) {
        segments.change(
                jobId,
                segment.index(),
                isInDoubt(segment),
                STATE.to(SegmentState.IN_DOUBT),
                ERROR_MESSAGE.to(reason),
                LOOK_AGAIN.to(again));
    }

    /// Records the batch of a submission that had been given up as absent; what that had set free is reserved once
    /// more, whatever the limit. If its segment has not been submitted again,
    /// the batch is adopted; otherwise both are paid for, and the submission records that.
    ///
    /// @return whether it was adopted
    public boolean recordLate(Fence fence, Submission submission, String batchId) {
        String jobId = fence.jobId();
        Reservation bound = submission.bound();
        Write segment = new Write.Update(
                ITEMS,
                key(jobId, submission.segment()),
                Changes.all(
                        Changes.holding(bound),
                        List.of(
                                STATE.to(SegmentState.SUBMITTED),
                                BATCH_ID.to(batchId),
                                SUBMITTED_AT.to(clock.instant()),
                                OPEN_ACCOUNT.to(submission.account()),
                                INVOCATION.to(submission.token()),
                                NOT_BEFORE.removed(),
                                ERROR_CODE.removed(),
                                ERROR_MESSAGE.removed())),
                PENDING.and(SUBMISSIONS.atLeast(submission.number())));
        Write owned = accounts.owned(jobId, submission, batchId);
        Transacted taken = table.transact(List.of(
                        segment,
                        lateOutcome(jobId, submission, batchId, SubmissionOutcome.ADOPTED),
                        owned,
                        Costs.write(jobId, Costs.reserve(bound), JobRegistry.IS_THERE)))
                .orThrowUnlessConditions();
        if (taken.done()) {
            return true;
        }
        // Fails if whoever saw it first has already recorded it. Nobody collects it, so its bound counts for good.
        table.transact(List.of(
                        lateOutcome(jobId, submission, batchId, SubmissionOutcome.LATE),
                        owned,
                        Costs.write(jobId, Costs.reserve(new Reservation(bound.nano(), false)), JobRegistry.IS_THERE)))
                .orThrowUnlessConditions();
        return false;
    }

    private static Write lateOutcome(String jobId, Submission submission, String batchId, SubmissionOutcome outcome) {
        return new Write.Update(
                SubmissionAttributes.ITEMS,
                SubmissionAttributes.key(jobId, submission),
                List.of(SubmissionAttributes.OUTCOME.to(outcome), SubmissionAttributes.BATCH_ID.to(batchId)),
                SubmissionAttributes.OUTCOME.is(SubmissionOutcome.ABSENT));
    }

    /// Records that a pending segment could not be submitted, and postpones it until `until`.
    ///
    /// @param says why, in the provider's words if there are any
    public void setAside(String jobId, int segment, String says, Instant until) {
        segments.change(
                jobId,
                segment,
                PENDING,
                SET_ASIDE_UNTIL.to(until),
                PROVIDER_SAYS.to(says),
                FAILING_SINCE.first(clock.instant()));
    }

    /// Ends a pending segment of a cancelled job: nothing of it is sent.
    public void withdraw(String jobId, SegmentItem segment, String message) {
        segments.change(
                jobId,
                segment.index(),
                PENDING,
                STATE.to(SegmentState.ENDED),
                OUTCOME.to(SegmentState.NOT_SUBMITTED),
                ERROR_MESSAGE.to(message),
                ENDED_AT.to(clock.instant()),
                ERROR_CODE.removed(),
                NOT_BEFORE.removed(),
                SET_ASIDE_UNTIL.removed());
    }

    /// Ends a pending segment for which the job's limit leaves no room, and nothing open can make any.
    ///
    /// @param limit the job's limit, as the caller knows it
    /// @param wanted what the first segment that has no room would have to reserve
    /// @return false if it has moved on, or the limit has
    public boolean giveUp(
            Fence fence, SegmentItem segment, long limit, Reservation wanted, String code, String message) {
        return table.transact(List.of(
                        new Write.Update(
                                ITEMS,
                                key(fence.jobId(), segment.index()),
                                List.of(
                                        STATE.to(SegmentState.ENDED),
                                        OUTCOME.to(SegmentState.NOT_SUBMITTED),
                                        ERROR_CODE.to(code),
                                        ERROR_MESSAGE.to(message),
                                        ENDED_AT.to(clock.instant()),
                                        NOT_BEFORE.removed(),
                                        SET_ASIDE_UNTIL.removed()),
                                PENDING),
                        new Write.Check(
                                JobAttributes.ITEMS,
                                JobAttributes.key(fence.jobId()),
                                jobs.running(fence).and(Costs.noRoomFor(limit, wanted)))))
                .orThrowUnlessConditions()
                .done();
    }

    /// Postpones a pending segment until `after`.
    public void postpone(String jobId, SegmentItem segment, Instant after) {
        segments.change(jobId, segment.index(), PENDING, NOT_BEFORE.to(after));
    }

    /// Records when a search that could not decide yet is to continue.
    public void lookAgain(String jobId, SegmentItem segment, Instant at) {
        segments.change(jobId, segment.index(), isInDoubt(segment), LOOK_AGAIN.to(at));
    }
}
