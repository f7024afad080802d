package io.pairbatch.registry;

import static io.pairbatch.registry.Attributes.number;
import static io.pairbatch.registry.Attributes.string;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// The JOB items: who acts for a job, and where it stands. Each write is conditional on the owner and the epoch; a
/// write
/// that is refused because its own first attempt had succeeded counts as success.
public final class JobRegistry {

    static final String JOB = "JOB";
    private static final String MINE = "#owner = :owner AND epoch = :epoch";

    private final DynamoDbClient dynamo;
    private final String table;
    private final Clock clock;

    public JobRegistry(DynamoDbClient dynamo, String table, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.clock = clock;
    }

    /// Claims the job for execution `owner`: creates it, takes it over when its owner is gone or the job had stopped,
    /// or
    /// says whose it is.
    ///
    /// @param alive whether the execution with this ARN is running
    public Claim claim(NewJob job, String owner, Predicate<String> alive) {
        String now = clock.instant().toString();
        Map<String, AttributeValue> item = Attributes.empty()
                .with("job_id", job.jobId())
                .with("item", JOB)
                .with("kind", JOB)
                .with("state", JobState.SPLITTING)
                .with("owner", owner)
                .with("epoch", 1)
                .with("name", job.name())
                .with("backend", job.backend())
                .with("model", job.model())
                .with("source_bucket", job.sourceBucket())
                .with("source_key", job.sourceKey())
                .with("source_version", job.sourceVersion())
                .with("source_size", job.sourceSize())
                .with("created_at", job.createdAt())
                .with("updated_at", now)
                .map();
        try {
            dynamo.putItem(r -> r.tableName(table)
                    .item(item)
                    .conditionExpression("attribute_not_exists(job_id)")
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Claim.Mine(JobItem.of(item));
        } catch (ConditionalCheckFailedException e) {
            return claimExisting(JobItem.of(e.item()), owner, alive);
        }
    }

    private Claim claimExisting(JobItem old, String owner, Predicate<String> alive) {
        if (old.owner().equals(owner)) {
            return new Claim.Mine(old);
        }
        if (old.state() == JobState.DELETING) {
            return new Claim.Taken(old);
        }
        if (old.state() == JobState.DONE || old.state() == JobState.CANCELLED) {
            return new Claim.Finished(old);
        }
        if (old.state().active() && alive.test(old.owner())) {
            return new Claim.Taken(old);
        }
        return take(old.jobId(), owner, old.epoch() + 1);
    }

    /// Takes the job for `owner` as its `epoch`-th, which must be one more than the present one.
    public Claim take(String jobId, String owner, long epoch) {
        try {
            Map<String, AttributeValue> item = dynamo.updateItem(r -> r.tableName(table)
                            .key(key(jobId))
                            .updateExpression("SET #owner = :owner, epoch = :epoch, updated_at = :now")
                            .conditionExpression("epoch = :previous AND #state <> :deleting")
                            .expressionAttributeNames(Map.of("#owner", "owner", "#state", "state"))
                            .expressionAttributeValues(Map.of(
                                    ":deleting", string(JobState.DELETING.name()),
                                    ":owner", string(owner),
                                    ":epoch", number(epoch),
                                    ":previous", number(epoch - 1),
                                    ":now", string(clock.instant().toString())))
                            .returnValues("ALL_NEW")
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                    .attributes();
            return new Claim.Mine(JobItem.of(item));
        } catch (ConditionalCheckFailedException e) {
            if (!e.hasItem()) {
                throw new IllegalStateException("no job " + jobId, e);
            }
            JobItem old = JobItem.of(e.item());
            return old.owner().equals(owner) ? new Claim.Mine(old) : new Claim.Taken(old);
        }
    }

    /// Tells every job, newest first; the index may be a moment behind the table.
    public void each(Consumer<JobItem> job) {
        dynamo.queryPaginator(QueryRequest.builder()
                        .tableName(table)
                        .indexName("jobs-by-time")
                        .keyConditionExpression("kind = :kind")
                        .expressionAttributeValues(Map.of(":kind", string(JOB)))
                        .scanIndexForward(false)
                        .build())
                .items()
                .forEach(item -> job.accept(JobItem.of(item)));
    }

    /// Notes that the job's next execution is about to be started.
    ///
    /// @return false when the job has another owner or state by now, or one was started less than `gap` ago
    public boolean revive(JobItem job, Duration gap) {
        Instant now = clock.instant();
        try {
            dynamo.updateItem(r -> r.tableName(table)
                    .key(key(job.jobId()))
                    .updateExpression("SET revived_at = :now")
                    .conditionExpression("epoch = :epoch AND #state = :state"
                            + " AND (attribute_not_exists(revived_at) OR revived_at <= :before)")
                    .expressionAttributeNames(Map.of("#state", "state"))
                    .expressionAttributeValues(Attributes.empty()
                            .with(":now", now)
                            .with(":state", job.state())
                            .with(":epoch", job.epoch())
                            .with(":before", now.minus(gap))
                            .map()));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /// Takes a finished job for `owner` as its `epoch`-th, to judge more of its rows.
    ///
    /// @param limit how many in all; 0 for every one
    public Claim extend(String jobId, String owner, long epoch, int limit) {
        AttributeValue raised = AttributeValue.fromL(List.of(number(limit)));
        try {
            Map<String, AttributeValue> item = dynamo.updateItem(r -> r.tableName(table)
                            .key(key(jobId))
                            .updateExpression("SET #owner = :owner, epoch = :epoch, updated_at = :now, #state = :to,"
                                    + " split_done = :no, segments_before = #segments, sample_of = rows_accepted,"
                                    + " limits = list_append(if_not_exists(limits, :none), :raised)"
                                    + " REMOVE finished_at, merging_at, stray_look")
                            .conditionExpression("epoch = :previous AND #state = :done")
                            .expressionAttributeNames(
                                    Map.of("#owner", "owner", "#state", "state", "#segments", "segments"))
                            .expressionAttributeValues(Attributes.empty()
                                    .with(":owner", owner)
                                    .with(":epoch", epoch)
                                    .with(":previous", epoch - 1)
                                    .with(":now", clock.instant())
                                    .with(":to", JobState.SPLITTING)
                                    .with(":done", JobState.DONE)
                                    .with(":no", false)
                                    .with(":none", AttributeValue.fromL(List.of()))
                                    .with(":raised", raised)
                                    .map())
                            .returnValues("ALL_NEW")
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                    .attributes();
            return new Claim.Mine(JobItem.of(item));
        } catch (ConditionalCheckFailedException e) {
            JobItem old = JobItem.of(e.item());
            return old.owner().equals(owner) ? new Claim.Mine(old) : new Claim.Taken(old);
        }
    }

    /// Writes down limits that the registry has forgotten; the split goes on from its beginning.
    public void restoreLimits(Fence fence, List<Integer> limits) throws FencedException {
        update(
                fence,
                Map.of(
                        "limits",
                        AttributeValue.fromL(
                                limits.stream().map(Attributes::number).toList()),
                        "split_done",
                        AttributeValue.fromBool(false)),
                "segments_before");
    }

    /// The job as it stands, if there is one.
    public Optional<JobItem> find(String jobId) {
        Map<String, AttributeValue> item = dynamo.getItem(GetItemRequest.builder()
                        .tableName(table)
                        .key(key(jobId))
                        .consistentRead(true)
                        .build())
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(JobItem.of(item));
    }

    /// The job as it stands.
    ///
    /// @throws FencedException when it is not the fence's
    public JobItem require(Fence fence) throws FencedException {
        return find(fence.jobId())
                .filter(job -> job.owner().equals(fence.owner()) && job.epoch() == fence.epoch())
                .orElseThrow(() -> new FencedException(fence));
    }

    /// Moves the job to `state`; an earlier error is cleared.
    public void move(Fence fence, JobState state) throws FencedException {
        update(fence, Map.of("state", string(state.name())), "error_code", "error_message");
    }

    /// Moves the job to SPLITTING, at the beginning of a split.
    ///
    /// @param version of Pairbatch that splits it
    /// @return false when the split is done
    public boolean splitting(Fence fence, String version) throws FencedException {
        Map<String, AttributeValue> values = fenceValues(fence);
        values.put(":now", string(clock.instant().toString()));
        values.put(":splitting", string(JobState.SPLITTING.name()));
        values.put(":version", string(version));
        values.put(":no", AttributeValue.fromBool(false));
        try {
            dynamo.updateItem(r -> r.tableName(table)
                    .key(key(fence.jobId()))
                    .updateExpression("SET updated_at = :now, #state = :splitting, split_version = :version"
                            + " REMOVE error_code, error_message")
                    .conditionExpression(MINE + " AND (attribute_not_exists(split_done) OR split_done = :no)")
                    .expressionAttributeNames(Map.of("#owner", "owner", "#state", "state"))
                    .expressionAttributeValues(values)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return true;
        } catch (ConditionalCheckFailedException e) {
            ours(fence, e);
            return false;
        }
    }

    /// Records how far the split has come. A call that was given up may still be splitting when its repetition is done
    /// and the job is RUNNING, or further: what it says then is not news.
    ///
    /// @param done whether every segment is registered; the job is RUNNING then
    public void splitProgress(
            Fence fence, long rowsRead, long rowsAccepted, long rowsRejected, int segments, boolean done)
            throws FencedException {
        Map<String, AttributeValue> values = fenceValues(fence);
        values.put(":now", string(clock.instant().toString()));
        values.put(":read", number(rowsRead));
        values.put(":accepted", number(rowsAccepted));
        values.put(":rejected", number(rowsRejected));
        values.put(":segments", number(segments));
        values.put(":splitting", string(JobState.SPLITTING.name()));
        String update = "SET updated_at = :now, rows_read = :read, rows_accepted = :accepted,"
                + " rows_rejected = :rejected, #segments = :segments";
        if (done) {
            values.put(":yes", AttributeValue.fromBool(true));
            values.put(":running", string(JobState.RUNNING.name()));
            update += ", split_done = :yes, #state = :running REMOVE error_code, error_message";
        }
        String expression = update;
        try {
            dynamo.updateItem(r -> r.tableName(table)
                    .key(key(fence.jobId()))
                    .updateExpression(expression)
                    .conditionExpression(MINE + " AND #state = :splitting")
                    .expressionAttributeNames(Map.of("#owner", "owner", "#segments", "segments", "#state", "state"))
                    .expressionAttributeValues(values)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
        } catch (ConditionalCheckFailedException e) {
            if (!new Attributes(ours(fence, e)).flag("split_done")) {
                throw new FencedException(fence);
            }
        }
    }

    /// Moves the job to MERGING.
    ///
    /// @return when it first got there, which stands for the job's end in every file
    public Instant merging(Fence fence) throws FencedException {
        move(fence, JobState.MERGING);
        Map<String, AttributeValue> item = dynamo.updateItem(r -> r.tableName(table)
                        .key(key(fence.jobId()))
                        .updateExpression("SET merging_at = if_not_exists(merging_at, :now)")
                        .conditionExpression("attribute_exists(job_id)")
                        .expressionAttributeValues(
                                Attributes.empty().with(":now", clock.instant()).map())
                        .returnValues("ALL_NEW"))
                .attributes();
        return Objects.requireNonNull(new Attributes(item).time("merging_at"));
    }

    /// Ends the job with its counts.
    public void finish(Fence fence, long observed, long failed, @Nullable String costUsd) throws FencedException {
        Map<String, AttributeValue> set = new HashMap<>(Map.of(
                "state", string(JobState.DONE.name()),
                "observed", number(observed),
                "failed", number(failed),
                "finished_at", string(clock.instant().toString())));
        if (costUsd != null) {
            set.put("cost_usd", string(costUsd));
        }
        update(fence, set);
    }

    /// Stops the job in `state` with an error.
    public void stop(Fence fence, JobState state, String errorCode, String errorMessage) throws FencedException {
        update(
                fence,
                Map.of(
                        "state", string(state.name()),
                        "error_code", string(errorCode),
                        "error_message", string(errorMessage)));
    }

    /// Writes down which batches at the provider nobody owns.
    public void noteStrays(Fence fence, StrayBatches strays) throws FencedException {
        Map<String, AttributeValue> set = new HashMap<>(Map.of(
                "strays",
                AttributeValue.fromL(
                        strays.ids().stream().map(Attributes::string).toList()),
                "stray_count",
                number(strays.count())));
        if (strays.looked() != null) {
            set.put("stray_look", string(strays.looked()));
        }
        update(fence, set);
    }

    /// Marks that the job's preflight is about to be sent.
    ///
    /// @param token names this attempt
    /// @return whether it is ours to send; false where another call has sent it
    /// @throws FencedException also when the job is not RUNNING
    public boolean startPreflight(Fence fence, String token) throws FencedException {
        Map<String, AttributeValue> values = fenceValues(fence);
        values.put(":running", string(JobState.RUNNING.name()));
        values.put(":started", string(PreflightMark.STARTED.name()));
        values.put(":token", string(token));
        values.put(":now", string(clock.instant().toString()));
        try {
            dynamo.updateItem(r -> r.tableName(table)
                    .key(key(fence.jobId()))
                    .updateExpression("SET preflight = :started, preflight_token = :token, updated_at = :now")
                    .conditionExpression(MINE + " AND #state = :running AND attribute_not_exists(preflight)")
                    .expressionAttributeNames(Map.of("#owner", "owner", "#state", "state"))
                    .expressionAttributeValues(values)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return true;
        } catch (ConditionalCheckFailedException e) {
            // The first attempt's answer may have been lost on its way to the SDK.
            Attributes old = new Attributes(ours(fence, e));
            boolean running = JobState.RUNNING.name().equals(old.text("state"));
            if (!running || !old.has("preflight")) {
                throw new FencedException(fence);
            }
            return token.equals(old.text("preflight_token"));
        }
    }

    /// Records what came of the preflight.
    ///
    /// @param token of the attempt; null for whichever is marked as started
    /// @param mark null where it was refused, so that it may be made again
    /// @param says the outcome in one line, for people
    public void endPreflight(Fence fence, @Nullable String token, @Nullable PreflightMark mark, String says)
            throws FencedException {
        Map<String, AttributeValue> values = fenceValues(fence);
        values.put(":started", string(PreflightMark.STARTED.name()));
        values.put(":now", string(clock.instant().toString()));
        String update = "SET updated_at = :now REMOVE preflight, preflight_token, preflight_says";
        if (mark != null) {
            values.put(":mark", string(mark.name()));
            values.put(":says", string(says));
            update = "SET updated_at = :now, preflight = :mark, preflight_says = :says";
        }
        String mine = MINE + " AND preflight = :started";
        if (token != null) {
            values.put(":token", string(token));
            mine += " AND preflight_token = :token";
        }
        String expression = update;
        String condition = mine;
        try {
            dynamo.updateItem(r -> r.tableName(table)
                    .key(key(fence.jobId()))
                    .updateExpression(expression)
                    .conditionExpression(condition)
                    .expressionAttributeNames(Map.of("#owner", "owner"))
                    .expressionAttributeValues(values)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
        } catch (ConditionalCheckFailedException e) {
            // Recorded already: by ourselves, or by a call that took this one for dead.
            ours(fence, e);
        }
    }

    /// The item that a condition did not hold for, if it is the fence's all the same.
    private static Map<String, AttributeValue> ours(Fence fence, ConditionalCheckFailedException e)
            throws FencedException {
        Map<String, AttributeValue> item = e.hasItem() ? e.item() : Map.of();
        Attributes old = new Attributes(item);
        if (!fence.owner().equals(old.text("owner")) || old.number("epoch", 0) != fence.epoch()) {
            throw new FencedException(fence);
        }
        return item;
    }

    private void update(Fence fence, Map<String, AttributeValue> set, String... remove) throws FencedException {
        Map<String, String> names = new LinkedHashMap<>(Map.of("#owner", "owner"));
        Map<String, AttributeValue> values = fenceValues(fence);
        StringBuilder expression = new StringBuilder("SET updated_at = :now");
        values.put(":now", string(clock.instant().toString()));
        set.forEach((name, value) -> {
            names.put("#" + name, name);
            values.put(":" + name, value);
            expression.append(", #").append(name).append(" = :").append(name);
        });
        if (remove.length > 0) {
            expression.append(" REMOVE ").append(String.join(", ", remove));
        }
        try {
            dynamo.updateItem(r -> r.tableName(table)
                    .key(key(fence.jobId()))
                    .updateExpression(expression.toString())
                    .conditionExpression(MINE)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values));
        } catch (ConditionalCheckFailedException e) {
            throw new FencedException(fence);
        }
    }

    /// The part of a transaction that holds only while the job is the fence's and RUNNING.
    ConditionCheck runningCheck(Fence fence) {
        return check(fence, JobState.RUNNING);
    }

    /// The part of a transaction that holds only while the job is the fence's and in this state.
    ConditionCheck check(Fence fence, JobState state) {
        Map<String, AttributeValue> values = fenceValues(fence);
        values.put(":wanted", string(state.name()));
        return ConditionCheck.builder()
                .tableName(table)
                .key(key(fence.jobId()))
                .conditionExpression(MINE + " AND #state = :wanted")
                .expressionAttributeNames(Map.of("#owner", "owner", "#state", "state"))
                .expressionAttributeValues(values)
                .build();
    }

    /// Notes that a folder waits for its other files, so that it is seen; the note goes when the folder's job is
    /// claimed.
    public void noteWaiting(String waitingId, String name, String bucket, String key, String why) {
        dynamo.putItem(r -> r.tableName(table)
                .item(Attributes.empty()
                        .with("job_id", waitingId)
                        .with("item", JOB)
                        .with("kind", JOB)
                        .with("state", JobState.WAITING_FOR_SPEC)
                        .with("owner", "none")
                        .with("epoch", 0)
                        .with("name", name)
                        .with("source_bucket", bucket)
                        .with("source_key", key)
                        .with("error_message", why)
                        .with("created_at", clock.instant())
                        .with("updated_at", clock.instant())
                        .map()));
    }

    /// Removes the note of [#noteWaiting].
    public void forgetWaiting(String waitingId) {
        dynamo.deleteItem(r -> r.tableName(table).key(key(waitingId)));
    }

    private static Map<String, AttributeValue> fenceValues(Fence fence) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":owner", string(fence.owner()));
        values.put(":epoch", number(fence.epoch()));
        return values;
    }

    private static Map<String, AttributeValue> key(String jobId) {
        return Map.of("job_id", string(jobId), "item", string(JOB));
    }
}
