package io.pairbatch.cli.job;

import io.pairbatch.registry.StrayBatches;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// The registry in DynamoDB. Holds one page of items (1 MB) at a time, however many segments a job has.
public final class DynamoJobSource implements JobSource {

    private static final List<String> JOB_ATTRIBUTES = List.of(
            "job_id",
            "item",
            "state",
            "created_at",
            "updated_at",
            "finished_at",
            "source_key",
            "source_version",
            "backend",
            "model",
            "rows_read",
            "rows_accepted",
            "rows_rejected",
            "segments",
            "split_done",
            "observed",
            "failed",
            "error_code",
            "error_message",
            "preflight_says",
            "strays",
            "stray_count");
    private static final List<String> SEGMENT_ATTRIBUTES = List.of(
            "done",
            "rows",
            "requests_total",
            "requests_completed",
            "requests_failed",
            "observed",
            "failed",
            "provider_says",
            "batch_id",
            "provider_status",
            "submitted_at",
            "create_until",
            "look_again",
            "lease_until",
            "set_aside_until",
            "not_before");
    private static final String SEGMENT = "SEGMENT#";
    private static final int TROUBLES = 5;

    private final DynamoDbClient dynamo;
    private final String table;

    public DynamoJobSource(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    @Override
    public Optional<JobSnapshot> read(String jobId) {
        QueryRequest request = projecting(JOB_ATTRIBUTES, SEGMENT_ATTRIBUTES)
                .keyConditionExpression("#job_id = :job")
                .expressionAttributeValues(Map.of(":job", AttributeValue.fromS(jobId)))
                .build();
        return snapshot(items(request));
    }

    /// The items of one job put together; nothing when its JOB item is not among them.
    static Optional<JobSnapshot> snapshot(Iterable<Map<String, AttributeValue>> items) {
        @Nullable Job job = null;
        @Nullable String strays = null;
        SegmentTotals totals = SegmentTotals.NONE;
        List<String> troubles = new ArrayList<>();
        Waits waits = Waits.NONE;
        for (Map<String, AttributeValue> item : items) {
            String kind = string(item, "item", "");
            if (kind.equals("JOB")) {
                job = job(item);
                strays = strays(item);
            } else if (kind.startsWith(SEGMENT) && !kind.contains("#SUB#")) {
                int index = Integer.parseInt(kind.substring(SEGMENT.length()));
                totals = plusSegment(totals, item);
                waits = waits.plus(waiting(index, item));
                @Nullable String says = string(item, "provider_says");
                if (says != null && !bool(item, "done") && troubles.size() < TROUBLES) {
                    troubles.add("segment " + index + ": " + says);
                }
            }
        }
        return job == null ? Optional.empty() : Optional.of(new JobSnapshot(job, totals, troubles, waits, strays));
    }

    @Override
    public void visitNewestFirst(Predicate<Job> visitor) {
        Map<String, String> names = names(JOB_ATTRIBUTES);
        QueryRequest request = projecting(JOB_ATTRIBUTES, List.of())
                .indexName("jobs-by-time")
                .expressionAttributeNames(plus(names, "#kind", "kind"))
                .keyConditionExpression("#kind = :kind")
                .expressionAttributeValues(Map.of(":kind", AttributeValue.fromS("JOB")))
                .scanIndexForward(false)
                .build();
        for (Map<String, AttributeValue> item : items(request)) {
            if (!visitor.test(job(item))) {
                return;
            }
        }
    }

    /// Every item that the query finds, one page in memory at a time.
    private Iterable<Map<String, AttributeValue>> items(QueryRequest first) {
        return () -> new PagedItems(first, this::page);
    }

    private QueryResponse page(QueryRequest request) {
        return AwsErrors.explaining("reading the registry", () -> dynamo.query(request));
    }

    private QueryRequest.Builder projecting(List<String> job, List<String> segment) {
        Map<String, String> names = names(job);
        names.putAll(names(segment));
        return QueryRequest.builder()
                .tableName(table)
                .expressionAttributeNames(names)
                .projectionExpression(String.join(", ", names.keySet()));
    }

    private static Map<String, String> names(List<String> attributes) {
        return attributes.stream().collect(Collectors.toMap(a -> "#" + a, a -> a, (a, b) -> a, java.util.TreeMap::new));
    }

    private static Map<String, String> plus(Map<String, String> names, String alias, String name) {
        names.put(alias, name);
        return names;
    }

    /// A collected segment is counted by its own results: the provider is not asked any more once a batch has ended.
    private static SegmentTotals plusSegment(SegmentTotals totals, Map<String, AttributeValue> item) {
        String state = string(item, "state", "");
        boolean collected = state.equals("COLLECTED");
        long rows = number(item, "rows");
        return totals.plus(
                state,
                bool(item, "done"),
                rows,
                collected ? rows : number(item, "requests_total"),
                number(item, collected ? "observed" : "requests_completed"),
                number(item, collected ? "failed" : "requests_failed"));
    }

    private static Waits.Segment waiting(int index, Map<String, AttributeValue> item) {
        @Nullable Instant again = instant(item, "look_again");
        return new Waits.Segment(
                index,
                string(item, "state", ""),
                string(item, "batch_id"),
                string(item, "provider_status"),
                instant(item, "submitted_at"),
                again == null ? instant(item, "create_until") : again,
                instant(item, "lease_until"),
                instant(item, "set_aside_until"),
                instant(item, "not_before"));
    }

    private static @Nullable String strays(Map<String, AttributeValue> item) {
        int count = Math.toIntExact(number(item, "stray_count"));
        @Nullable AttributeValue ids = item.get("strays");
        return count == 0 || ids == null
                ? null
                : new StrayBatches(ids.l().stream().map(AttributeValue::s).toList(), count, null).describe();
    }

    private static Job job(Map<String, AttributeValue> item) {
        return new Job(
                string(item, "job_id", ""),
                JobState.of(string(item, "state", "")),
                instant(item, "created_at"),
                string(item, "updated_at"),
                instant(item, "finished_at"),
                string(item, "source_key"),
                string(item, "source_version"),
                string(item, "backend"),
                string(item, "model"),
                number(item, "rows_read"),
                number(item, "rows_accepted"),
                number(item, "rows_rejected"),
                Math.toIntExact(number(item, "segments")),
                bool(item, "split_done"),
                number(item, "observed"),
                number(item, "failed"),
                string(item, "error_code"),
                string(item, "error_message"),
                string(item, "preflight_says"));
    }

    private static @Nullable String string(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    private static String string(Map<String, AttributeValue> item, String name, String absent) {
        @Nullable String value = string(item, name);
        return value == null ? absent : value;
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : new java.math.BigDecimal(value.n()).longValue();
    }

    private static boolean bool(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value != null && Boolean.TRUE.equals(value.bool());
    }

    private static @Nullable Instant instant(Map<String, AttributeValue> item, String name) {
        @Nullable String value = string(item, name);
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeParseException e) {
            return null; // a time that cannot be read is shown as unknown, no more depends on it
        }
    }
}
