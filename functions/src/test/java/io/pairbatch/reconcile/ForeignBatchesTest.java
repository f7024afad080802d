package io.pairbatch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.poll.PollStep;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.Intent;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.split.JobFixture;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.SettableClock;
import io.pairbatch.store.FolderStore;
import io.pairbatch.store.JobStore;
import io.pairbatch.submit.SubmitReport;
import io.pairbatch.submit.Submitter;
import io.pairbatch.time.Deadline;
import io.pairbatch.time.Sleeper;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two concurrent calls of one step: the workflow repeats a call whose response was lost while the first one is still
/// running, with the same owner and epoch. The slower one has outdated data.
class ForeignBatchesTest {

    private static final String JOB = "a-0123abcd";

    @TempDir
    Path folder;

    private final MemoryTable table = MemoryTable.registry("t");
    private final SettableClock clock = new SettableClock();
    private final JobRegistry jobs = new JobRegistry(table, "t", clock);
    private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
    private final Reconciler reconciler =
            new Reconciler(segments, new AbsenceRule(Duration.ofSeconds(60), true), clock);
    private final Memory provider = new Memory();
    private final Account account = new Account(provider, "openai#x#m");
    private OpenJob job;

    @BeforeEach
    void oneSegmentIsPending() throws Exception {
        Claim claim = jobs.claims()
                .claim(
                        new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()),
                        "arn",
                        arn -> true);
        Fence fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
        segments.register(JOB, new Segment(1, 1, 2, 2, 100, "00"), "openai", "gpt-4.1");
        jobs.recordSplitProgress(fence, 2, 2, 0, 1, true);
        job = new OpenJob(fence, jobs.require(fence), resolved(), new FolderStore(folder));
    }

    @Test
    void aLaterSubmissionIsNotFoundAbsentBecauseOfAnEarlierOne() {
        intend("first");
        clock.advance(Duration.ofMinutes(20));
        reconciler.settle(job, account, segment());
        clock.advance(Duration.ofMinutes(2));
        SegmentItem seenByTheSlowCall = segment();
        reconciler.settle(job, account, segment());
        assertThat(segment().state()).isEqualTo(SegmentState.PENDING);

        Submission second = intend("second");
        reconciler.settle(job, account, seenByTheSlowCall);

        assertThat(segment().state()).isEqualTo(SegmentState.SUBMITTING);
        segments.creations().recordCreated(JOB, second, "batch_2", SubmissionOutcome.CREATED);
        assertThat(segment().batchId()).isEqualTo("batch_2");
    }

    @Test
    void aListingMadeForAnEarlierSubmissionDoesNotCountForALaterOne() {
        intend("first");
        clock.advance(Duration.ofMinutes(20));
        SegmentItem seenByTheSlowCall = segment();
        reconciler.settle(job, account, segment());
        clock.advance(Duration.ofMinutes(2));
        reconciler.settle(job, account, segment());
        intend("second");

        segments.creations().markAbsent(JOB, seenByTheSlowCall, clock.instant());

        assertThat(segment().absentSince()).isNull();
    }

    @Test
    void theListOfAnotherKeyIsNoProofThatThereIsNoBatch() {
        intend("first");
        clock.advance(Duration.ofMinutes(20));

        reconciler.settle(job, new Account(provider, "openai#another#m"), segment());

        assertThat(segment().state()).isEqualTo(SegmentState.IN_DOUBT);
    }

    @Test
    void nobodyIsAskedToDecideWhileACreateMayStillBeSent() {
        intend("first");
        clock.advance(Duration.ofMinutes(2));

        reconciler.settle(job, new Account(provider, "openai#another#m"), segment());

        assertThat(segment().state()).isEqualTo(SegmentState.SUBMITTING);
        assertThat(segment().lookAgain()).isEqualTo(segment().leaseUntil());
    }

    @Test
    void theLeaseIsWaitedForRegardlessOfEarlierLists() {
        intend("first");
        clock.advance(Duration.ofMinutes(20));
        segments.creations().markAbsent(JOB, segment(), clock.instant());
        table.edit(
                JOB,
                "SEGMENT#000001",
                item -> item.put(
                        "lease_until",
                        software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS(
                                clock.instant().plusSeconds(3600).toString())));
        clock.advance(Duration.ofMinutes(5));
        reconciler.settle(job, account, segment());
        assertThat(segment().state()).isEqualTo(SegmentState.SUBMITTING);
    }

    @Test
    void theHundredthSubmissionIsTheLastOne() {
        for (int n = 1; n <= 101; n++) {
            Submission submission = intend("token" + n);
            if (n < 101) {
                segments.creations()
                        .returnToPending(job.fence(), submission, SubmissionOutcome.REFUSED, clock.instant());
            }
        }
        assertThat(segments.submissions(JOB, 1).getLast().token()).isEqualTo("token101");
    }

    @Test
    void theOutcomeOfAnEarlierBatchIsNotRecordedForALaterOne() {
        segments.creations().recordCreated(JOB, intend("first"), "batch_1", SubmissionOutcome.CREATED);
        SegmentItem seenByTheSlowCall = segment();
        segments.batches().returnForLackOfRoom(job.fence(), seenByTheSlowCall, "token_limit_exceeded", clock.instant());
        segments.creations().recordCreated(JOB, intend("second"), "batch_2", SubmissionOutcome.CREATED);

        segments.batches().returnForLackOfRoom(job.fence(), seenByTheSlowCall, "token_limit_exceeded", clock.instant());
        segments.batches()
                .recordEnd(
                        JOB,
                        seenByTheSlowCall,
                        new Ending(SegmentState.FAILED, "failed", 0, 0, 0, null, null, null, null));
        segments.batches().recordProgress(JOB, seenByTheSlowCall, "failed", 1, 1, 1);

        assertThat(segment().state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(segment().batchId()).isEqualTo("batch_2");
        assertThat(segment().providerStatus()).isNull();
    }

    @Test
    void aBatchWithinADayOfTheIntentIsFoundRegardlessOfOurClock() {
        Submission submission = intend("first");
        clock.advance(Duration.ofMinutes(20));
        provider.batches.add(batch("batch_9", submission.createdAt().minus(Duration.ofHours(12)), "first"));
        assertThat(reconciler.settle(job, account, segment())).isTrue();
        assertThat(segment().batchId()).isEqualTo("batch_9");
    }

    @Test
    void nothingIsSentIfTheIntentTookTheTimeOfTheCreate() {
        JobStore slow = slow(job.store());
        Submitter submitter =
                new Submitter(segments, reconciler, Duration.ofSeconds(60), clock, new java.util.Random(1));
        Deadline deadline = new Deadline(clock.instant().plusSeconds(60), clock);
        SubmitReport report =
                submitter.submit(new OpenJob(job.fence(), job.item(), job.resolved(), slow), account, deadline);
        assertThat(provider.creates).isZero();
        assertThat(report.outOfTime()).isTrue();
        assertThat(segment().state()).isEqualTo(SegmentState.SUBMITTING);
    }

    @Test
    void aBatchThatRanInPartIsNeverReset() {
        segments.creations().recordCreated(JOB, intend("first"), "batch_1", SubmissionOutcome.CREATED);
        provider.answer = new BatchStatus(
                "batch_1",
                BatchState.FAILED,
                "failed",
                2,
                1,
                0,
                null,
                "file_out",
                null,
                "token_limit_exceeded",
                null,
                clock.instant(),
                Map.of());
        new PollStep(segments, Patience.USUAL, clock, Sleeper.REAL, new Backoff(new Random(1)))
                .poll(job, account, 0, new Deadline(clock.instant().plusSeconds(60), clock));
        assertThat(segment().state()).isEqualTo(SegmentState.ENDED);
        assertThat(segment().outputFileId()).isEqualTo("file_out");
    }

    private Submission intend(String token) {
        SegmentItem before = segment();
        Submission submission = new Submission(
                1, before.submissions() + 1, token, "file", account.window(), clock.instant(), null, null);
        assertThat(segments.creations()
                        .intend(
                                job.fence(),
                                before,
                                submission,
                                clock.instant().plus(Duration.ofMinutes(11)),
                                clock.instant(),
                                null))
                .isEqualTo(Intent.MINE);
        return submission;
    }

    private JobStore slow(JobStore store) {
        return (JobStore) Proxy.newProxyInstance(
                ForeignBatchesTest.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, arguments) -> {
                    clock.advance(Duration.ofSeconds(50));
                    return method.invoke(store, arguments);
                });
    }

    private SegmentItem segment() {
        return segments.require(JOB, 1);
    }

    private static BatchStatus batch(String id, Instant created, String token) {
        return new BatchStatus(
                id,
                BatchState.RUNNING,
                "in_progress",
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                created,
                Map.of(BatchProvider.TOKEN, token));
    }

    private static ResolvedJob resolved() throws Exception {
        return JobFixture.resolved(JOB, "");
    }

    private static final class Memory implements BatchProvider {

        private final List<BatchStatus> batches = new ArrayList<>();
        private @Nullable BatchStatus answer;
        private int creates;

        @Override
        public Duration fileLife() {
            return Duration.ofDays(1);
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {
            batches.stream().filter(b -> !b.createdAt().isBefore(since)).forEach(visitor::visit);
        }

        @Override
        public String upload(String fileName, long bytes, Body body) {
            return "file";
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            return new CreateOutcome.Created("batch_" + ++creates);
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            return Objects.requireNonNull(answer);
        }

        @Override
        public InputStream download(String fileId) {
            throw new UnsupportedOperationException();
        }
    }
}
