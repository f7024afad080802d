package io.pairbatch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
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
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A provider without metadata, in a workspace that other people use too.
class RequestIdSearchTest {

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
    private final Account account = new Account(provider, "anthropic#x");
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
    void theBatchWhoseRequestsAreOursIsAdoptedOnceItHasEnded() {
        provider.add("theirs_ended", 2, true, "request-1");
        submitLosing("ours", "0123abcd-1");
        clock.advance(LEASE);
        submit();
        assertThat(segment(1).state()).isEqualTo(SegmentState.SUBMITTING);

        provider.end("ours");
        clock.advance(Duration.ofMinutes(2));
        submit();

        assertThat(segment(1).batchId()).isEqualTo("ours");
        assertThat(provider.creates).as("one lost, one for the second segment").isEqualTo(2);
    }

    @Test
    void nothingIsCreatedWhileABatchOfOurSizeMayStillBeOurs() {
        submitLosing(null, "");
        provider.add("theirs", 2, false, "request-1");
        for (int i = 0; i < 30; i++) {
            clock.advance(Duration.ofMinutes(20));
            submit();
            assertThat(segment(1).state()).isEqualTo(SegmentState.SUBMITTING);
        }
        provider.end("theirs");
        clock.advance(Duration.ofMinutes(2));
        submit();
        assertThat(segment(1).state()).as("one look is no proof").isEqualTo(SegmentState.SUBMITTING);
        clock.advance(Duration.ofMinutes(2));
        submit();
        submit();

        assertThat(segment(1).batchId()).startsWith("made_");
        assertThat(provider.cancelled).isZero();
    }

    @Test
    void aBatchOfAnotherSegmentOrOfAnotherSizeIsNotOurs() {
        submitLosing(null, "");
        provider.add("other_rows", 2, true, "0123abcd-3");
        provider.add("other_job", 2, true, "0123abce-1");
        provider.add("other_size", 3, false, "0123abcd-1");
        clock.advance(LEASE);
        submit();
        clock.advance(Duration.ofMinutes(2));
        submit();

        assertThat(segment(1).state()).isEqualTo(SegmentState.PENDING);
    }

    @Test
    void aBatchWithoutCountsMayBeOurs() {
        submitLosing(null, "");
        provider.add("uncounted", 0, true, "0123abcd-1");
        clock.advance(LEASE);
        submit();

        assertThat(segment(1).batchId()).isEqualTo("uncounted");
    }

    @Test
    void aBatchThatASubmissionOwnsIsNoCandidate() {
        submitLosing(null, "");
        clock.advance(LEASE);
        submit();
        assertThat(segment(2).batchId()).as("the second segment continues").isEqualTo("made_2");
        clock.advance(Duration.ofMinutes(2));
        submit();

        // made_2 is running, has our size, and is known to belong to the second segment.
        assertThat(segment(1).state()).isEqualTo(SegmentState.PENDING);
    }

    @Test
    void aPersonDecidesIfTheResultsCannotBeRead() {
        submitLosing(null, "");
        provider.add("unreadable", 2, true, "");
        clock.advance(LEASE);
        submit();

        assertThat(segment(1).state()).isEqualTo(SegmentState.IN_DOUBT);
        assertThat(segment(1).errorMessage()).contains("unreadable");
    }

    @Test
    void anAccountHasOneCreateInProgressAtATime() {
        submitLosing(null, "");
        assertThat(segment(2).state()).as("it waits for the first one's lease").isEqualTo(SegmentState.PENDING);
        assertThat(provider.creates).isEqualTo(1);
        submit();
        assertThat(provider.creates).isEqualTo(1);

        clock.advance(LEASE);
        submit();

        assertThat(segment(2).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    private void submit() {
        submitter.submit(job, account, new Deadline(clock.instant().plus(FUNCTION), clock));
    }

    /// Submits so that the first create's response is lost; the batch exists if `batchId` is not null.
    private void submitLosing(@org.jspecify.annotations.Nullable String batchId, String firstId) {
        provider.lose = true;
        submit();
        provider.lose = false;
        if (batchId != null) {
            provider.add(batchId, 2, false, firstId);
        }
    }

    private SegmentItem segment(int index) {
        return segments.require(JOB, index);
    }

    private static ResolvedJob resolved() throws Exception {
        return JobFixture.resolved(JOB, "\"interval_seconds\": 10");
    }

    private final class Workspace implements BatchProvider {

        private final Map<String, BatchStatus> batches = new LinkedHashMap<>();
        private final Map<String, String> firstIds = new LinkedHashMap<>();
        private boolean lose;
        private int creates;
        private int cancelled;

        void add(String id, int requests, boolean ended, String firstId) {
            batches.put(
                    id,
                    new BatchStatus(
                            id,
                            ended ? BatchState.COMPLETED : BatchState.RUNNING,
                            ended ? "ended" : "in_progress",
                            requests,
                            0,
                            0,
                            null,
                            ended ? id : null,
                            null,
                            null,
                            null,
                            clock.instant(),
                            Map.of()));
            firstIds.put(id, firstId);
        }

        void end(String id) {
            BatchStatus batch = java.util.Objects.requireNonNull(batches.get(id));
            add(id, (int) batch.total(), true, java.util.Objects.requireNonNull(firstIds.get(id)));
        }

        @Override
        public boolean takesFiles() {
            return false;
        }

        @Override
        public Duration fileLife() {
            return Duration.ZERO;
        }

        @Override
        public Evidence evidence() {
            return Evidence.REQUEST_IDS;
        }

        @Override
        public String upload(String fileName, long bytes, Body body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            creates++;
            if (lose) {
                return new CreateOutcome.InDoubt("lost");
            }
            add("made_" + creates, (int) batch.requests(), false, "");
            return new CreateOutcome.Created("made_" + creates);
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {
            List<BatchStatus> all = new ArrayList<>(batches.values());
            all.reversed().stream().filter(b -> !b.createdAt().isBefore(since)).forEach(visitor::visit);
        }

        @Override
        public InputStream download(String fileId) throws RefusedException {
            String id = firstIds.getOrDefault(fileId, "");
            String lines = id.isEmpty() ? "not json\n" : "broken\n{\"custom_id\":\"" + id + "\",\"response\":null}\n";
            return new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
        }
    }
}
