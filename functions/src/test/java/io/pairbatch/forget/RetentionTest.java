package io.pairbatch.forget;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Segment;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentItem.Copies;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `provider_retention: delete_after_collect` with a table in memory.
class RetentionTest {

    private static final String JOB = "a-0123abcd";

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final JobRegistry jobs;
    private final SegmentRegistry segments;
    private final Retention retention;
    private final Files provider = new Files();
    private final Account account = new Account(provider, "openai#x");

    RetentionTest() {
        MemoryTable table = MemoryTable.registry("t");
        jobs = new JobRegistry(table, "t", clock);
        segments = new SegmentRegistry(table, "t", jobs, clock);
        retention = new Retention(segments);
    }

    @Test
    void everythingOfACollectedSegmentIsDeletedOnce() throws Exception {
        OpenJob job = collected("delete_after_collect", Copies.DUE);

        retention.collected(job, account, 1, deadline());

        assertThat(provider.deleted).containsExactlyInAnyOrder("in-1", "out-1", "err-1", "batch 1");
        assertThat(segments.require(JOB, 1).copies()).isEqualTo(Copies.DELETED);
        retention.collected(job, account, 1, deadline());
        retention.polled(job, account, deadline());
        assertThat(retention.merging(job, () -> account, deadline())).isEmpty();
        assertThat(provider.deleted).hasSize(4);
    }

    @Test
    void nothingIsDeletedBeforeTheRegistrySaysThatItIsInS3() throws Exception {
        OpenJob job = ended("delete_after_collect");

        retention.collected(job, account, 1, deadline());
        retention.polled(job, account, deadline());

        assertThat(provider.deleted).isEmpty();
    }

    @Test
    void whatCouldNotBeFetchedCompletelyIsKeptAndReported() throws Exception {
        OpenJob job = collected("delete_after_collect", Copies.KEPT);

        retention.collected(job, account, 1, deadline());

        assertThat(provider.deleted).isEmpty();
        assertThat(retention.merging(job, () -> account, deadline()))
                .containsExactly("provider_retention: segment 1 may still be at the provider.");
    }

    @Test
    void aJobThatDoesNotAskForItKeepsItsCopies() throws Exception {
        OpenJob job = collected("keep", Copies.KEPT);

        retention.collected(job, account, 1, deadline());
        retention.polled(job, account, deadline());

        assertThat(retention.merging(job, () -> account, deadline())).isEmpty();
        assertThat(provider.deleted).isEmpty();
    }

    @Test
    void aFailureIsRetriedAtPollsUpToALimitAndOnceMoreAtTheMerge() throws Exception {
        OpenJob job = collected("delete_after_collect", Copies.DUE);
        provider.out = true;

        retention.collected(job, account, 1, deadline());
        for (int i = 0; i < 20; i++) {
            retention.polled(job, account, deadline());
        }
        assertThat(provider.asked).isEqualTo(5);
        assertThat(segments.require(JOB, 1).copies()).isEqualTo(Copies.DUE);

        List<String> notices = retention.merging(job, () -> account, deadline());
        assertThat(provider.asked).isEqualTo(6);
        assertThat(notices)
                .containsExactly("provider_retention: segment 1 is still at the provider as in-1, out-1, err-1, 1.");
        assertThat(retention.merging(job, () -> account, deadline())).isEqualTo(notices);
        assertThat(provider.asked).as("merging again does nothing new").isEqualTo(6);
    }

    @Test
    void theMergeSucceedsWhereTheCollectorFailed() throws Exception {
        OpenJob job = collected("delete_after_collect", Copies.DUE);
        provider.out = true;
        retention.collected(job, account, 1, deadline());
        provider.out = false;

        assertThat(retention.merging(job, () -> account, deadline())).isEmpty();
        assertThat(segments.require(JOB, 1).copies()).isEqualTo(Copies.DELETED);
    }

    private Deadline deadline() {
        return new Deadline(clock.instant().plusSeconds(900), clock);
    }

    private OpenJob collected(String wish, Copies copies) throws Exception {
        OpenJob job = ended(wish);
        segments.batches().recordCollected(JOB, segments.require(JOB, 1), SegmentState.COLLECTED, 1, 0, copies);
        return job;
    }

    private OpenJob ended(String wish) throws Exception {
        Claim claim = jobs.claims()
                .claim(
                        new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()),
                        "arn",
                        arn -> true);
        Fence fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
        segments.register(JOB, new Segment(1, 1, 1, 1, 100, "01"), "openai", "gpt-4.1");
        jobs.recordSplitProgress(fence, 1, 1, 0, 1, true);
        OpenJob job = new OpenJob(fence, jobs.require(fence), resolved(wish), new FolderStore(folder));
        Submitter submitter = new Submitter(
                segments,
                new Reconciler(segments, new AbsenceRule(Duration.ofSeconds(60), true), clock),
                Duration.ofSeconds(60),
                clock,
                new java.util.Random(1));
        submitter.submit(job, account, new Deadline(clock.instant().plusSeconds(600), clock));
        segments.batches()
                .recordEnd(
                        JOB,
                        segments.require(JOB, 1),
                        new Ending(SegmentState.COLLECTED, "completed", 1, 1, 0, "out-1", "err-1", null, null));
        return job;
    }

    private static ResolvedJob resolved(String wish) throws Exception {
        return JobFixture.resolved(JOB, "\"provider_retention\": \"" + wish + "\"");
    }

    private final class Files implements BatchProvider {

        private final List<String> deleted = new ArrayList<>();
        private boolean out;
        private int asked;

        @Override
        public Removal deleteFile(String fileId) {
            return delete(fileId);
        }

        @Override
        public Removal deleteBatch(String batchId) {
            return delete("batch " + batchId);
        }

        private Removal delete(String what) {
            asked++;
            if (out) {
                throw new RetryableException("out of reach", null);
            }
            deleted.add(what);
            return Removal.DONE;
        }

        @Override
        public Duration fileLife() {
            return Duration.ofDays(1);
        }

        @Override
        public String upload(String fileName, long bytes, Body body) {
            return "in-1";
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            return new CreateOutcome.Created("1");
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            return new BatchStatus(
                    batchId,
                    BatchState.COMPLETED,
                    "completed",
                    1,
                    1,
                    0,
                    null,
                    null,
                    null,
                    null,
                    null,
                    clock.instant(),
                    Map.of());
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {}

        @Override
        public InputStream download(String fileId) {
            throw new UnsupportedOperationException();
        }
    }
}
