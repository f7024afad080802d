package io.pairbatch.registry;

import static io.pairbatch.registry.Attributes.string;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// A job's items while the job is being deleted: how far that is, kept in the JOB item, which goes last.
public final class DeletionRegistry {

    private static final String SEGMENTS = "SEGMENT#";
    private static final String MINE = "#state = :deleting AND epoch = :epoch";
    private static final String FORGOTTEN = "forgotten";
    private static final int AT_ONCE = 25;

    private final DynamoDbClient dynamo;
    private final String table;
    private final Clock clock;

    public DeletionRegistry(DynamoDbClient dynamo, String table, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.clock = clock;
    }

    /// What is done first.
    public enum Phase {
        PROVIDER,
        OBJECTS,
        REGISTRY
    }

    /// What has been removed so far.
    public record Removed(
            long versions, long markers, long uploads, long inboxVersions, long inboxMarkers, long items) {

        public static final Removed NOTHING = new Removed(0, 0, 0, 0, 0, 0);
    }

    /// A JOB item that is to go.
    ///
    /// @param previousOwner who acted for it before, and may not have noticed
    /// @param updatedAt when the item was last changed
    /// @param since when its deletion began
    /// @param quietFrom when nobody writes for it any more who began before the deletion
    /// @param inboxKept why not all that was dropped is removed; empty when it is
    public record Doomed(
            String jobId,
            JobState state,
            String owner,
            long epoch,
            String backend,
            String sourceBucket,
            String sourceKey,
            String sourceVersion,
            String previousOwner,
            @Nullable Instant updatedAt,
            @Nullable Instant since,
            @Nullable Instant quietFrom,
            Phase phase,
            Removed removed,
            String inboxKept) {

        static Doomed of(Map<String, AttributeValue> item) {
            Attributes a = new Attributes(item);
            return new Doomed(
                    a.required("job_id"),
                    JobState.valueOf(a.required("state")),
                    a.required("owner"),
                    a.number("epoch", 0),
                    Objects.requireNonNullElse(a.text("backend"), "unknown"),
                    Objects.requireNonNullElse(a.text("source_bucket"), ""),
                    Objects.requireNonNullElse(a.text("source_key"), ""),
                    Objects.requireNonNullElse(a.text("source_version"), ""),
                    Objects.requireNonNullElse(a.text("previous_owner"), ""),
                    a.time("updated_at"),
                    a.time("deleting_since"),
                    a.time("quiet_from"),
                    Phase.valueOf(Objects.requireNonNullElse(a.text("deletion_phase"), "PROVIDER")),
                    new Removed(
                            a.number("removed_versions", 0),
                            a.number("removed_markers", 0),
                            a.number("removed_uploads", 0),
                            a.number("removed_inbox_versions", 0),
                            a.number("removed_inbox_markers", 0),
                            a.number("removed_items", 0)),
                    Objects.requireNonNullElse(a.text("inbox_kept"), ""));
        }

        public Doomed in(Phase next) {
            return new Doomed(
                    jobId,
                    state,
                    owner,
                    epoch,
                    backend,
                    sourceBucket,
                    sourceKey,
                    sourceVersion,
                    previousOwner,
                    updatedAt,
                    since,
                    quietFrom,
                    next,
                    removed,
                    inboxKept);
        }

        public Doomed with(Removed sum, String kept) {
            return new Doomed(
                    jobId,
                    state,
                    owner,
                    epoch,
                    backend,
                    sourceBucket,
                    sourceKey,
                    sourceVersion,
                    previousOwner,
                    updatedAt,
                    since,
                    quietFrom,
                    phase,
                    sum,
                    kept);
        }
    }

    /// A SEGMENT item of such a job.
    ///
    /// @param cancelAsked whether its batch has been asked to stop
    /// @param forgotten what became of its files and batches at the provider, JSON; null until that is settled
    public record DoomedSegment(
            SegmentItem segment,
            boolean cancelAsked,
            @Nullable String forgotten) {}

    public Optional<Doomed> find(String jobId) {
        Map<String, AttributeValue> item = dynamo.getItem(
                        r -> r.tableName(table).key(key(jobId, JobRegistry.JOB)).consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(Doomed.of(item));
    }

    /// Takes the job from whoever acts for it: with the next epoch, so that the other is fenced, and in a state that
    /// nobody takes over.
    ///
    /// @param quietFrom when nobody writes for it any more who began before
    /// @return nothing when the job has moved meanwhile
    public Optional<Doomed> begin(Doomed job, Instant quietFrom) {
        Attributes values = Attributes.empty()
                .with(":deleting", JobState.DELETING)
                .with(":owner", "deletion of " + job.jobId())
                .with(":previous", job.owner())
                .with(":next", job.epoch() + 1)
                .with(":epoch", job.epoch())
                .with(":quiet", quietFrom)
                .with(":now", clock.instant());
        try {
            return Optional.of(Doomed.of(dynamo.updateItem(r -> r.tableName(table)
                            .key(key(job.jobId(), JobRegistry.JOB))
                            .updateExpression("SET #state = :deleting, #owner = :owner, previous_owner = :previous,"
                                    + " epoch = :next, deleting_since = :now, quiet_from = :quiet,"
                                    + " updated_at = :now")
                            .conditionExpression("epoch = :epoch")
                            .expressionAttributeNames(Map.of("#state", "state", "#owner", "owner"))
                            .expressionAttributeValues(values.map())
                            .returnValues("ALL_NEW"))
                    .attributes()));
        } catch (ConditionalCheckFailedException e) {
            return Optional.empty();
        }
    }

    /// Writes down how far the deletion is.
    public void save(Doomed job) {
        Removed removed = job.removed();
        Attributes values = Attributes.empty()
                .with(":phase", job.phase())
                .with(":versions", removed.versions())
                .with(":markers", removed.markers())
                .with(":uploads", removed.uploads())
                .with(":inboxVersions", removed.inboxVersions())
                .with(":inboxMarkers", removed.inboxMarkers())
                .with(":items", removed.items())
                .with(":kept", job.inboxKept())
                .with(":now", clock.instant())
                .with(":deleting", JobState.DELETING)
                .with(":epoch", job.epoch());
        dynamo.updateItem(r -> r.tableName(table)
                .key(key(job.jobId(), JobRegistry.JOB))
                .updateExpression(
                        "SET deletion_phase = :phase, removed_versions = :versions, removed_markers = :markers,"
                                + " removed_uploads = :uploads, removed_inbox_versions = :inboxVersions,"
                                + " removed_inbox_markers = :inboxMarkers, removed_items = :items, inbox_kept = :kept,"
                                + " updated_at = :now")
                .conditionExpression(MINE)
                .expressionAttributeNames(Map.of("#state", "state"))
                .expressionAttributeValues(values.map()));
    }

    /// The job's segments in order; in memory about 1 KB each, as in [SegmentRegistry#all].
    public List<DoomedSegment> segments(String jobId) {
        List<DoomedSegment> segments = new ArrayList<>();
        dynamo.queryPaginator(segmentsQuery(jobId).build()).items().forEach(item -> {
            Attributes a = new Attributes(item);
            if (!a.has("token")) {
                segments.add(new DoomedSegment(SegmentItem.of(item), a.has("cancel_asked"), a.text(FORGOTTEN)));
            }
        });
        return segments;
    }

    /// Notes that a segment's batch was asked to stop.
    public void cancelAsked(String jobId, int segment) {
        set(jobId, segment, "cancel_asked", clock.instant().toString());
    }

    /// Notes what became of what the provider held of a segment.
    public void forgotten(String jobId, int segment, String json) {
        set(jobId, segment, FORGOTTEN, json);
    }

    private void set(String jobId, int segment, String name, String value) {
        dynamo.updateItem(r -> r.tableName(table)
                .key(key(jobId, SegmentItem.key(segment)))
                .updateExpression("SET " + name + " = :value")
                .conditionExpression("attribute_exists(job_id)")
                .expressionAttributeValues(Map.of(":value", string(value))));
    }

    /// Some of the job's segments and submissions.
    ///
    /// @param items how many were read
    /// @param forgotten what became of what the provider held, of each segment among them
    /// @param next where to go on; null at the end
    public record Page(
            int items, List<String> forgotten, @Nullable String next) {}

    /// The items after `after`, 500 at most.
    ///
    /// @param after null from the start
    public Page page(String jobId, @Nullable String after) {
        QueryRequest.Builder query = segmentsQuery(jobId).limit(500);
        if (after != null) {
            query.exclusiveStartKey(key(jobId, after));
        }
        QueryResponse answer = dynamo.query(query.build());
        List<String> forgotten = answer.items().stream()
                .map(item -> new Attributes(item).text(FORGOTTEN))
                .filter(Objects::nonNull)
                .toList();
        AttributeValue last =
                answer.hasLastEvaluatedKey() ? answer.lastEvaluatedKey().get("item") : null;
        return new Page(answer.items().size(), forgotten, last == null ? null : last.s());
    }

    /// Removes 25 of the job's segments and submissions.
    ///
    /// @return how many there were
    public int removeItems(String jobId) {
        List<WriteRequest> requests = dynamo
                .query(segmentsQuery(jobId).limit(AT_ONCE).build())
                .items()
                .stream()
                .limit(AT_ONCE)
                .map(item -> WriteRequest.builder()
                        .deleteRequest(d -> d.key(
                                key(new Attributes(item).required("job_id"), new Attributes(item).required("item"))))
                        .build())
                .toList();
        Map<String, List<WriteRequest>> left = requests.isEmpty() ? Map.of() : Map.of(table, requests);
        while (!left.isEmpty()) {
            Map<String, List<WriteRequest>> batch = left;
            left = dynamo.batchWriteItem(r -> r.requestItems(batch)).unprocessedItems();
        }
        return requests.size();
    }

    /// Removes the JOB item, after which there is no job.
    public void finish(Doomed job) {
        dynamo.deleteItem(r -> r.tableName(table)
                .key(key(job.jobId(), JobRegistry.JOB))
                .conditionExpression(MINE)
                .expressionAttributeNames(Map.of("#state", "state"))
                .expressionAttributeValues(Attributes.empty()
                        .with(":deleting", JobState.DELETING)
                        .with(":epoch", job.epoch())
                        .map()));
    }

    /// Other jobs whose table lies under `prefix` of the same bucket. Reads the index of all jobs, page by page.
    public List<Doomed> others(Doomed job, String prefix) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":kind", string(JobRegistry.JOB));
        values.put(":bucket", string(job.sourceBucket()));
        values.put(":prefix", string(prefix));
        List<Doomed> others = new ArrayList<>();
        dynamo.queryPaginator(QueryRequest.builder()
                        .tableName(table)
                        .indexName("jobs-by-time")
                        .keyConditionExpression("kind = :kind")
                        .filterExpression("source_bucket = :bucket AND begins_with(source_key, :prefix)")
                        .expressionAttributeValues(values)
                        .build())
                .items()
                .forEach(item -> others.add(Doomed.of(item)));
        others.removeIf(other -> other.jobId().equals(job.jobId()));
        return others;
    }

    private QueryRequest.Builder segmentsQuery(String jobId) {
        return QueryRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .keyConditionExpression("job_id = :job AND begins_with(#item, :prefix)")
                .expressionAttributeNames(Map.of("#item", "item"))
                .expressionAttributeValues(Map.of(":job", string(jobId), ":prefix", string(SEGMENTS)));
    }

    private static Map<String, AttributeValue> key(String jobId, String item) {
        return Map.of("job_id", string(jobId), "item", string(item));
    }
}
