package io.pairbatch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Segment;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.Intent;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.StrayBatches;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.split.JobFixture;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.SettableClock;
import io.pairbatch.store.FolderStore;
import io.pairbatch.time.Deadline;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches with the job's token that no submission owns.
class StraysTest {

    private static final String JOB = "a-0123abcd";
    private static final String WINDOW = "openai#x";

    @TempDir
    Path folder;

    private final MemoryTable table = MemoryTable.registry("t");
    private final SettableClock clock = new SettableClock();
    private final JobRegistry jobs = new JobRegistry(table, "t", clock);
    private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
    private final ListOnly provider = new ListOnly();
    private final Account account = new Account(provider, WINDOW);
    private Fence fence;

    @BeforeEach
    void aJobRuns() throws Exception {
        Claim claim = jobs.claims()
                .claim(
                        new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()),
                        "arn",
                        arn -> true);
        fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
        segments.register(JOB, new Segment(1, 1, 2, 2, 100, "00"), "openai", "gpt-4.1");
        jobs.recordSplitProgress(fence, 2, 2, 0, 1, true);
    }

    @Test
    void aBatchWithTheJobsTokenThatNoSubmissionOwnsIsRecorded() throws Exception {
        look(batch("b1", JOB, "0123abcd-000001-77", BatchState.RUNNING));
        assertThat(strays()).isEqualTo(new StrayBatches(List.of("b1"), 1, null));
        // A service that keeps only the token.
        look(batch("b2", null, "0123abcd-000001-77", BatchState.COMPLETED));
        assertThat(strays().ids()).containsExactly("b1", "b2");
    }

    @Test
    void someAreNamedAndAllAreCounted() throws Exception {
        for (int i = 1; i <= 7; i++) {
            provider.batches.add(batch("b" + i, JOB, "0123abcd-000001-7" + i, BatchState.RUNNING));
        }
        look();
        look();
        assertThat(strays().ids()).containsExactly("b1", "b2", "b3", "b4", "b5");
        assertThat(strays().count()).isEqualTo(7);
    }

    @Test
    void aStrayIsSeenRegardlessOfHowManyOwnBatchesAreListedBeforeIt() throws Exception {
        Set<String> owned = new HashSet<>();
        Strays strays = new Strays(segments, job(), account, owned);
        for (int i = 0; i < 150; i++) {
            owned.add("own" + i);
            strays.see(batch("own" + i, JOB, "0123abcd-000001-" + i, BatchState.RUNNING));
        }
        strays.see(batch("b1", JOB, "0123abcd-000001-ff", BatchState.RUNNING));
        strays.note();
        assertThat(strays()).isEqualTo(new StrayBatches(List.of("b1"), 1, null));
    }

    @Test
    void otherPeoplesBatchesAreNotOurs() throws Exception {
        look(
                batch("b1", "b-0123abcd", "0123abcd-000001-77", BatchState.RUNNING),
                batch("b2", JOB, "9999abcd-000001-77", BatchState.RUNNING),
                batch("b3", null, null, BatchState.RUNNING));
        assertThat(strays().count()).isZero();
    }

    @Test
    void aBatchOfASubmissionIsOwnedEvenAfterItCameBackForLackOfRoom() throws Exception {
        segments.creations().recordCreated(JOB, intend(1), "b1", SubmissionOutcome.CREATED);
        segments.batches()
                .returnForLackOfRoom(fence, segments.require(JOB, 1), "token_limit_exceeded", clock.instant());
        look(batch("b1", JOB, "0123abcd-000001-1", BatchState.RUNNING));
        assertThat(strays().count()).isZero();
    }

    @Test
    void aBatchThatFailedBeforeAnythingRanCostsNothing() throws Exception {
        look(
                batch("b1", JOB, "0123abcd-000001-77", BatchState.FAILED),
                batch("b2", JOB, "0123abcd-000001-78", BatchState.NO_ROOM));
        assertThat(strays().count()).isZero();
    }

    @Test
    void aBatchWhoseCreateIsStillInDoubtIsAdoptedRatherThanReported() throws Exception {
        intend(1);
        look(batch("b1", JOB, "0123abcd-000001-1", BatchState.RUNNING));
        assertThat(strays().count()).isZero();
    }

    @Test
    void aBatchThatWasGivenUpIsReportedOnceAnotherWasRequestedButNotAfterItIsRecorded() throws Exception {
        Submission first = intend(1);
        segments.creations().returnToPending(fence, first, SubmissionOutcome.ABSENT, clock.instant());
        look(batch("b1", JOB, "0123abcd-000001-1", BatchState.RUNNING));
        assertThat(strays().count())
                .as("it is searched for before the next create")
                .isZero();

        segments.creations().recordCreated(JOB, intend(2), "b2", SubmissionOutcome.CREATED);
        look();
        assertThat(strays().ids()).containsExactly("b1");

        assertThat(segments.creations().recordLate(fence, first, "b1")).isFalse();
        look();
        assertThat(strays().count()).isZero();
    }

    @Test
    void theSearchForALostCreateReportsThemToo() throws Exception {
        Submission open = intend(1);
        provider.batches.add(batch("b9", JOB, "0123abcd-000001-77", BatchState.RUNNING));
        new TokenSearch(segments).look(job(), account, segments.require(JOB, 1), List.of(open));
        assertThat(strays().ids()).containsExactly("b9");
    }

    @Test
    void aPlainJobIsMergedWithoutAnotherLook() throws Exception {
        segments.creations().recordCreated(JOB, intend(1), "b1", SubmissionOutcome.CREATED);
        collected();
        assertThat(lastLook()).isEmpty();
        assertThat(provider.asked).isZero();
    }

    @Test
    void aJobThatWasInDoubtLooksOnceBeforeItsMergeAndReportsTheSameAgain() throws Exception {
        doubted();
        provider.batches.add(batch("b9", JOB, "0123abcd-000001-77", BatchState.COMPLETED));
        List<String> notices = lastLook();
        assertThat(notices).singleElement().asString().contains("b9", "second bill", "A batch that nobody owns");
        provider.batches.clear();
        assertThat(lastLook()).isEqualTo(notices);
        assertThat(provider.asked).isEqualTo(1);
    }

    @Test
    void aListThatFailsIsReportedAndDelaysNothing() throws Exception {
        doubted();
        provider.refusal = new RefusedException(RefusedException.Kind.KEY, 403, null, "you may not list");
        List<String> notices = lastLook();
        assertThat(notices).singleElement().asString().contains("could not be looked up", "you may not list");
        provider.refusal = null;
        assertThat(lastLook()).isEqualTo(notices);
    }

    @Test
    void aFunctionThatDiesDuringTheLookDoesNotLookAgain() throws Exception {
        doubted();
        provider.death = true;
        try {
            lastLook();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("killed");
        }
        provider.death = false;
        assertThat(lastLook()).singleElement().asString().contains("came to no end");
    }

    private void doubted() {
        segments.creations().recordCreated(JOB, intend(1), "b1", SubmissionOutcome.ADOPTED);
        collected();
    }

    private void collected() {
        segments.restoration()
                .restore(
                        JOB,
                        1,
                        new CollectedSegment(SegmentState.COLLECTED, 2, 0, "b1", "completed", null, null, null));
    }

    private List<String> lastLook() throws Exception {
        return new LastLook(segments)
                .look(job(), until -> account, new Deadline(clock.instant().plus(Duration.ofMinutes(15)), clock));
    }

    private Submission intend(int number) {
        Submission submission =
                new Submission(1, number, "0123abcd-000001-" + number, "file", WINDOW, clock.instant(), null, null);
        Intent intent = segments.creations()
                .intend(fence, segments.require(JOB, 1), submission, clock.instant(), clock.instant(), null);
        assertThat(intent).isEqualTo(Intent.MINE);
        return submission;
    }

    private void look(BatchStatus... more) throws Exception {
        provider.batches.addAll(List.of(more));
        Strays strays = new Strays(segments, job(), account);
        provider.list(Instant.EPOCH, batch -> {
            strays.see(batch);
            return true;
        });
        strays.note();
    }

    private StrayBatches strays() throws Exception {
        return jobs.require(fence).strays();
    }

    private OpenJob job() throws Exception {
        ResolvedJob resolved = JobFixture.resolved(JOB, "\"interval_seconds\": 10");
        return new OpenJob(fence, jobs.require(fence), resolved, new FolderStore(folder));
    }

    private BatchStatus batch(String id, @Nullable String jobId, @Nullable String token, BatchState state) {
        Map<String, String> metadata = new java.util.HashMap<>();
        if (jobId != null) {
            metadata.put(BatchProvider.JOB, jobId);
        }
        if (token != null) {
            metadata.put(BatchProvider.TOKEN, token);
        }
        return new BatchStatus(
                id, state, "a word", 2, 0, 0, "file-1", null, null, null, null, clock.instant(), metadata);
    }

    private static final class ListOnly implements BatchProvider {

        private final List<BatchStatus> batches = new ArrayList<>();
        private int asked;
        private boolean death;
        private @Nullable RefusedException refusal;

        @Override
        public void list(Instant since, BatchVisitor visitor) throws RefusedException {
            asked++;
            if (death) {
                throw new IllegalStateException("killed");
            }
            if (refusal != null) {
                throw refusal;
            }
            for (BatchStatus batch : batches) {
                if (!visitor.visit(batch)) {
                    return;
                }
            }
        }

        @Override
        public Duration fileLife() {
            return Duration.ofDays(1);
        }

        @Override
        public String upload(String fileName, long bytes, Body body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            throw new RetryableException("not asked for", null);
        }

        @Override
        public InputStream download(String fileId) {
            throw new UnsupportedOperationException();
        }
    }
}
