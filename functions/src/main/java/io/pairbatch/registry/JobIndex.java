package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.ITEMS;
import static io.pairbatch.registry.JobAttributes.JOB;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Reads the registry for people: jobs by time, a job by its ID or the beginning of it, and the counts of its segments.
/// Writes nothing.
public final class JobIndex {

    private static final Set<String> KEYS = Set.of("job_id", "item", "kind", "created_at");

    private final RegistryTable table;

    public JobIndex(DynamoDbClient dynamo, String table) {
        this.table = new RegistryTable(dynamo, table);
    }

    /// Some jobs.
    ///
    /// @param next where the next page starts, for [#page]; null if this is the last one
    public record Page(List<JobRecord> jobs, @Nullable Map<String, String> next) {}

    /// The job with this id.
    public Optional<JobRecord> find(String jobId) {
        return table.find(ITEMS, JobAttributes.key(jobId)).map(JobRecord::of);
    }

    /// Jobs, newest first; at most `limit`.
    ///
    /// @param after the previous page's `next`; null for the first page
    public Page page(int limit, @Nullable Map<String, String> after) {
        if (after != null && (!after.keySet().equals(KEYS) || !JOB.equals(after.get("kind")))) {
            throw new IllegalArgumentException("not the start of a page");
        }
        RegistryTable.Page page = table.newestFirst(ITEMS, JOB, limit, after);
        return new Page(
                page.rows().stream().map(JobRecord::of).toList(),
                page.next() == null ? null : new TreeMap<>(page.next()));
    }

    /// The newest jobs whose ID begins with `prefix`, newest first; at most `most`. Reads all jobs if there are fewer,
    /// in pages of 1 MB.
    public List<JobRecord> beginningWith(String prefix, int most) {
        return table.newestFirst(ITEMS, JOB, Kind.JOB_ID.beginsWith(prefix))
                .limit(most)
                .map(JobRecord::of)
                .toList();
    }

    /// All jobs, newest first; holds a page of 1 MB of items at a time. The index may lag slightly behind the table.
    public Iterator<JobRecord> newestFirst() {
        return table.newestFirst(ITEMS, JOB, null).map(JobRecord::of).iterator();
    }

    /// Passes on the job's segments in order. Holds a page of 1 MB of items at a time.
    public void eachSegment(String jobId, Consumer<SegmentRecord> segment) {
        table.each(
                SegmentAttributes.ITEMS,
                jobId,
                SegmentAttributes.PREFIX,
                SegmentAttributes.IS_SEGMENT,
                SegmentRecord.ATTRIBUTES,
                row -> segment.accept(SegmentRecord.of(row)));
    }

    /// The counts of the job's segments. Holds a page of 1 MB of items at a time.
    ///
    /// @param window how long a batch of the job may take
    public SegmentCounts segments(String jobId, Duration window, Instant now) {
        SegmentCounts counts = new SegmentCounts(window, now);
        eachSegment(jobId, counts::add);
        return counts;
    }
}
