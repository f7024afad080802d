package io.pairbatch.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.split.JobFixture;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Account;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.SettableClock;
import io.pairbatch.store.FolderStore;
import io.pairbatch.time.Deadline;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the mirror in S3 restores after the registry's table was lost or restored to an older state; the number of
/// creates is what matters.
class LostRegistryTest {

    private static final String JOB = "a-0123abcd";
    private static final Duration MARGIN = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final Creates provider = new Creates();
    private final Account account = new Account(provider, "openai#x");

    @Test
    void aLostTableIsRebuiltAndNothingIsCreatedAgain() throws Exception {
        new Life(3).submit();
        assertThat(provider.creates).isEqualTo(3);

        Life after = new Life(3);
        assertThat(after.restore()).isEqualTo(3);
        after.submit();

        assertThat(provider.creates).isEqualTo(3);
        assertThat(after.segments.all(JOB)).extracting(SegmentItem::batchId).containsExactly("1", "2", "3");
        assertThat(after.segments.all(JOB)).allMatch(s -> s.state() == SegmentState.SUBMITTED);
        assertThat(after.segments.submissions(JOB, 2)).hasSize(1);
    }

    @Test
    void aRegistryThatWasRestoredToAnOlderStateCatchesUp() throws Exception {
        Life before = new Life(3);
        provider.refuseFrom(2);
        before.submit();
        assertThat(provider.creates).isEqualTo(1);
        MemoryTable.Snapshot copy = before.table.snapshot();
        provider.refuseFrom(Integer.MAX_VALUE);
        clock.advance(Duration.ofHours(1));
        before.submit();
        assertThat(provider.creates).isEqualTo(3);

        before.table.reset(copy);
        assertThat(before.restore()).isEqualTo(2);
        before.submit();
        assertThat(provider.creates).isEqualTo(3);
        assertThat(before.segments.all(JOB)).extracting(SegmentItem::batchId).containsExactly("1", "2", "3");
    }

    @Test
    void aCreateWithoutARecordedOutcomeIsSearchedForAfterItsLease() throws Exception {
        new Life(1).submit();
        Files.delete(folder.resolve("registry/segment_000001_sub_01_outcome.json"));

        Life after = new Life(1);
        assertThat(after.restore()).isEqualTo(1);
        assertThat(after.segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTING);
        after.submit();
        assertThat(after.segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTING);

        clock.advance(Duration.ofMinutes(12));
        after.submit();
        assertThat(after.segments.require(JOB, 1).batchId()).isEqualTo("1");
        assertThat(provider.creates).isEqualTo(1);
    }

    @Test
    void aCollectedSegmentIsNotPolledAgain() throws Exception {
        Life before = new Life(2);
        before.submit();
        Instant received = clock.instant();
        Mirror.collected(
                before.job.store(),
                2,
                new CollectedSegment(
                        SegmentState.COLLECTED, 9, 1, "2", "completed", received, received, received.plusSeconds(5)));

        Life after = new Life(2);
        assertThat(after.restore()).isEqualTo(2);
        SegmentItem second = after.segments.require(JOB, 2);
        assertThat(second.state()).isEqualTo(SegmentState.COLLECTED);
        assertThat(second.receivedAt()).isEqualTo(received.plusSeconds(5));
        assertThat(second.batchId()).isEqualTo("2");
        assertThat(after.restore()).isZero();
    }

    @Test
    void aRegistryThatKnowsEverythingIsUnchanged() throws Exception {
        Life life = new Life(2);
        life.submit();
        List<SegmentItem> before = life.segments.all(JOB);
        assertThat(life.restore()).isZero();
        assertThat(life.segments.all(JOB)).isEqualTo(before);
    }

    @Test
    void aSegmentOfOtherRowsIsAConflictAndNothingIsSubmitted() throws Exception {
        new Life(1).submit();
        Life after = new Life(0);
        after.segments.register(JOB, new Segment(1, 1, 7, 7, 100, "other"), "openai", "gpt-4.1");
        assertThatThrownBy(after::restore)
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("REGISTRY_CONFLICT")
                .hasMessageContaining("a batch for rows 1 to 1 (1)")
                .hasMessageContaining("rows 1 to 7 (7)");
    }

    @Test
    void aBatchOfASegmentThatDoesNotExistIsAConflict() throws Exception {
        new Life(3).submit();
        assertThatThrownBy(new Life(2)::restore)
                .hasMessageContaining("REGISTRY_CONFLICT")
                .hasMessageContaining("segment 3")
                .hasMessageContaining("the 2 segments of the table");
    }

    /// A new, empty registry with the same files.
    private final class Life {

        private final MemoryTable table = MemoryTable.registry("t");
        private final JobRegistry jobs = new JobRegistry(table, "t", clock);
        private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
        private final Submitter submitter = new Submitter(
                segments,
                new Reconciler(segments, new AbsenceRule(Duration.ofSeconds(60), true), clock),
                MARGIN,
                clock,
                new java.util.Random(1));
        private final OpenJob job;

        Life(int count) throws Exception {
            Claim claim = jobs.claims()
                    .claim(
                            new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()),
                            "arn",
                            arn -> true);
            Fence fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
            for (int i = 1; i <= count; i++) {
                segments.register(JOB, new Segment(i, i, i, 1, 100, "0" + i), "openai", "gpt-4.1");
            }
            jobs.recordSplitProgress(fence, count, count, 0, count, true);
            job = new OpenJob(fence, jobs.require(fence), resolved(), new FolderStore(folder));
        }

        int restore() throws Exception {
            return new Restoration(segments).restore(job);
        }

        void submit() {
            submitter.submit(job, account, new Deadline(clock.instant().plusSeconds(600), clock));
        }
    }

    private static ResolvedJob resolved() throws Exception {
        return JobFixture.resolved(JOB, "");
    }

    /// Counts creates and lists what it created with the tokens.
    private final class Creates implements BatchProvider {

        private final Map<String, Map<String, String>> batches = new LinkedHashMap<>();
        private int creates;
        private int refuseFrom = Integer.MAX_VALUE;

        void refuseFrom(int create) {
            refuseFrom = create;
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
            if (creates + 1 >= refuseFrom) {
                return new CreateOutcome.Refused(
                        new io.pairbatch.provider.RefusedException(
                                io.pairbatch.provider.RefusedException.Kind.LATER, 429, "rate_limit", "later"),
                        Duration.ZERO);
            }
            String id = String.valueOf(++creates);
            batches.put(id, batch.metadata());
            return new CreateOutcome.Created(id);
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {
            batches.forEach((id, metadata) -> visitor.visit(new BatchStatus(
                    id,
                    BatchState.RUNNING,
                    "in_progress",
                    1,
                    0,
                    0,
                    null,
                    null,
                    null,
                    null,
                    null,
                    clock.instant(),
                    metadata)));
        }

        @Override
        public InputStream download(String fileId) {
            throw new UnsupportedOperationException();
        }
    }
}
