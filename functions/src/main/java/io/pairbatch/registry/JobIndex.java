package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.ITEMS;
import static io.pairbatch.registry.JobAttributes.JOB;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Reads the registry for people: jobs by time, a job by its id or the beginning of it, what its segments come to.
/// Writes nothing.
public final class JobIndex {

    private static final Set<String> KEYS = Set.of("job_id", "item", "kind", "created_at");

    private final RegistryTable table;

    public JobIndex(DynamoDbClient dynamo, String table) {
        this.table = new RegistryTable(dynamo, table);
    }

    /// Some jobs.
    ///
    /// @param next where the next page begins, for [#page]; null when this is the last one
    public record Page(List<JobRecord> jobs, @Nullable Map<String, String> next) {}

    /// The job with this id.
    public Optional<JobRecord> find(String jobId) {
        return table.find(ITEMS, JobAttributes.key(jobId)).map(JobRecord::of);
    }

    /// Jobs, the newest first; `limit` at most.
    ///
    /// @param after the page before's `next`; null from the newest on
    public Page page(int limit, @Nullable Map<String, String> after) {
        if (after != null && (!after.keySet().equals(KEYS) || !JOB.equals(after.get("kind")))) {
            throw new IllegalArgumentException("not the beginning of a page");
        }
        RegistryTable.Page page = table.newestFirst(ITEMS, JOB, limit, after);
        return new Page(
                page.rows().stream().map(JobRecord::of).toList(),
                page.next() == null ? null : new TreeMap<>(page.next()));
    }

    /// The newest jobs whose id begins with `prefix`, the newest first; `most` at most. Reads all jobs when there are
    /// fewer, a page of 1 MB at a time.
    public List<JobRecord> beginningWith(String prefix, int most) {
        return table.newestFirst(ITEMS, JOB, Kind.JOB_ID.beginsWith(prefix))
                .limit(most)
                .map(JobRecord::of)
                .toList();
    }

    /// Every job, the newest first; a page of 1 MB of items is held at a time. The index may be a moment behind the
    /// table.
    public Iterator<JobRecord> newestFirst() {
        return table.newestFirst(ITEMS, JOB, null).map(JobRecord::of).iterator();
    }

    /// Tells the job's segments in their order. A page of 1 MB of items is held at a time.
    public void eachSegment(String jobId, Consumer<SegmentRecord> segment) {
        table.each(
                SegmentAttributes.ITEMS,
                jobId,
                SegmentAttributes.PREFIX,
                SegmentAttributes.IS_SEGMENT,
                SegmentRecord.ATTRIBUTES,
                row -> segment.accept(SegmentRecord.of(row)));
    }

    /// What the job's segments come to. A page of 1 MB of items is held at a time.
    public SegmentCounts segments(String jobId) {
        SegmentCounts counts = new SegmentCounts();
        eachSegment(jobId, counts::add);
        return counts;
    }
}
