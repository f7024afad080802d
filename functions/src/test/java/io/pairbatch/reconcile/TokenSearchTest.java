package io.pairbatch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.split.JobFixture;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.SettableClock;
import io.pairbatch.store.FolderStore;
import io.pairbatch.submit.Submitter;
import io.pairbatch.time.Deadline;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service that may keep no metadata: the input file identifies the owner of a batch.
class TokenSearchTest {

    private static final String JOB = "a-0123abcd";
    private static final Duration FUNCTION = Duration.ofMinutes(10);
    private static final Duration LEASE = Duration.ofMinutes(12);

    @TempDir
    Path folder;

    private final MemoryTable table = MemoryTable.registry("t");
    private final SettableClock clock = new SettableClock();
    private final JobRegistry jobs = new JobRegistry(table, "t", clock);
    private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
    private final Reconciler reconciler =
            new Reconciler(segments, new AbsenceRule(Duration.ofSeconds(60), true), clock);
    private final Submitter submitter =
            new Submitter(segments, reconciler, Duration.ofSeconds(60), clock, new java.util.Random(1));
    private final Workspace provider = new Workspace();
    private final Account account = new Account(provider, "openai#x");
    private OpenJob job;

    @BeforeEach
    void twoSegmentsArePending() throws Exception {
        Claim claim = jobs.claims()
                .claim(
                        new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()),
                        "arn",
                        arn -> true);
        Fence fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
        segments.register(JOB, new Segment(1, 1, 2, 2, 100, "00"), "openai", "gpt-4.1");
        segments.register(JOB, new Segment(2, 3, 4, 2, 100, "01"), "openai", "gpt-4.1");
        jobs.recordSplitProgress(fence, 4, 4, 0, 2, true);
        job = new OpenJob(fence, jobs.require(fence), resolved(), new FolderStore(folder));
    }

    @Test
    void aBatchMadeFromTheSubmissionsFileIsAdopted() {
        provider.keepsMetadata = false;
        provider.loses = true;
        submit();
        provider.loses = false;
        clock.advance(LEASE);
        submit();

        assertThat(segment(1).batchId()).isEqualTo("made_1");
        assertThat(segment(2).batchId()).isEqualTo("made_2");
        assertThat(provider.creates).isEqualTo(2);
    }

    @Test
    void aBatchThatAnEarlierSubmissionOwnsIsNotTheLostOne() {
        provider.keepsMetadata = false;
        submit();
        assertThat(segment(1).batchId()).isEqualTo("made_1");
        // There was no room for it after all: the segment comes back, and is submitted with the same file.
        segments.batches().returnForLackOfRoom(job.fence(), segment(1), "token_limit_exceeded", clock.instant());
        provider.loses = true;
        provider.arrives = false;
        submit();
        provider.loses = false;
        clock.advance(LEASE);
        submit();
        assertThat(segment(1).state())
                .as("made_1 is not the response to the second create")
                .isEqualTo(SegmentState.SUBMITTING);
        assertThat(segment(1).absentSince()).isNotNull();
    }

    @Test
    void aBatchOfTheSameFileWithAnotherTokenIsNotTheLostOne() {
        provider.loses = true;
        provider.arrives = false;
        submit();
        provider.loses = false;
        provider.add("stranger", "file_1", Map.of(BatchProvider.TOKEN, "another"));
        provider.add("other_file", "file_9", Map.of());
        clock.advance(LEASE);
        submit();

        assertThat(segment(1).absentSince()).isNotNull();
    }

    @Test
    void theTokenTakesPrecedenceOverTheFile() {
        provider.loses = true;
        submit();
        provider.loses = false;
        provider.add("by_hand", "file_1", Map.of());
        clock.advance(LEASE);
        submit();

        assertThat(segment(1).batchId()).isEqualTo("made_1");
    }

    private void submit() {
        submitter.submit(job, account, new Deadline(clock.instant().plus(FUNCTION), clock));
    }

    private SegmentItem segment(int index) {
        return segments.require(JOB, index);
    }

    private static ResolvedJob resolved() throws Exception {
        return JobFixture.resolved(JOB, "\"interval_seconds\": 10");
    }

    private final class Workspace implements BatchProvider {

        private final LinkedHashMap<String, BatchStatus> batches = new LinkedHashMap<>();
        private boolean keepsMetadata = true;
        /// Whether the response to a create is lost.
        private boolean loses;
        /// Whether a create with a lost response has created a batch.
        private boolean arrives = true;

        private int creates;
        private int files;

        void add(String id, String fileId, Map<String, String> metadata) {
            batches.putFirst(
                    id,
                    new BatchStatus(
                            id,
                            BatchState.RUNNING,
                            "in_progress",
                            2,
                            0,
                            0,
                            fileId,
                            null,
                            null,
                            null,
                            null,
                            clock.instant(),
                            metadata));
        }

        @Override
        public Duration fileLife() {
            return Duration.ofDays(25);
        }

        @Override
        public String upload(String fileName, long bytes, Body body) {
            files++;
            return "file_" + files;
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            creates++;
            if (!loses || arrives) {
                add("made_" + creates, batch.fileId(), keepsMetadata ? batch.metadata() : Map.of());
            }
            boolean lost = loses && batch.fileId().equals("file_1");
            return lost ? new CreateOutcome.InDoubt("lost") : new CreateOutcome.Created("made_" + creates);
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            return java.util.Objects.requireNonNull(batches.get(batchId));
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {
            for (BatchStatus batch : batches.values()) {
                if (!visitor.visit(batch)) {
                    return;
                }
            }
        }

        @Override
        public InputStream download(String fileId) {
            throw new UnsupportedOperationException();
        }
    }
}
