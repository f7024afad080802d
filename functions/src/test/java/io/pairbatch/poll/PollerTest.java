package io.pairbatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.JobSpec;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.job.SpecLayer;
import io.pairbatch.poll.PollReport.Next;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.MemoryTable;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.split.StandardRules;
import io.pairbatch.step.Account;
import io.pairbatch.step.Deadline;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.SettableClock;
import io.pairbatch.store.FolderStore;
import io.pairbatch.submit.Reconciler;
import io.pairbatch.submit.Submitter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rounds of the poller over a table in memory (contract 5.2).
class PollerTest {

    private static final String JOB = "a-0123abcd";

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final MemoryTable table = new MemoryTable();
    private final JobRegistry jobs = new JobRegistry(table, "t", clock);
    private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
    private final Submitter submitter = new Submitter(
            segments, new Reconciler(segments, Duration.ofSeconds(60), clock), Duration.ofSeconds(60), clock);
    private final Poller poller = new Poller(segments, submitter, clock);
    private final Batches provider = new Batches();
    private final Account account = new Account(provider, "openai#x");

    @Test
    void theWaitGrowsWhileNothingChangesAndIsTheIntervalAgainAfterAChange() throws Exception {
        OpenJob job = submitted(1);
        List<Long> waits = new ArrayList<>();
        int unchanged = 0;
        for (int round = 0; round < 8; round++) {
            provider.completed = round < 6 ? 0 : 1;
            PollReport report = poll(job, unchanged);
            unchanged = report.unchanged();
            waits.add(report.waitSeconds());
        }
        // The first round sees a status for the first time, the seventh a count.
        assertThat(waits).containsExactly(10L, 20L, 40L, 80L, 100L, 100L, 10L, 20L);
    }

    @Test
    void fewBatchesAreReadOneByOneTheOldestCheckedFirst() throws Exception {
        OpenJob job = submitted(3);
        // There is time for one read: what is needed for another is not left after it.
        provider.readTakes = Duration.ofSeconds(100);
        for (int round = 0; round < 4; round++) {
            poll(job, 0);
        }
        assertThat(provider.asked).containsExactly("retrieve 1", "retrieve 2", "retrieve 3", "retrieve 1");
    }

    @Test
    void manyBatchesAreReadFromTheList() throws Exception {
        OpenJob job = submitted(4);
        poll(job, 0);
        assertThat(provider.asked).containsExactly("list");
    }

    @Test
    void aBatchThatHasEndedIsCollectedAndNotAskedForAgain() throws Exception {
        OpenJob job = submitted(2);
        provider.states.put("1", BatchState.EXPIRED);
        PollReport first = poll(job, 0);
        assertThat(first.next()).isEqualTo(Next.WAIT);
        assertThat(first.toCollect()).containsExactly(1);
        assertThat(segments.find(JOB, 1).state()).isEqualTo(SegmentState.ENDED);

        provider.asked.clear();
        provider.states.put("2", BatchState.CANCELLED);
        assertThat(poll(job, 0).next()).isEqualTo(Next.MERGE);
        assertThat(provider.asked).containsExactly("retrieve 2");
    }

    private PollReport poll(OpenJob job, int unchanged) {
        clock.advance(Duration.ofMinutes(1));
        return poller.poll(job, account, unchanged, new Deadline(clock.instant().plusSeconds(120), clock));
    }

    private OpenJob submitted(int count) throws Exception {
        Claim claim = jobs.claim(
                new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()), "arn", arn -> true);
        Fence fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
        for (int i = 1; i <= count; i++) {
            segments.register(JOB, new Segment(i, i, i, 1, 100, "0" + i), "openai", "gpt-4.1");
            provider.states.put(String.valueOf(i), BatchState.RUNNING);
        }
        jobs.splitProgress(fence, count, count, 0, count, true);
        OpenJob job = new OpenJob(fence, jobs.require(fence), resolved(), new FolderStore(folder));
        submitter.submit(job, account, new Deadline(clock.instant().plusSeconds(600), clock));
        assertThat(segments.all(JOB)).allMatch(s -> s.state() == SegmentState.SUBMITTED);
        provider.asked.clear();
        return job;
    }

    private static ResolvedJob resolved() throws Exception {
        String json = """
                {"model": "gpt-4.1", "trait_name": "T", "trait_description": "D", "interval_seconds": 10,
                 "per_job_delay": 0}""";
        JobSpec spec = StandardRules.reader()
                .read(
                        List.of(SpecLayer.parse("j", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))),
                        name -> Optional.empty());
        return new ResolvedJob(
                JOB, Instant.EPOCH, "0", new ResolvedJob.Source("b", "inbox/a/p.csv", "v", "e", 1), spec);
    }

    private final class Batches implements BatchProvider {

        private final Map<String, BatchState> states = new TreeMap<>();
        private final List<String> asked = new ArrayList<>();
        private int creates;
        private int completed;
        private Duration readTakes = Duration.ZERO;

        private BatchStatus status(String id) {
            BatchState state = states.getOrDefault(id, BatchState.GONE);
            String word = state == BatchState.RUNNING ? "in_progress" : "ended";
            return new BatchStatus(
                    id, state, word, 1, completed, 0, null, null, null, null, null, clock.instant(), Map.of());
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
        public String upload(String fileName, long bytes, Body body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            return new CreateOutcome.Created(String.valueOf(++creates));
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            asked.add("retrieve " + batchId);
            clock.advance(readTakes);
            return status(batchId);
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {
            asked.add("list");
            states.keySet().forEach(id -> visitor.visit(status(id)));
        }

        @Override
        public InputStream download(String fileId) {
            throw new UnsupportedOperationException();
        }
    }
}
