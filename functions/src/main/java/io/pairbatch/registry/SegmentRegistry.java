package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Segment;
import io.pairbatch.registry.RegistryTable.Transacted;
import io.pairbatch.registry.RegistryTable.Written;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The SEGMENT and SUB items. A creation is intended in ONE transaction (the job is mine and RUNNING; the segment was
/// PENDING; the SUB item is new), so two functions can never both create a batch for the same segment.
public final class SegmentRegistry {

    private static final Condition PENDING = STATE.is(SegmentState.PENDING);
    private static final Condition UNSENT = PENDING.and(SUBMISSIONS.is(0));

    private final RegistryTable table;
    private final JobRegistry jobs;
    private final AccountRegistry accounts;
    private final SegmentTroubles troubles;
    private final Clock clock;

    public SegmentRegistry(DynamoDbClient dynamo, String table, JobRegistry jobs, Clock clock) {
        this.table = new RegistryTable(dynamo, table);
        this.jobs = jobs;
        this.accounts = new AccountRegistry(dynamo, table, clock);
        this.troubles = new SegmentTroubles(this.table, clock);
        this.clock = clock;
    }

    /// What is known of the accounts that the batches are made with.
    public AccountRegistry accounts() {
        return accounts;
    }

    /// The jobs that the segments are of.
    public JobRegistry jobs() {
        return jobs;
    }

    /// What stands in the way of segments.
    public SegmentTroubles troubles() {
        return troubles;
    }

    /// Registers a written segment. The same segment again changes nothing.
    ///
    /// @return false when there is another one under the same number
    public boolean register(String jobId, Segment segment, String provider, String model) {
        Written written = table.put(ITEMS, row(jobId, segment, provider, model), Kind.JOB_ID.isMissing());
        return written.done()
                || segment.inputSha256().equals(written.required().get(INPUT_SHA256));
    }

    private Row row(String jobId, Segment segment, String provider, String model) {
        int n = segment.index();
        return new Row()
                .with(Kind.JOB_ID, jobId)
                .with(Kind.ITEM, SegmentItem.key(n))
                .with(SEGMENT_INDEX, n)
                .with(PROVIDER, provider)
                .with(MODEL, model)
                .with(BATCH_INPUT_PATH, JobFiles.input(n))
                .with(BATCH_OUTPUT_PATH, JobFiles.output(n))
                .with(CSV_PATH, JobFiles.results(n))
                .with(PAIRS_PATH, JobFiles.pairs(n))
                .with(DONE, false)
                .with(STATE, SegmentState.PENDING)
                .with(ATTEMPT, 1)
                .with(ROWS, segment.rows())
                .with(FIRST_ROW, segment.firstRow())
                .with(LAST_ROW, segment.lastRow())
                .with(INPUT_BYTES, segment.inputBytes())
                .with(INPUT_SHA256, segment.inputSha256())
                .with(SUBMISSIONS, 0)
                .with(CREATED_AT, clock.instant());
    }

    /// Registers a segment in the place of another one, of which nothing was ever sent: one that an older version has
    /// cut otherwise, before it came to the table's end.
    ///
    /// @throws IllegalStateException when something of the other one was sent
    public void replace(Fence fence, Segment segment, String provider, String model) throws FencedException {
        whileSplitting(
                fence,
                segment.index(),
                new Write.Put(ITEMS, row(fence.jobId(), segment, provider, model), UNSENT),
                "was split differently before, and that one was sent");
    }

    /// Removes the segments after the last one, which an older version has cut and never sent.
    ///
    /// @return the others
    /// @throws IllegalStateException when something of one was sent
    public List<SegmentItem> dropAfter(Fence fence, int last) throws FencedException {
        List<SegmentItem> kept = new ArrayList<>();
        for (SegmentItem segment : all(fence.jobId())) {
            if (segment.index() <= last) {
                kept.add(segment);
                continue;
            }
            whileSplitting(
                    fence,
                    segment.index(),
                    new Write.Delete(ITEMS, key(fence.jobId(), segment.index()), UNSENT),
                    "was sent, and the table has no rows for it: it ends with segment " + last);
        }
        return kept;
    }

    private void whileSplitting(Fence fence, int segment, Write change, String otherwise) throws FencedException {
        Transacted made = table.transact(List.of(jobs.check(fence, JobState.SPLITTING), change))
                .orThrowUnlessConditions();
        if (made.refused(0)) {
            throw new FencedException(fence);
        }
        if (!made.done()) {
            throw new IllegalStateException("segment " + segment + " of " + fence.jobId() + " " + otherwise);
        }
    }

    /// The job's segments in order. Held in memory: about 1 KB a segment, 20,000 segments at the most that a job of a
    /// billion pairs has.
    public List<SegmentItem> all(String jobId) {
        List<SegmentItem> segments = new ArrayList<>();
        table.each(ITEMS, jobId, PREFIX, IS_SEGMENT, row -> segments.add(SegmentItem.of(row)));
        return segments;
    }

    /// Segment `index` as it stands.
    public SegmentItem find(String jobId, int index) {
        return table.find(ITEMS, key(jobId, index))
                .map(SegmentItem::of)
                .orElseThrow(() -> new IllegalStateException("no segment " + index + " of " + jobId));
    }

    /// Whether a batch of the job may still be running.
    public boolean anyOpen(String jobId) {
        return all(jobId).stream()
                .anyMatch(s -> s.state() == SegmentState.SUBMITTED || s.state() == SegmentState.SUBMITTING);
    }

    /// The intended creations of one segment, oldest first.
    public List<Submission> submissions(String jobId, int segment) {
        List<Submission> found = submissions(jobId, SegmentItem.key(segment) + "#SUB#");
        // The hundredth's key sorts before the eleventh's.
        found.sort(Comparator.comparingInt(Submission::number));
        return found;
    }

    /// The intended creations of all segments. Held in memory: about 300 bytes each.
    public List<Submission> submissions(String jobId) {
        return submissions(jobId, PREFIX);
    }

    private List<Submission> submissions(String jobId, String prefix) {
        List<Submission> found = new ArrayList<>();
        table.each(
                SubmissionAttributes.ITEMS,
                jobId,
                prefix,
                SubmissionAttributes.TOKEN.exists(),
                row -> found.add(Submission.of(row)));
        return found;
    }

    /// Remembers the uploaded input file, which a later attempt uses again.
    public void uploaded(String jobId, int segment, String fileId) {
        change(jobId, segment, PENDING, FILE_ID.to(fileId), FILE_UPLOADED_AT.to(clock.instant()));
    }

    /// Forgets an uploaded file that the provider no longer has.
    public void forgetFile(String jobId, int segment) {
        change(
                jobId,
                segment,
                STATE.is(SegmentState.SUBMITTING),
                FILE_ID.removed(),
                FILE_UPLOADED_AT.removed());
    }

    /// Intends one creation, which the caller may make until `leaseUntil`.
    ///
    /// @param createUntil when the create's own time is over, if it is sent at once
    /// @param turn the account's turn, to be taken in the same transaction; null where creates may be side by side
    public Intent intend(
            Fence fence,
            SegmentItem segment,
            Submission submission,
            Instant leaseUntil,
            Instant createUntil,
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
                Changes.NO_DOUBT,
                Changes.ANOTHER_BATCH);
        List<Write> writes = new ArrayList<>();
        writes.add(jobs.runningCheck(fence));
        writes.add(new Write.Update(
                ITEMS,
                key(fence.jobId(), segment.index()),
                toSubmitting,
                PENDING.and(SUBMISSIONS.is(submission.number() - 1))));
        writes.add(new Write.Put(
                SubmissionAttributes.ITEMS, submission.row(fence.jobId()), Kind.JOB_ID.isMissing()));
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
        boolean turnOnly = turn != null && made.refused(3) && !made.refused(0) && !made.refused(1) && !made.refused(2);
        return turnOnly ? Intent.NOT_MY_TURN : Intent.LOST;
    }

    /// Records the batch of a creation that the caller intended, or found in the provider's list.
    ///
    /// @return false when the submission had been given up as absent, and nothing was recorded
    public boolean created(String jobId, Submission submission, String batchId, SubmissionOutcome outcome) {
        return settle(
                null,
                jobId,
                submission,
                outcome,
                batchId,
                Changes.all(
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
                        Changes.NO_DOUBT));
    }

    /// Records that no batch was created and gives the segment back, to be submitted not before `notBefore`.
    public void givenBack(Fence fence, Submission submission, SubmissionOutcome outcome, Instant notBefore) {
        settle(
                fence,
                fence.jobId(),
                submission,
                outcome,
                null,
                Changes.all(
                        List.of(
                                STATE.to(SegmentState.PENDING),
                                NOT_BEFORE.to(notBefore),
                                LEASE_UNTIL.removed(),
                                CREATE_UNTIL.removed()),
                        Changes.NO_DOUBT));
    }

    /// Records that no batch was created and none will be: the segment's rows are accounted for as not submitted.
    public void refused(String jobId, Submission submission, String code, String message) {
        settle(
                null,
                jobId,
                submission,
                SubmissionOutcome.REFUSED,
                null,
                Changes.all(
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

    /// @return false when the submission was given up as absent before
    private boolean settle(
            @Nullable Fence fence,
            String jobId,
            Submission submission,
            SubmissionOutcome outcome,
            @Nullable String batchId,
            List<Change> changes) {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Update(
                ITEMS, key(jobId, submission.segment()), changes, isInDoubt(submission.token())));
        writes.add(new Write.Update(
                SubmissionAttributes.ITEMS,
                SubmissionAttributes.key(jobId, submission),
                List.of(
                        SubmissionAttributes.OUTCOME.to(outcome), SubmissionAttributes.BATCH_ID.ifKnown(batchId)),
                SubmissionAttributes.TOKEN.is(submission.token()).and(SubmissionAttributes.OUTCOME.isMissing())));
        if (fence != null) {
            writes.add(jobs.runningCheck(fence));
        } else if (batchId != null) {
            writes.add(accounts.owned(jobId, submission, batchId));
        }
        Transacted made = table.transact(writes);
        Optional<Submission> old = made.inTheWay(1).map(Submission::of);
        if (batchId != null && old.filter(sub -> sub.outcome() == SubmissionOutcome.ABSENT).isPresent()) {
            return false;
        }
        boolean fenced = fence != null && made.refused(2);
        boolean already = old.filter(
                        sub -> batchId == null ? outcome == sub.outcome() : batchId.equals(sub.batchId()))
                .isPresent();
        if (!fenced && !already) {
            made.orThrow();
        }
        return true;
    }

    /// Notes that a complete and witnessed listing did not show the batch in doubt; the first time stands.
    ///
    /// @param again when to look again
    public void absent(String jobId, SegmentItem segment, Instant again) {
        change(
                jobId,
                segment.index(),
                isInDoubt(segment),
                ABSENT_SINCE.first(clock.instant()),
                LOOK_AGAIN.to(again));
    }

    /// Notes the same of a listing whose witnesses are older than the doubt.
    ///
    /// @param again when to look again
    public void unseen(String jobId, SegmentItem segment, Instant again) {
        change(
                jobId,
                segment.index(),
                isInDoubt(segment),
                UNSEEN_SINCE.first(clock.instant()),
                LOOK_AGAIN.to(again),
                UNSEEN_LOOKS.oneMore());
    }

    /// A call that is slow, or repeated by the workflow, may know an earlier batch of the segment.
    private static Condition isInDoubt(String token) {
        return STATE.in(SegmentState.SUBMITTING, SegmentState.IN_DOUBT).and(INVOCATION.is(token));
    }

    private static Condition isInDoubt(SegmentItem segment) {
        return isInDoubt(Objects.requireNonNullElse(segment.invocation(), ""));
    }

    /// Leaves the segment to a person, for now: whether its batch exists cannot be proven.
    ///
    /// @param again when to look again all the same
    public void doubt(String jobId, SegmentItem segment, String reason, Instant again) {
        change(
                jobId,
                segment.index(),
                isInDoubt(segment),
                STATE.to(SegmentState.IN_DOUBT),
                ERROR_MESSAGE.to(reason),
                LOOK_AGAIN.to(again));
    }

    /// Records the batch of a submission that had been given up as absent. Where its segment has not been submitted
    /// again it is taken; else both are paid for, and the submission says so.
    ///
    /// @return whether it was taken
    public boolean late(Fence fence, Submission submission, String batchId) {
        String jobId = fence.jobId();
        Write segment = new Write.Update(
                ITEMS,
                key(jobId, submission.segment()),
                List.of(
                        STATE.to(SegmentState.SUBMITTED),
                        BATCH_ID.to(batchId),
                        SUBMITTED_AT.to(clock.instant()),
                        OPEN_ACCOUNT.to(submission.account()),
                        INVOCATION.to(submission.token()),
                        NOT_BEFORE.removed(),
                        ERROR_CODE.removed(),
                        ERROR_MESSAGE.removed()),
                PENDING.and(SUBMISSIONS.atLeast(submission.number())));
        Write owned = accounts.owned(jobId, submission, batchId);
        Transacted taken = table.transact(List.of(
                        segment, lateOutcome(jobId, submission, batchId, SubmissionOutcome.ADOPTED), owned))
                .orThrowUnlessConditions();
        if (taken.done()) {
            return true;
        }
        // Refused where whoever saw it first has written it down.
        table.transact(List.of(lateOutcome(jobId, submission, batchId, SubmissionOutcome.LATE), owned))
                .orThrowUnlessConditions();
        return false;
    }

    private static Write lateOutcome(
            String jobId, Submission submission, String batchId, SubmissionOutcome outcome) {
        return new Write.Update(
                SubmissionAttributes.ITEMS,
                SubmissionAttributes.key(jobId, submission),
                List.of(SubmissionAttributes.OUTCOME.to(outcome), SubmissionAttributes.BATCH_ID.to(batchId)),
                SubmissionAttributes.OUTCOME.is(SubmissionOutcome.ABSENT));
    }

    /// Records what the provider says of a batch that is not finished.
    public void progress(String jobId, SegmentItem segment, String status, long total, long completed, long failed) {
        table.change(
                ITEMS,
                key(jobId, segment.index()),
                Changes.all(
                        List.of(
                                PROVIDER_STATUS.to(status),
                                REQUESTS_TOTAL.to(total),
                                REQUESTS_COMPLETED.to(completed),
                                REQUESTS_FAILED.to(failed),
                                CHECKED_AT.to(clock.instant())),
                        Changes.READ),
                SegmentTroubles.thisBatch(segment));
    }

    /// Records a batch's end.
    public void ended(String jobId, SegmentItem segment, Ending ending) {
        table.change(
                ITEMS,
                key(jobId, segment.index()),
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
                        Changes.READ),
                SegmentTroubles.thisBatch(segment));
    }

    /// Gives a segment back whose batch the provider refused after creating it, for lack of room or of credit: nothing
    /// of it ran.
    public void backPressure(Fence fence, SegmentItem segment, String message, Instant notBefore) {
        refusedLater(fence, segment, message, NOT_BEFORE.to(notBefore), BOUNCES.oneMore());
    }

    /// Gives a segment back whose batch was created and then did not find its input file, which is forgotten: the next
    /// batch is made of another one. Others need not wait for it.
    public void inputNotFound(Fence fence, SegmentItem segment, String message, Instant until) {
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
                                ITEMS,
                                key(fence.jobId(), segment.index()),
                                all,
                                SegmentTroubles.thisBatch(segment)),
                        jobs.runningCheck(fence)))
                .orThrowUnlessConditions();
    }

    /// The time at which the segment's output is taken as received: set by the first call, the same ever after.
    public Instant received(String jobId, int segment) {
        return table.update(
                        ITEMS,
                        key(jobId, segment),
                        List.of(RECEIVED_AT.first(clock.instant())),
                        Kind.JOB_ID.exists())
                .required()
                .require(RECEIVED_AT);
    }

    /// Records that every row of the segment is in a result file.
    ///
    /// @param copies DUE when what the provider holds lies in S3 as a whole, and is to be deleted there
    public void collected(
            String jobId,
            SegmentItem segment,
            SegmentState outcome,
            long observed,
            long failed,
            SegmentItem.Copies copies) {
        change(
                jobId,
                segment.index(),
                STATE.is(SegmentState.ENDED),
                STATE.to(outcome),
                DONE.to(true),
                OBSERVED.to(observed),
                FAILED.to(failed),
                COPIES.to(copies));
    }

    /// Writes down a submission that the registry has forgotten, with what became of it.
    ///
    /// @param lease until when its create may be under way, where nothing is known of its outcome
    /// @param standing whether an earlier submission's batch was recorded, which stands where this one made none
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
                    STATE.to(SegmentState.PENDING),
                    LEASE_UNTIL.removed(),
                    BATCH_ID.removed(),
                    OPEN_ACCOUNT.removed());
        }
        List<Change> changes = Changes.all(
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

    /// Writes down that a segment is accounted for, which the registry has forgotten.
    public void restore(String jobId, int segment, CollectedSegment collected) {
        change(
                jobId,
                segment,
                Kind.JOB_ID.exists().and(STATE.isNot(collected.state())),
                STATE.to(collected.state()),
                DONE.to(true),
                OBSERVED.to(collected.observed()),
                FAILED.to(collected.failed()),
                BATCH_ID.ifKnown(collected.batchId()),
                PROVIDER_STATUS.ifKnown(collected.providerStatus()),
                SUBMITTED_AT.ifKnown(collected.submittedAt()),
                ENDED_AT.ifKnown(collected.endedAt()),
                RECEIVED_AT.ifKnown(collected.receivedAt()),
                OPEN_ACCOUNT.removed(),
                LEASE_UNTIL.removed());
    }

    /// Records an attempt at deleting what the provider holds of a segment.
    ///
    /// @param copies what became of it; DUE when it is to be tried again
    /// @param left the ids that the provider still holds
    public void deletionTried(String jobId, SegmentItem segment, SegmentItem.Copies copies, List<String> left) {
        change(
                jobId,
                segment.index(),
                COPIES.is(SegmentItem.Copies.DUE).and(STATE.is(segment.state())),
                COPIES.to(copies),
                DELETIONS.to(segment.deletions() + 1),
                COPIES_LEFT.to(String.join(" ", left)));
    }

    /// Notes that a pending segment could not be submitted, and leaves it alone until `until`.
    ///
    /// @param says why, in the provider's words where it has said any
    public void setAside(String jobId, int segment, String says, Instant until) {
        change(
                jobId,
                segment,
                PENDING,
                SET_ASIDE_UNTIL.to(until),
                PROVIDER_SAYS.to(says),
                FAILING_SINCE.first(clock.instant()));
    }

    /// Leaves a pending segment alone until `after`.
    public void postpone(String jobId, SegmentItem segment, Instant after) {
        change(jobId, segment.index(), PENDING, NOT_BEFORE.to(after));
    }

    /// Notes when a search that could not decide yet is to go on.
    public void lookAgain(String jobId, SegmentItem segment, Instant at) {
        change(jobId, segment.index(), isInDoubt(segment), LOOK_AGAIN.to(at));
    }

    /// A change whose condition no longer holds is dropped: the segment has moved on, so it is no longer wanted.
    private void change(String jobId, int segment, Condition condition, Change... changes) {
        table.change(ITEMS, key(jobId, segment), List.of(changes), condition);
    }
}
