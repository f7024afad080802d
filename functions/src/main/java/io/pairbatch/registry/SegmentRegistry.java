package io.pairbatch.registry;

import static io.pairbatch.registry.Attributes.string;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Segment;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/// The SEGMENT and SUB items. A creation is intended in ONE transaction (the job is mine and RUNNING; the segment was
/// PENDING; the SUB item is new), so two functions can never both create a batch for the same segment.
public final class SegmentRegistry {

    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    /// A call that is slow, or repeated by the workflow, may know an earlier batch of the segment.
    private static final String IN_DOUBT = "#state IN (:submitting, :doubt) AND invocation = :token";
    private static final String THIS_BATCH = "#state = :submitted AND batch_id = :batch";

    private static final String UNSENT = "#state = :pending AND submissions = :none";

    /// What is noted while a segment cannot be submitted.
    private static final String TROUBLE = "set_aside_until, failing_since, provider_says";

    /// What is noted while the batch of a lost create is looked for.
    private static final String DOUBT = "absent_since, unseen_since, unseen_looks, look_again";

    private final DynamoDbClient dynamo;
    private final String table;
    private final JobRegistry jobs;
    private final AccountRegistry accounts;
    private final SegmentTroubles troubles;
    private final Clock clock;

    public SegmentRegistry(DynamoDbClient dynamo, String table, JobRegistry jobs, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.jobs = jobs;
        this.accounts = new AccountRegistry(dynamo, table, clock);
        this.troubles = new SegmentTroubles(dynamo, table, clock);
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
        try {
            dynamo.putItem(r -> r.tableName(table)
                    .item(segmentItem(jobId, segment, provider, model))
                    .conditionExpression("attribute_not_exists(job_id)")
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return segment.inputSha256().equals(new Attributes(e.item()).text("input_sha256"));
        }
    }

    private Map<String, AttributeValue> segmentItem(String jobId, Segment segment, String provider, String model) {
        int n = segment.index();
        return Attributes.empty()
                .with("job_id", jobId)
                .with("item", SegmentItem.key(n))
                .with("segment_index", n)
                .with("provider", provider)
                .with("model", model)
                .with("batch_input_path", JobFiles.input(n))
                .with("batch_output_path", JobFiles.output(n))
                .with("csv_path", JobFiles.results(n))
                .with("pairs_path", JobFiles.pairs(n))
                .with("done", false)
                .with("state", SegmentState.PENDING)
                .with("attempt", 1)
                .with("rows", segment.rows())
                .with("first_row", segment.firstRow())
                .with("last_row", segment.lastRow())
                .with("input_bytes", segment.inputBytes())
                .with("input_sha256", segment.inputSha256())
                .with("submissions", 0)
                .with("created_at", clock.instant())
                .map();
    }

    /// Registers a segment in the place of another one, of which nothing was ever sent: one that an older version has
    /// cut otherwise, before it came to the table's end.
    ///
    /// @throws IllegalStateException when something of the other one was sent
    public void replace(Fence fence, Segment segment, String provider, String model) throws FencedException {
        Put put = Put.builder()
                .tableName(table)
                .item(segmentItem(fence.jobId(), segment, provider, model))
                .conditionExpression(UNSENT)
                .expressionAttributeNames(Map.of("#state", "state"))
                .expressionAttributeValues(unsent())
                .build();
        whileSplitting(
                fence,
                segment.index(),
                TransactWriteItem.builder().put(put).build(),
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
            TransactWriteItem delete = TransactWriteItem.builder()
                    .delete(d -> d.tableName(table)
                            .key(key(fence.jobId(), SegmentItem.key(segment.index())))
                            .conditionExpression(UNSENT)
                            .expressionAttributeNames(Map.of("#state", "state"))
                            .expressionAttributeValues(unsent()))
                    .build();
            whileSplitting(
                    fence,
                    segment.index(),
                    delete,
                    "was sent, and the table has no rows for it: it ends with segment " + last);
        }
        return kept;
    }

    private void whileSplitting(Fence fence, int segment, TransactWriteItem change, String otherwise)
            throws FencedException {
        try {
            dynamo.transactWriteItems(r -> r.transactItems(item(jobs.check(fence, JobState.SPLITTING)), change));
        } catch (TransactionCanceledException e) {
            if (!conditionsOnly(e)) {
                throw e;
            }
            if (CONDITION_FAILED.equals(e.cancellationReasons().getFirst().code())) {
                throw new FencedException(fence);
            }
            throw new IllegalStateException("segment " + segment + " of " + fence.jobId() + " " + otherwise, e);
        }
    }

    private static Map<String, AttributeValue> unsent() {
        return Attributes.empty()
                .with(":pending", SegmentState.PENDING)
                .with(":none", 0)
                .map();
    }

    /// The job's segments in order. Held in memory: about 1 KB a segment, 20,000 segments at the most that a job of a
    /// billion pairs has.
    public List<SegmentItem> all(String jobId) {
        List<SegmentItem> segments = new ArrayList<>();
        query(jobId, "SEGMENT#", item -> {
            if (!new Attributes(item).has("token")) {
                segments.add(SegmentItem.of(item));
            }
        });
        return segments;
    }

    /// Segment `index` as it stands.
    public SegmentItem find(String jobId, int index) {
        Map<String, AttributeValue> item = dynamo.getItem(r -> r.tableName(table)
                        .key(key(jobId, SegmentItem.key(index)))
                        .consistentRead(true))
                .item();
        if (item.isEmpty()) {
            throw new IllegalStateException("no segment " + index + " of " + jobId);
        }
        return SegmentItem.of(item);
    }

    /// Whether a batch of the job may still be running.
    public boolean anyOpen(String jobId) {
        return all(jobId).stream()
                .anyMatch(s -> s.state() == SegmentState.SUBMITTED || s.state() == SegmentState.SUBMITTING);
    }

    /// The intended creations of one segment, oldest first.
    public List<Submission> submissions(String jobId, int segment) {
        List<Submission> found = new ArrayList<>();
        query(jobId, SegmentItem.key(segment) + "#SUB#", item -> found.add(Submission.of(item)));
        // The hundredth's key sorts before the eleventh's.
        found.sort(Comparator.comparingInt(Submission::number));
        return found;
    }

    /// The intended creations of all segments. Held in memory: about 300 bytes each.
    public List<Submission> submissions(String jobId) {
        List<Submission> found = new ArrayList<>();
        query(jobId, "SEGMENT#", item -> {
            if (new Attributes(item).has("token")) {
                found.add(Submission.of(item));
            }
        });
        return found;
    }

    private void query(String jobId, String prefix, Consumer<Map<String, AttributeValue>> each) {
        dynamo.queryPaginator(QueryRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("job_id = :job AND begins_with(#item, :prefix)")
                        .expressionAttributeNames(Map.of("#item", "item"))
                        .expressionAttributeValues(Map.of(":job", string(jobId), ":prefix", string(prefix)))
                        .build())
                .items()
                .forEach(each);
    }

    /// Remembers the uploaded input file, which a later attempt uses again.
    public void uploaded(String jobId, int segment, String fileId) {
        change(
                jobId,
                segment,
                "SET file_id = :file, file_uploaded_at = :now",
                "#state = :pending",
                Attributes.empty()
                        .with(":file", fileId)
                        .with(":now", clock.instant())
                        .with(":pending", SegmentState.PENDING));
    }

    /// Forgets an uploaded file that the provider no longer has.
    public void forgetFile(String jobId, int segment) {
        change(
                jobId,
                segment,
                "REMOVE file_id, file_uploaded_at",
                "#state = :submitting",
                Attributes.empty().with(":submitting", SegmentState.SUBMITTING));
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
        Map<String, AttributeValue> sub = submissionItem(fence.jobId(), submission);
        Update toSubmitting = segmentUpdate(
                fence.jobId(),
                segment.index(),
                "SET #state = :submitting, invocation = :token, lease_until = :lease, create_until = :until,"
                        + " submissions = :number REMOVE " + DOUBT + ", not_before, batch_id, " + SegmentTroubles.ALL,
                "#state = :pending AND submissions = :previous",
                Attributes.empty()
                        .with(":submitting", SegmentState.SUBMITTING)
                        .with(":token", submission.token())
                        .with(":lease", leaseUntil)
                        .with(":until", createUntil)
                        .with(":number", submission.number())
                        .with(":pending", SegmentState.PENDING)
                        .with(":previous", submission.number() - 1L));
        Put put = Put.builder()
                .tableName(table)
                .item(sub)
                .conditionExpression("attribute_not_exists(job_id)")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        List<TransactWriteItem> items = new ArrayList<>();
        items.add(item(jobs.runningCheck(fence)));
        items.add(item(toSubmitting));
        items.add(TransactWriteItem.builder().put(put).build());
        if (turn != null) {
            items.add(accounts.take(turn, submission, leaseUntil));
        }
        try {
            dynamo.transactWriteItems(r -> r.transactItems(items));
            return Intent.MINE;
        } catch (TransactionCanceledException e) {
            return refusedIntent(e.cancellationReasons(), submission.token());
        }
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
                "SET #state = :to, batch_id = :batch, submitted_at = :now, open_account = :account"
                        + " REMOVE lease_until, create_until, error_code, error_message, " + TROUBLE + ", " + DOUBT,
                Attributes.empty()
                        .with(":to", SegmentState.SUBMITTED)
                        .with(":batch", batchId)
                        .with(":account", submission.account())
                        .with(":now", clock.instant()));
    }

    /// Records that no batch was created and gives the segment back, to be submitted not before `notBefore`.
    public void givenBack(Fence fence, Submission submission, SubmissionOutcome outcome, Instant notBefore) {
        settle(
                fence,
                fence.jobId(),
                submission,
                outcome,
                null,
                "SET #state = :to, not_before = :after REMOVE lease_until, create_until, " + DOUBT,
                Attributes.empty().with(":to", SegmentState.PENDING).with(":after", notBefore));
    }

    /// Records that no batch was created and none will be: the segment's rows are accounted for as not submitted.
    public void refused(String jobId, Submission submission, String code, String message) {
        settle(
                null,
                jobId,
                submission,
                SubmissionOutcome.REFUSED,
                null,
                "SET #state = :to, outcome = :outcome, error_code = :code, error_message = :message, ended_at = :now"
                        + " REMOVE lease_until, create_until, " + DOUBT,
                Attributes.empty()
                        .with(":to", SegmentState.ENDED)
                        .with(":outcome", SegmentState.NOT_SUBMITTED)
                        .with(":code", code)
                        .with(":message", message)
                        .with(":now", clock.instant()));
    }

    /// @return false when the submission was given up as absent before
    private boolean settle(
            @Nullable Fence fence,
            String jobId,
            Submission submission,
            SubmissionOutcome outcome,
            @Nullable String batchId,
            String expression,
            Attributes values) {
        values.with(":token", submission.token())
                .with(":submitting", SegmentState.SUBMITTING)
                .with(":doubt", SegmentState.IN_DOUBT);
        Update segment = segmentUpdate(
                jobId,
                submission.segment(),
                expression,
                "invocation = :token AND #state IN (:submitting, :doubt)",
                values);
        Attributes subValues = Attributes.empty()
                .with(":outcome", outcome)
                .with(":token", submission.token())
                .with(":batch", batchId);
        Update subUpdate = Update.builder()
                .tableName(table)
                .key(key(jobId, SegmentItem.submissionKey(submission.segment(), submission.number())))
                .updateExpression("SET outcome = :outcome" + (batchId == null ? "" : ", batch_id = :batch"))
                .conditionExpression("#token = :token AND attribute_not_exists(outcome)")
                .expressionAttributeNames(Map.of("#token", "token"))
                .expressionAttributeValues(subValues.map())
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        List<TransactWriteItem> items = new ArrayList<>();
        items.add(item(segment));
        items.add(item(subUpdate));
        if (fence != null) {
            items.add(item(jobs.runningCheck(fence)));
        } else if (batchId != null) {
            items.add(accounts.owned(jobId, submission, batchId));
        }
        try {
            dynamo.transactWriteItems(r -> r.transactItems(items));
            return true;
        } catch (TransactionCanceledException e) {
            List<CancellationReason> reasons = e.cancellationReasons();
            boolean fenced =
                    fence != null && CONDITION_FAILED.equals(reasons.get(2).code());
            CancellationReason sub = reasons.get(1);
            if (batchId != null && sub.hasItem() && Submission.of(sub.item()).outcome() == SubmissionOutcome.ABSENT) {
                return false;
            }
            if (!fenced && !alreadySettled(reasons, outcome, batchId)) {
                throw e;
            }
            return true;
        }
    }

    private static boolean alreadySettled(
            List<CancellationReason> reasons, SubmissionOutcome outcome, @Nullable String batchId) {
        CancellationReason sub = reasons.get(1);
        if (!sub.hasItem()) {
            return false;
        }
        Submission old = Submission.of(sub.item());
        return batchId == null ? outcome == old.outcome() : batchId.equals(old.batchId());
    }

    /// Notes that a complete and witnessed listing did not show the batch in doubt; the first time stands.
    ///
    /// @param again when to look again
    public void absent(String jobId, SegmentItem segment, Instant again) {
        look(jobId, segment, "SET absent_since = if_not_exists(absent_since, :now), look_again = :again", again);
    }

    /// Notes the same of a listing whose witnesses are older than the doubt.
    ///
    /// @param again when to look again
    public void unseen(String jobId, SegmentItem segment, Instant again) {
        look(
                jobId,
                segment,
                "SET unseen_since = if_not_exists(unseen_since, :now), look_again = :again ADD unseen_looks :one",
                again);
    }

    private void look(String jobId, SegmentItem segment, String expression, Instant again) {
        Attributes values = inDoubt(segment).with(":now", clock.instant()).with(":again", again);
        change(
                jobId,
                segment.index(),
                expression,
                IN_DOUBT,
                expression.contains(":one") ? values.with(":one", 1) : values);
    }

    private static Attributes inDoubt(SegmentItem segment) {
        return Attributes.empty()
                .with(":token", known(segment.invocation()))
                .with(":submitting", SegmentState.SUBMITTING)
                .with(":doubt", SegmentState.IN_DOUBT);
    }

    /// Leaves the segment to a person, for now: whether its batch exists cannot be proven.
    ///
    /// @param again when to look again all the same
    public void doubt(String jobId, SegmentItem segment, String reason, Instant again) {
        change(
                jobId,
                segment.index(),
                "SET #state = :doubt, error_message = :reason, look_again = :again",
                IN_DOUBT,
                inDoubt(segment).with(":reason", reason).with(":again", again));
    }

    /// Records the batch of a submission that had been given up as absent. Where its segment has not been submitted
    /// again it
    /// is taken; else both are paid for, and the submission says so.
    ///
    /// @return whether it was taken
    public boolean late(Fence fence, Submission submission, String batchId) {
        String jobId = fence.jobId();
        Update segment = segmentUpdate(
                jobId,
                submission.segment(),
                "SET #state = :to, batch_id = :batch, submitted_at = :now, open_account = :account,"
                        + " invocation = :token REMOVE not_before, error_code, error_message",
                "#state = :pending AND submissions >= :number",
                Attributes.empty()
                        .with(":to", SegmentState.SUBMITTED)
                        .with(":batch", batchId)
                        .with(":account", submission.account())
                        .with(":now", clock.instant())
                        .with(":token", submission.token())
                        .with(":pending", SegmentState.PENDING)
                        .with(":number", submission.number()));
        try {
            dynamo.transactWriteItems(r -> r.transactItems(
                    item(segment),
                    item(lateOutcome(jobId, submission, batchId, SubmissionOutcome.ADOPTED)),
                    accounts.owned(jobId, submission, batchId)));
            return true;
        } catch (TransactionCanceledException e) {
            if (!conditionsOnly(e)) {
                throw e;
            }
        }
        try {
            dynamo.transactWriteItems(r -> r.transactItems(
                    item(lateOutcome(jobId, submission, batchId, SubmissionOutcome.LATE)),
                    accounts.owned(jobId, submission, batchId)));
        } catch (TransactionCanceledException e) {
            // Written down before, by whoever saw it first.
            if (!conditionsOnly(e)) {
                throw e;
            }
        }
        return false;
    }

    private Update lateOutcome(String jobId, Submission submission, String batchId, SubmissionOutcome outcome) {
        return Update.builder()
                .tableName(table)
                .key(key(jobId, SegmentItem.submissionKey(submission.segment(), submission.number())))
                .updateExpression("SET outcome = :outcome, batch_id = :batch")
                .conditionExpression("outcome = :absent")
                .expressionAttributeValues(Attributes.empty()
                        .with(":outcome", outcome)
                        .with(":batch", batchId)
                        .with(":absent", SubmissionOutcome.ABSENT)
                        .map())
                .build();
    }

    /// Records what the provider says of a batch that is not finished.
    public void progress(String jobId, SegmentItem segment, String status, long total, long completed, long failed) {
        change(
                jobId,
                segment.index(),
                "SET provider_status = :status, requests_total = :total, requests_completed = :completed,"
                        + " requests_failed = :failed, checked_at = :now REMOVE " + SegmentTroubles.UNREAD,
                THIS_BATCH,
                Attributes.empty()
                        .with(":status", status)
                        .with(":total", total)
                        .with(":completed", completed)
                        .with(":failed", failed)
                        .with(":now", clock.instant())
                        .with(":batch", known(segment.batchId()))
                        .with(":submitted", SegmentState.SUBMITTED));
    }

    /// Records a batch's end.
    public void ended(String jobId, SegmentItem segment, Ending ending) {
        change(
                jobId,
                segment.index(),
                "SET #state = :ended, outcome = :outcome, provider_status = :status, ended_at = :now,"
                        + " requests_total = :total, requests_completed = :completed, requests_failed = :failed"
                        + setIf(ending.outputFileId(), "output_file_id", ":output")
                        + setIf(ending.errorFileId(), "error_file_id", ":errors")
                        + setIf(ending.errorCode(), "error_code", ":code")
                        + setIf(ending.errorMessage(), "error_message", ":message")
                        + " REMOVE open_account, " + SegmentTroubles.UNREAD,
                THIS_BATCH,
                Attributes.empty()
                        .with(":ended", SegmentState.ENDED)
                        .with(":outcome", ending.outcome())
                        .with(":status", ending.status())
                        .with(":total", ending.total())
                        .with(":completed", ending.completed())
                        .with(":failed", ending.failed())
                        .with(":output", ending.outputFileId())
                        .with(":errors", ending.errorFileId())
                        .with(":code", ending.errorCode())
                        .with(":message", ending.errorMessage())
                        .with(":now", clock.instant())
                        .with(":batch", known(segment.batchId()))
                        .with(":submitted", SegmentState.SUBMITTED));
    }

    /// Gives a segment back whose batch the provider refused after creating it, for lack of room or of credit: nothing
    /// of it ran.
    public void backPressure(Fence fence, SegmentItem segment, String message, Instant notBefore) {
        refusedLater(
                fence,
                segment,
                "SET #state = :pending, not_before = :after, error_message = :message,"
                        + " provider_says = :message REMOVE open_account, batch_id,"
                        + " provider_status ADD bounces :one",
                Attributes.empty().with(":message", message).with(":after", notBefore));
    }

    /// Gives a segment back whose batch was created and then did not find its input file, which is forgotten: the next
    /// batch is made of another one. Others need not wait for it.
    public void inputNotFound(Fence fence, SegmentItem segment, String message, Instant until) {
        refusedLater(
                fence,
                segment,
                "SET #state = :pending, set_aside_until = :after, error_message = :message,"
                        + " provider_says = :message REMOVE open_account, batch_id, provider_status, file_id,"
                        + " file_uploaded_at ADD file_failures :one",
                Attributes.empty().with(":message", message).with(":after", until));
    }

    private void refusedLater(Fence fence, SegmentItem segment, String expression, Attributes values) {
        Update update = segmentUpdate(
                fence.jobId(),
                segment.index(),
                expression,
                THIS_BATCH,
                values.with(":pending", SegmentState.PENDING)
                        .with(":one", 1)
                        .with(":batch", known(segment.batchId()))
                        .with(":submitted", SegmentState.SUBMITTED));
        try {
            dynamo.transactWriteItems(r -> r.transactItems(item(update), item(jobs.runningCheck(fence))));
        } catch (TransactionCanceledException e) {
            if (!conditionsOnly(e)) {
                throw e;
            }
        }
    }

    /// The time at which the segment's output is taken as received: set by the first call, the same ever after.
    public Instant received(String jobId, int segment) {
        Map<String, AttributeValue> item = dynamo.updateItem(r -> r.tableName(table)
                        .key(key(jobId, SegmentItem.key(segment)))
                        .updateExpression("SET received_at = if_not_exists(received_at, :now)")
                        .conditionExpression("attribute_exists(job_id)")
                        .expressionAttributeValues(
                                Attributes.empty().with(":now", clock.instant()).map())
                        .returnValues("ALL_NEW"))
                .attributes();
        Instant received = SegmentItem.of(item).receivedAt();
        return received == null ? clock.instant() : received;
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
                "SET #state = :outcome, done = :done, observed = :observed, failed = :failed, copies = :copies",
                "#state = :ended",
                Attributes.empty()
                        .with(":outcome", outcome)
                        .with(":copies", copies)
                        .with(":done", true)
                        .with(":observed", observed)
                        .with(":failed", failed)
                        .with(":ended", SegmentState.ENDED));
    }

    /// Writes down a submission that the registry has forgotten, with what became of it.
    ///
    /// @param lease until when its create may be under way, where nothing is known of its outcome
    /// @param standing whether an earlier submission's batch was recorded, which stands where this one made none
    public void restore(Fence fence, Submission submission, Instant lease, boolean standing) {
        String jobId = fence.jobId();
        SubmissionOutcome outcome = submission.outcome();
        boolean exists = submission.batchId() != null;
        Attributes values =
                Attributes.empty().with(":number", submission.number()).with(":token", submission.token());
        String expression = "SET submissions = :number, invocation = :token, #state = :to";
        if (exists) {
            expression += ", batch_id = :batch, submitted_at = :at, open_account = :account REMOVE lease_until";
            values.with(":batch", submission.batchId())
                    .with(":at", submission.createdAt())
                    .with(":account", submission.account())
                    .with(":to", SegmentState.SUBMITTED);
        } else if (outcome == null) {
            expression += ", lease_until = :lease REMOVE batch_id, open_account";
            values.with(":lease", lease).with(":to", SegmentState.SUBMITTING);
        } else {
            expression += standing ? " REMOVE lease_until" : " REMOVE batch_id, open_account, lease_until";
            values.with(":to", standing ? SegmentState.SUBMITTED : SegmentState.PENDING);
        }
        expression += ", " + DOUBT + ", create_until, not_before, error_code, error_message, " + SegmentTroubles.ALL;
        Update segment = segmentUpdate(jobId, submission.segment(), expression, "submissions < :number", values);
        List<TransactWriteItem> items = new ArrayList<>();
        items.add(item(segment));
        items.add(TransactWriteItem.builder()
                .put(p -> p.tableName(table).item(submissionItem(jobId, submission)))
                .build());
        items.add(item(jobs.runningCheck(fence)));
        String batch = submission.batchId();
        if (batch != null) {
            items.add(accounts.owned(jobId, submission, batch));
        }
        try {
            dynamo.transactWriteItems(r -> r.transactItems(items));
        } catch (TransactionCanceledException e) {
            if (!conditionsOnly(e)) {
                throw e;
            }
        }
    }

    /// Writes down that a segment is accounted for, which the registry has forgotten.
    public void restore(String jobId, int segment, CollectedSegment collected) {
        change(
                jobId,
                segment,
                "SET #state = :to, done = :done, observed = :observed, failed = :failed"
                        + setIf(collected.batchId(), "batch_id", ":batch")
                        + setIf(collected.providerStatus(), "provider_status", ":status")
                        + (collected.submittedAt() == null ? "" : ", submitted_at = :submitted")
                        + (collected.endedAt() == null ? "" : ", ended_at = :ended")
                        + (collected.receivedAt() == null ? "" : ", received_at = :received")
                        + " REMOVE open_account, lease_until",
                "attribute_exists(job_id) AND #state <> :to",
                Attributes.empty()
                        .with(":to", collected.state())
                        .with(":done", true)
                        .with(":observed", collected.observed())
                        .with(":failed", collected.failed())
                        .with(":batch", collected.batchId())
                        .with(":status", collected.providerStatus())
                        .with(":submitted", collected.submittedAt())
                        .with(":ended", collected.endedAt())
                        .with(":received", collected.receivedAt()));
    }

    private static Map<String, AttributeValue> submissionItem(String jobId, Submission submission) {
        Attributes item = Attributes.empty()
                .with("job_id", jobId)
                .with("item", SegmentItem.submissionKey(submission.segment(), submission.number()))
                .with("segment_index", submission.segment())
                .with("number", submission.number())
                .with("token", submission.token())
                .with("file_id", submission.fileId())
                .with("account", submission.account())
                .with("created_at", submission.createdAt())
                .with("batch_id", submission.batchId());
        SubmissionOutcome outcome = submission.outcome();
        return (outcome == null ? item : item.with("outcome", outcome)).map();
    }

    /// Records an attempt at deleting what the provider holds of a segment.
    ///
    /// @param copies what became of it; DUE when it is to be tried again
    /// @param left the ids that the provider still holds
    public void deletionTried(String jobId, SegmentItem segment, SegmentItem.Copies copies, List<String> left) {
        change(
                jobId,
                segment.index(),
                "SET copies = :copies, deletions = :deletions, copies_left = :left",
                "copies = :due AND #state = :state",
                Attributes.empty()
                        .with(":copies", copies)
                        .with(":deletions", segment.deletions() + 1L)
                        .with(":left", String.join(" ", left))
                        .with(":due", SegmentItem.Copies.DUE)
                        .with(":state", segment.state()));
    }

    /// A change whose condition no longer holds is dropped: the segment has moved on, so it is no longer wanted.
    private void change(String jobId, int segment, String expression, String condition, Attributes values) {
        Update update = segmentUpdate(jobId, segment, expression, condition, values);
        try {
            dynamo.updateItem(r -> r.tableName(table)
                    .key(update.key())
                    .updateExpression(update.updateExpression())
                    .conditionExpression(update.conditionExpression())
                    .expressionAttributeNames(update.expressionAttributeNames())
                    .expressionAttributeValues(update.expressionAttributeValues()));
        } catch (ConditionalCheckFailedException e) {
            return;
        }
    }

    private Update segmentUpdate(String jobId, int segment, String expression, String condition, Attributes values) {
        return Update.builder()
                .tableName(table)
                .key(key(jobId, SegmentItem.key(segment)))
                .updateExpression(expression)
                .conditionExpression(condition)
                .expressionAttributeNames(Map.of("#state", "state"))
                .expressionAttributeValues(values.map())
                .build();
    }

    private static Intent refusedIntent(List<CancellationReason> reasons, String token) {
        CancellationReason put = reasons.get(2);
        if (put.hasItem() && token.equals(new Attributes(put.item()).text("token"))) {
            return Intent.MINE;
        }
        boolean turnOnly = reasons.size() > 3
                && CONDITION_FAILED.equals(reasons.get(3).code())
                && reasons.subList(0, 3).stream().noneMatch(r -> CONDITION_FAILED.equals(r.code()));
        return turnOnly ? Intent.NOT_MY_TURN : Intent.LOST;
    }

    /// Notes that a pending segment could not be submitted, and leaves it alone until `until`.
    ///
    /// @param says why, in the provider's words where it has said any
    public void setAside(String jobId, int segment, String says, Instant until) {
        change(
                jobId,
                segment,
                "SET set_aside_until = :until, provider_says = :says,"
                        + " failing_since = if_not_exists(failing_since, :now)",
                "#state = :pending",
                Attributes.empty()
                        .with(":until", until)
                        .with(":says", says)
                        .with(":now", clock.instant())
                        .with(":pending", SegmentState.PENDING));
    }

    /// Leaves a pending segment alone until `after`.
    public void postpone(String jobId, SegmentItem segment, Instant after) {
        change(
                jobId,
                segment.index(),
                "SET not_before = :after",
                "#state = :pending",
                Attributes.empty().with(":after", after).with(":pending", SegmentState.PENDING));
    }

    /// Notes when a search that could not decide yet is to go on.
    public void lookAgain(String jobId, SegmentItem segment, Instant at) {
        change(
                jobId,
                segment.index(),
                "SET look_again = :at",
                IN_DOUBT,
                inDoubt(segment).with(":at", at));
    }

    private static boolean conditionsOnly(TransactionCanceledException e) {
        return e.cancellationReasons().stream()
                .allMatch(r -> "None".equals(r.code()) || CONDITION_FAILED.equals(r.code()));
    }

    private static String known(@Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }

    private static String setIf(@Nullable String value, String name, String placeholder) {
        return value == null ? "" : ", " + name + " = " + placeholder;
    }

    private static TransactWriteItem item(ConditionCheck check) {
        return TransactWriteItem.builder().conditionCheck(check).build();
    }

    private static TransactWriteItem item(Update update) {
        return TransactWriteItem.builder().update(update).build();
    }

    private static Map<String, AttributeValue> key(String jobId, String item) {
        return Map.of("job_id", string(jobId), "item", string(item));
    }
}
