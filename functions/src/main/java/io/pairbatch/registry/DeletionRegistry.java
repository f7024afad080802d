package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.*;

import io.pairbatch.registry.RegistryTable.Written;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// A job's items while the job is being deleted. The JOB item holds the progress and is deleted last.
public final class DeletionRegistry {

    /// Segments and submissions alike.
    private static final Kind UNDER_A_SEGMENT = Kind.of(SegmentAttributes.FORGOTTEN);
    private static final int AT_ONCE = 25;

    private final RegistryTable table;
    private final Clock clock;

    public DeletionRegistry(DynamoDbClient dynamo, String table, Clock clock) {
        this.table = new RegistryTable(dynamo, table);
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

    /// A JOB item that is to be deleted.
    ///
    /// @param previousOwner who acted for it before, and may not have noticed
    /// @param updatedAt when the item was last changed
    /// @param since when its deletion started
    /// @param quietFrom when nobody who started before the deletion can still be writing
    /// @param deleted what the job was, JSON; null before the deletion has looked
    /// @param inboxKept why some of the dropped files are kept; empty if none are
    public record DeletingJob(
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
            @Nullable String deleted,
            String inboxKept) {

        static DeletingJob of(Row row) {
            return new DeletingJob(
                    row.require(Kind.JOB_ID),
                    row.require(STATE),
                    row.require(OWNER),
                    row.get(EPOCH, 0L),
                    row.get(BACKEND, "unknown"),
                    row.get(SOURCE_BUCKET, ""),
                    row.get(SOURCE_KEY, ""),
                    row.get(SOURCE_VERSION, ""),
                    row.get(PREVIOUS_OWNER, ""),
                    row.get(UPDATED_AT),
                    row.get(DELETING_SINCE),
                    row.get(QUIET_FROM),
                    row.get(DELETION_PHASE, Phase.PROVIDER),
                    new Removed(
                            row.get(REMOVED_VERSIONS, 0L),
                            row.get(REMOVED_MARKERS, 0L),
                            row.get(REMOVED_UPLOADS, 0L),
                            row.get(REMOVED_INBOX_VERSIONS, 0L),
                            row.get(REMOVED_INBOX_MARKERS, 0L),
                            row.get(REMOVED_ITEMS, 0L)),
                    row.get(DELETED_JOB),
                    row.get(INBOX_KEPT, ""));
        }

        public DeletingJob in(Phase next) {
            return new DeletingJob(
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
                    deleted,
                    inboxKept);
        }

        public DeletingJob with(Removed sum, String kept) {
            return new DeletingJob(
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
                    deleted,
                    kept);
        }
    }

    /// A SEGMENT item of such a job.
    ///
    /// @param cancelAsked whether cancelling its batch was requested
    /// @param forgotten the outcome for its files and batches at the provider, JSON; null until it is known
    public record DoomedSegment(
            SegmentItem segment,
            boolean cancelAsked,
            @Nullable String forgotten) {}

    public Optional<DeletingJob> find(String jobId) {
        return table.find(ITEMS, JobAttributes.key(jobId)).map(DeletingJob::of);
    }

    /// The job as people see it.
    public Optional<JobRecord> record(String jobId) {
        return table.find(ITEMS, JobAttributes.key(jobId)).map(JobRecord::of);
    }

    /// Takes the job from its owner: with the next epoch, so that the owner is fenced, and in a state that nobody takes
    /// over.
    ///
    /// @param quietFrom when nobody who started before can still be writing
    /// @return empty if the job has changed in the meantime
    public Optional<DeletingJob> begin(DeletingJob job, Instant quietFrom) {
        Instant now = clock.instant();
        Written written = table.update(
                ITEMS,
                JobAttributes.key(job.jobId()),
                List.of(
                        STATE.to(JobState.DELETING),
                        OWNER.to("deletion of " + job.jobId()),
                        PREVIOUS_OWNER.to(job.owner()),
                        EPOCH.to(job.epoch() + 1),
                        DELETING_SINCE.to(now),
                        QUIET_FROM.to(quietFrom),
                        UPDATED_AT.to(now)),
                EPOCH.is(job.epoch()).and(unchanged(job.updatedAt())));
        return written.done() ? Optional.of(DeletingJob.of(written.required())) : Optional.empty();
    }

    /// Whoever enters the job meanwhile must be waited for.
    private static Condition unchanged(@Nullable Instant updatedAt) {
        return updatedAt == null ? UPDATED_AT.isMissing() : UPDATED_AT.is(updatedAt);
    }

    /// Records what the job is that is deleted.
    ///
    /// @param json without a text of a pair
    /// @throws IllegalStateException if this deletion does not, or no longer, own the job
    public DeletingJob describe(DeletingJob job, String json) {
        Written written =
                table.update(ITEMS, JobAttributes.key(job.jobId()), List.of(DELETED_JOB.first(json)), isOurs(job));
        if (!written.done()) {
            throw notOurs(job);
        }
        return DeletingJob.of(written.required());
    }

    /// Records the progress of the deletion.
    ///
    /// @throws IllegalStateException if this deletion does not, or no longer, own the job
    public void save(DeletingJob job) {
        Removed removed = job.removed();
        boolean saved = table.change(
                ITEMS,
                JobAttributes.key(job.jobId()),
                List.of(
                        DELETION_PHASE.to(job.phase()),
                        REMOVED_VERSIONS.to(removed.versions()),
                        REMOVED_MARKERS.to(removed.markers()),
                        REMOVED_UPLOADS.to(removed.uploads()),
                        REMOVED_INBOX_VERSIONS.to(removed.inboxVersions()),
                        REMOVED_INBOX_MARKERS.to(removed.inboxMarkers()),
                        REMOVED_ITEMS.to(removed.items()),
                        INBOX_KEPT.to(job.inboxKept()),
                        UPDATED_AT.to(clock.instant())),
                isOurs(job));
        if (!saved) {
            throw notOurs(job);
        }
    }

    private static Condition isOurs(DeletingJob job) {
        return STATE.is(JobState.DELETING).and(EPOCH.is(job.epoch()));
    }

    private static IllegalStateException notOurs(DeletingJob job) {
        return new IllegalStateException("the deletion of " + job.jobId() + " was taken over, or is done");
    }

    /// The job's segments in order; about 1 KB of memory each, as in [SegmentRegistry#all].
    public List<DoomedSegment> segments(String jobId) {
        List<DoomedSegment> segments = new ArrayList<>();
        table.each(
                SegmentAttributes.ITEMS,
                jobId,
                SegmentAttributes.PREFIX,
                SegmentAttributes.IS_SEGMENT,
                row -> segments.add(new DoomedSegment(
                        SegmentItem.of(row),
                        row.has(SegmentAttributes.CANCEL_ASKED),
                        row.get(SegmentAttributes.FORGOTTEN))));
        return segments;
    }

    /// Records that cancelling a segment's batch was requested.
    public void cancelAsked(String jobId, int segment) {
        set(jobId, segment, SegmentAttributes.CANCEL_ASKED.to(clock.instant()));
    }

    /// Records the outcome for a segment's data at the provider.
    public void forgotten(String jobId, int segment, String json) {
        set(jobId, segment, SegmentAttributes.FORGOTTEN.to(json));
    }

    private void set(String jobId, int segment, Change change) {
        if (!table.change(
                SegmentAttributes.ITEMS,
                SegmentAttributes.key(jobId, segment),
                List.of(change),
                Kind.JOB_ID.exists())) {
            throw new IllegalStateException("no segment " + segment + " of " + jobId);
        }
    }

    /// Some of the job's segments and submissions.
    ///
    /// @param items how many were read
    /// @param forgotten for each segment among them, the outcome for its data at the provider
    /// @param next where to continue; null at the end
    public record Page(
            int items, List<String> forgotten, @Nullable String next) {}

    /// The items after `after`, at most 500.
    ///
    /// @param after null for the first page
    public Page page(String jobId, @Nullable String after) {
        RegistryTable.Page page = table.page(UNDER_A_SEGMENT, jobId, SegmentAttributes.PREFIX, 500, after);
        List<String> forgotten = page.rows().stream()
                .map(row -> row.get(SegmentAttributes.FORGOTTEN))
                .filter(Objects::nonNull)
                .toList();
        Map<String, String> next = page.next();
        return new Page(page.rows().size(), forgotten, next == null ? null : next.get("item"));
    }

    /// Deletes 25 of the job's segments and submissions.
    ///
    /// @return how many there were
    public int removeItems(String jobId) {
        List<ItemKey> keys = table.page(UNDER_A_SEGMENT, jobId, SegmentAttributes.PREFIX, AT_ONCE, null).rows().stream()
                .map(row -> new ItemKey(row.require(Kind.JOB_ID), row.require(Kind.ITEM)))
                .toList();
        table.deleteAll(UNDER_A_SEGMENT, keys);
        return keys.size();
    }

    /// Deletes the JOB item; after that, the job no longer exists.
    ///
    /// @throws IllegalStateException if this deletion does not, or no longer, own the job
    public void finish(DeletingJob job) {
        if (!table.delete(ITEMS, JobAttributes.key(job.jobId()), isOurs(job))) {
            throw notOurs(job);
        }
    }

    /// Other jobs whose table is under `prefix` in the same bucket. Reads the index of all jobs, page by page.
    public List<DeletingJob> others(DeletingJob job, String prefix) {
        List<DeletingJob> others = new ArrayList<>();
        Condition under = SOURCE_BUCKET.is(job.sourceBucket()).and(SOURCE_KEY.beginsWith(prefix));
        table.newestFirst(ITEMS, JobAttributes.JOB, under).forEach(row -> others.add(DeletingJob.of(row)));
        others.removeIf(other -> other.jobId().equals(job.jobId()));
        return others;
    }

    /// The jobs that ended because this one judges the same pairs, the newest first.
    public List<String> duplicates(String jobId) {
        List<String> duplicates = new ArrayList<>();
        table.newestFirst(ITEMS, JobAttributes.JOB, SAME_AS.is(jobId))
                .forEach(row -> duplicates.add(row.require(Kind.JOB_ID)));
        return duplicates;
    }
}
