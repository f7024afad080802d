package io.pairbatch.reconcile;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.poll.PollStep;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.Intent;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.store.JobStore;
import io.pairbatch.submit.SubmitReport;
import io.pairbatch.testing.FakeBatch;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import io.pairbatch.time.Sleeper;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Two concurrent calls of one step: the workflow repeats a call whose response was lost while the first one is still
/// running, with the same owner and epoch. The slower one has outdated data.
class ForeignBatchesTest {

    private final JobFixture fixture = new JobFixture();
    private final SettableClock clock = fixture.clock;
    private final SegmentRegistry segments = fixture.segments;
    private final Reconciler reconciler = fixture.reconciler;
    private final FakeProvider provider = fixture.provider;
    private final Account account = fixture.account;
    private OpenJob job;

    @BeforeEach
    void oneSegmentIsPending() throws Exception {
        job = fixture.split(JobFixture.segment(1, 1, 2));
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

        reconciler.settle(job, new Account(provider, "openai#another"), segment());

        assertThat(segment().state()).isEqualTo(SegmentState.IN_DOUBT);
    }

    @Test
    void nobodyIsAskedToDecideWhileACreateMayStillBeSent() {
        intend("first");
        clock.advance(Duration.ofMinutes(2));

        reconciler.settle(job, new Account(provider, "openai#another"), segment());

        assertThat(segment().state()).isEqualTo(SegmentState.SUBMITTING);
        assertThat(segment().lookAgain()).isEqualTo(segment().leaseUntil());
    }

    @Test
    void theLeaseIsWaitedForRegardlessOfEarlierLists() {
        intend("first");
        clock.advance(Duration.ofMinutes(20));
        segments.creations().markAbsent(JOB, segment(), clock.instant());
        AttributeValue inAnHour =
                AttributeValue.fromS(clock.instant().plusSeconds(3600).toString());
        fixture.table.edit(JOB, "SEGMENT#000001", item -> item.put("lease_until", inAnHour));
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
        FakeBatch batch = provider.add("batch_9");
        batch.createdAt = submission.createdAt().minus(Duration.ofHours(12));
        batch.metadata.put(BatchProvider.TOKEN, "first");
        assertThat(reconciler.settle(job, account, segment())).isTrue();
        assertThat(segment().batchId()).isEqualTo("batch_9");
    }

    @Test
    void nothingIsSentIfTheIntentTookTheTimeOfTheCreate() {
        JobStore slow = slow(job.store());
        OpenJob onSlow = new OpenJob(job.fence(), job.item(), job.resolved(), slow);
        SubmitReport report = fixture.submitter.submit(onSlow, account, fixture.within(Duration.ofMinutes(1)));
        assertThat(provider.calls("create")).isEmpty();
        assertThat(report.outOfTime()).isTrue();
        assertThat(segment().state()).isEqualTo(SegmentState.SUBMITTING);
    }

    @Test
    void aBatchThatRanInPartIsNeverReset() {
        segments.creations().recordCreated(JOB, intend("first"), "batch_1", SubmissionOutcome.CREATED);
        FakeBatch batch = provider.add("batch_1");
        batch.state = BatchState.FAILED;
        batch.completed = 1;
        batch.output = "file_out";
        batch.error = "token_limit_exceeded";
        new PollStep(segments, PriceTable::bundled, Patience.USUAL, clock, Sleeper.REAL, new Backoff(new Random(1)))
                .poll(job, account, 0, fixture.within(Duration.ofMinutes(1)));
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
                                null,
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
        return fixture.segment(1);
    }
}
