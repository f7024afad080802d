package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Segment;
import io.pairbatch.registry.RegistryTable.Transacted;
import io.pairbatch.registry.RegistryTable.Written;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The SEGMENT and SUB items: registered by the split, read by every step. Changes of a segment are written by
/// [CreationRegistry], [BatchRegistry], [SegmentTroubles] and [SegmentRestoration].
public final class SegmentRegistry {

    private static final Condition UNSENT = STATE.is(SegmentState.PENDING).and(SUBMISSIONS.is(0));

    private final RegistryTable table;
    private final JobRegistry jobs;
    private final AccountRegistry accounts;
    private final CreationRegistry creations;
    private final AdoptionRegistry adoptions;
    private final BatchRegistry batches;
    private final SegmentTroubles troubles;
    private final SegmentRestoration restoration;
    private final Clock clock;

    public SegmentRegistry(DynamoDbClient dynamo, String table, JobRegistry jobs, Clock clock) {
        this.table = new RegistryTable(dynamo, table);
        this.jobs = jobs;
        this.accounts = new AccountRegistry(this.table, clock);
        this.creations = new CreationRegistry(this.table, jobs, accounts, clock);
        this.adoptions = new AdoptionRegistry(this.table, jobs, accounts);
        this.batches = new BatchRegistry(this.table, jobs, clock);
        this.troubles = new SegmentTroubles(this.table, clock);
        this.restoration = new SegmentRestoration(this.table, jobs, accounts, clock);
        this.clock = clock;
    }

    /// The accounts that the batches are created with.
    public AccountRegistry accounts() {
        return accounts;
    }

    /// The jobs that the segments belong to.
    public JobRegistry jobs() {
        return jobs;
    }

    /// The creations of the segments' batches.
    public CreationRegistry creations() {
        return creations;
    }

    /// The batches that somebody else has made for them.
    public AdoptionRegistry adoptions() {
        return adoptions;
    }

    /// The batches that the provider has created for them.
    public BatchRegistry batches() {
        return batches;
    }

    /// Rebuilds a lost registry.
    public SegmentRestoration restoration() {
        return restoration;
    }

    /// The problems of segments.
    public SegmentTroubles troubles() {
        return troubles;
    }

    /// Registers a written segment. Registering the same segment again changes nothing.
    ///
    /// @return false if there is another one with the same number
    public boolean register(String jobId, Segment segment, String provider, String model) {
        Written written = table.put(ITEMS, row(jobId, segment, provider, model), Kind.JOB_ID.isMissing());
        return written.done() || segment.inputSha256().equals(written.required().get(INPUT_SHA256));
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
                .with(ATTEMPT, segment.attempt())
                .with(ROWS, segment.rows())
                .with(FIRST_ROW, segment.firstRow())
                .with(LAST_ROW, segment.lastRow())
                .with(INPUT_BYTES, segment.inputBytes())
                .with(INPUT_SHA256, segment.inputSha256())
                .with(SUBMISSIONS, 0)
                .with(CREATED_AT, clock.instant());
    }

    /// Replaces a registered segment, of which nothing was ever sent: an older version has split the table differently
    /// before it reached the table's end.
    ///
    /// @throws IllegalStateException if something of the other one was sent
    public void replace(Fence fence, Segment segment, String provider, String model) throws FencedException {
        whileSplitting(
                fence,
                segment.index(),
                new Write.Put(ITEMS, row(fence.jobId(), segment, provider, model), UNSENT),
                "was split differently before, and the earlier version was sent");
    }

    /// Removes the segments of the first round after the last one, which an older version has written and never sent.
    ///
    /// @return the remaining ones
    /// @throws IllegalStateException if something of one was sent
    public List<SegmentItem> dropAfter(Fence fence, int last) throws FencedException {
        List<SegmentItem> kept = new ArrayList<>();
        for (SegmentItem segment : all(fence.jobId())) {
            if (segment.index() <= last || segment.attempt() > 1) {
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

    /// The job's segments in order. Held in memory: about 1 KB per segment; a job of a billion pairs has at most
    /// 20,000.
    public List<SegmentItem> all(String jobId) {
        List<SegmentItem> segments = new ArrayList<>();
        table.each(ITEMS, jobId, PREFIX, IS_SEGMENT, row -> segments.add(SegmentItem.of(row)));
        return segments;
    }

    /// The current item of segment `index`.
    public SegmentItem require(String jobId, int index) {
        return find(jobId, index).orElseThrow(() -> new IllegalStateException("no segment " + index + " of " + jobId));
    }

    /// The current item of segment `index`; empty if the job is being deleted.
    public Optional<SegmentItem> find(String jobId, int index) {
        return table.find(ITEMS, key(jobId, index)).map(SegmentItem::of);
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
}
