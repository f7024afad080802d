package io.pairbatch.registry;

import static io.pairbatch.registry.Attributes.string;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// Reads the registry for people: jobs by time, a job by its id or the beginning of it, what its segments come to.
/// Writes nothing.
public final class JobIndex {

    private static final String BY_TIME = "jobs-by-time";
    private static final List<String> KEYS = List.of("job_id", "item", "kind", "created_at");

    private final DynamoDbClient dynamo;
    private final String table;

    public JobIndex(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /// Some jobs.
    ///
    /// @param next where the next page begins, for [#page]; null when this is the last one
    public record Page(List<JobRecord> jobs, @Nullable Map<String, String> next) {}

    /// The job with this id.
    public Optional<JobRecord> find(String jobId) {
        Map<String, AttributeValue> item = dynamo.getItem(r -> r.tableName(table)
                        .key(Map.of("job_id", string(jobId), "item", string(JobRegistry.JOB)))
                        .consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(JobRecord.of(item));
    }

    /// Jobs, the newest first; `limit` at most.
    ///
    /// @param after the page before's `next`; null from the newest on
    public Page page(int limit, @Nullable Map<String, String> after) {
        QueryRequest.Builder request = newestFirst().limit(limit);
        if (after != null) {
            request.exclusiveStartKey(startKey(after));
        }
        QueryResponse response = dynamo.query(request.build());
        List<JobRecord> jobs = response.items().stream().map(JobRecord::of).toList();
        return new Page(jobs, response.hasLastEvaluatedKey() ? token(response.lastEvaluatedKey()) : null);
    }

    /// The newest jobs whose id begins with `prefix`, the newest first; `most` at most. Reads all jobs when there are
    /// fewer, a page of 1 MB at a time.
    public List<JobRecord> beginningWith(String prefix, int most) {
        List<JobRecord> found = new ArrayList<>();
        QueryRequest request = newestFirst()
                .filterExpression("begins_with(job_id, :prefix)")
                .expressionAttributeValues(Map.of(":job", string(JobRegistry.JOB), ":prefix", string(prefix)))
                .build();
        for (Map<String, AttributeValue> item : dynamo.queryPaginator(request).items()) {
            found.add(JobRecord.of(item));
            if (found.size() == most) {
                break;
            }
        }
        return found;
    }

    /// What the job's segments come to. A page of 1 MB of items is held at a time.
    public SegmentCounts segments(String jobId) {
        SegmentCounts counts = new SegmentCounts();
        dynamo.queryPaginator(QueryRequest.builder()
                        .tableName(table)
                        .keyConditionExpression("job_id = :job AND begins_with(#item, :prefix)")
                        .projectionExpression("#item, #state, #token, requests_completed, requests_failed")
                        .expressionAttributeNames(Map.of("#item", "item", "#state", "state", "#token", "token"))
                        .expressionAttributeValues(Map.of(":job", string(jobId), ":prefix", string("SEGMENT#")))
                        .build())
                .items()
                .forEach(counts::add);
        return counts;
    }

    private QueryRequest.Builder newestFirst() {
        return QueryRequest.builder()
                .tableName(table)
                .indexName(BY_TIME)
                .keyConditionExpression("kind = :job")
                .expressionAttributeValues(Map.of(":job", string(JobRegistry.JOB)))
                .scanIndexForward(false);
    }

    private static Map<String, AttributeValue> startKey(Map<String, String> token) {
        Attributes key = Attributes.empty();
        KEYS.forEach(name -> key.with(name, token.get(name)));
        if (key.map().size() != KEYS.size() || !JobRegistry.JOB.equals(token.get("kind"))) {
            throw new IllegalArgumentException("not the beginning of a page");
        }
        return key.map();
    }

    private static Map<String, String> token(Map<String, AttributeValue> key) {
        Attributes values = new Attributes(key);
        Map<String, String> token = new TreeMap<>();
        KEYS.forEach(name -> token.put(name, values.required(name)));
        return token;
    }
}
