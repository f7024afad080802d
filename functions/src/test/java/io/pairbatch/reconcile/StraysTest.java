package io.pairbatch.reconcile;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.Intent;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.StrayBatches;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.testing.FakeBatch;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Batches with the job's token that no submission owns.
class StraysTest {

    private final JobFixture fixture = new JobFixture("\"interval_seconds\": 10");
    private final SettableClock clock = fixture.clock;
    private final SegmentRegistry segments = fixture.segments;
    private final FakeProvider provider = fixture.provider;
    private final Account account = fixture.account;

    @BeforeEach
    void aJobRuns() throws Exception {
        fixture.split(JobFixture.segment(1, 1, 2));
    }

    @Test
    void aBatchWithTheJobsTokenThatNoSubmissionOwnsIsRecorded() throws Exception {
        batch("b1", JOB, "0123abcd-000001-77", BatchState.RUNNING);
        look();
        assertThat(strays()).isEqualTo(new StrayBatches(List.of("b1"), 1, null));
        // A service that keeps only the token.
        batch("b2", null, "0123abcd-000001-77", BatchState.COMPLETED);
        look();
        assertThat(strays().ids()).containsExactly("b1", "b2");
    }

    @Test
    void someAreNamedAndAllAreCounted() throws Exception {
        for (int i = 7; i >= 1; i--) {
            batch("b" + i, JOB, "0123abcd-000001-7" + i, BatchState.RUNNING);
        }
        look();
        look();
        assertThat(strays().ids()).containsExactly("b1", "b2", "b3", "b4", "b5");
        assertThat(strays().count()).isEqualTo(7);
    }

    @Test
    void aStrayIsSeenRegardlessOfHowManyOwnBatchesAreListedBeforeIt() throws Exception {
        Set<String> owned = new HashSet<>();
        Strays strays = new Strays(segments, fixture.open(), account, owned);
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
        batch("b1", "b-0123abcd", "0123abcd-000001-77", BatchState.RUNNING);
        batch("b2", JOB, "9999abcd-000001-77", BatchState.RUNNING);
        batch("b3", null, null, BatchState.RUNNING);
        look();
        assertThat(strays().count()).isZero();
    }

    @Test
    void aBatchOfASubmissionIsOwnedEvenAfterItCameBackForLackOfRoom() throws Exception {
        segments.creations().recordCreated(JOB, intend(1), "b1", SubmissionOutcome.CREATED);
        segments.batches()
                .returnForLackOfRoom(fixture.fence(), fixture.segment(1), "token_limit_exceeded", clock.instant());
        batch("b1", JOB, "0123abcd-000001-1", BatchState.RUNNING);
        look();
        assertThat(strays().count()).isZero();
    }

    @Test
    void aBatchThatFailedBeforeAnythingRanCostsNothing() throws Exception {
        batch("b1", JOB, "0123abcd-000001-77", BatchState.FAILED);
        batch("b2", JOB, "0123abcd-000001-78", BatchState.NO_ROOM);
        look();
        assertThat(strays().count()).isZero();
    }

    @Test
    void aBatchWhoseCreateIsStillInDoubtIsAdoptedRatherThanReported() throws Exception {
        intend(1);
        batch("b1", JOB, "0123abcd-000001-1", BatchState.RUNNING);
        look();
        assertThat(strays().count()).isZero();
    }

    @Test
    void aBatchThatWasGivenUpIsReportedOnceAnotherWasRequestedButNotAfterItIsRecorded() throws Exception {
        Submission first = intend(1);
        segments.creations().returnToPending(fixture.fence(), first, SubmissionOutcome.ABSENT, clock.instant());
        batch("b1", JOB, "0123abcd-000001-1", BatchState.RUNNING);
        look();
        assertThat(strays().count())
                .as("it is searched for before the next create")
                .isZero();

        segments.creations().recordCreated(JOB, intend(2), "b2", SubmissionOutcome.CREATED);
        look();
        assertThat(strays().ids()).containsExactly("b1");

        assertThat(segments.creations().recordLate(fixture.fence(), first, "b1"))
                .isFalse();
        look();
        assertThat(strays().count()).isZero();
    }

    @Test
    void theSearchForALostCreateReportsThemToo() throws Exception {
        Submission open = intend(1);
        batch("b9", JOB, "0123abcd-000001-77", BatchState.RUNNING);
        new TokenSearch(segments).look(fixture.open(), account, fixture.segment(1), List.of(open));
        assertThat(strays().ids()).containsExactly("b9");
    }

    @Test
    void aPlainJobIsMergedWithoutAnotherLook() throws Exception {
        segments.creations().recordCreated(JOB, intend(1), "b1", SubmissionOutcome.CREATED);
        collected();
        assertThat(lastLook()).isEmpty();
        assertThat(provider.calls).isEmpty();
    }

    @Test
    void aJobThatWasInDoubtLooksOnceBeforeItsMergeAndReportsTheSameAgain() throws Exception {
        doubted();
        batch("b9", JOB, "0123abcd-000001-77", BatchState.COMPLETED);
        List<String> notices = lastLook();
        assertThat(notices).singleElement().asString().contains("b9", "second bill", "A batch that nobody owns");
        provider.batches.clear();
        assertThat(lastLook()).isEqualTo(notices);
        assertThat(provider.calls).containsExactly("list");
    }

    @Test
    void aListThatFailsIsReportedAndDelaysNothing() throws Exception {
        doubted();
        provider.failing.put("list", new RefusedException(RefusedException.Kind.KEY, 403, null, "you may not list"));
        List<String> notices = lastLook();
        assertThat(notices).singleElement().asString().contains("could not be looked up", "you may not list");
        provider.failing.clear();
        assertThat(lastLook()).isEqualTo(notices);
    }

    @Test
    void aFunctionThatDiesDuringTheLookDoesNotLookAgain() throws Exception {
        doubted();
        provider.failing.put("list", new IllegalStateException("killed"));
        try {
            lastLook();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("killed");
        }
        provider.failing.clear();
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
                        new CollectedSegment(
                                SegmentState.COLLECTED,
                                2,
                                0,
                                null,
                                "b1",
                                "completed",
                                2,
                                2,
                                0,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null));
    }

    private List<String> lastLook() throws Exception {
        return new LastLook(segments).look(fixture.open(), until -> account, fixture.within(Duration.ofMinutes(15)));
    }

    private Submission intend(int number) {
        Submission submission = new Submission(
                1, number, "0123abcd-000001-" + number, "file", account.window(), clock.instant(), null, null);
        Intent intent = segments.creations()
                .intend(fixture.fence(), fixture.segment(1), submission, clock.instant(), clock.instant(), null, null);
        assertThat(intent).isEqualTo(Intent.MINE);
        return submission;
    }

    private void look() throws Exception {
        Strays strays = new Strays(segments, fixture.open(), account);
        provider.list(Instant.EPOCH, batch -> {
            strays.see(batch);
            return true;
        });
        strays.note();
    }

    private StrayBatches strays() throws Exception {
        return fixture.open().item().strays();
    }

    /// A batch that the provider has from now on.
    private BatchStatus batch(String id, @Nullable String jobId, @Nullable String token, BatchState state) {
        FakeBatch batch = provider.add(id);
        batch.state = state;
        if (jobId != null) {
            batch.metadata.put(BatchProvider.JOB, jobId);
        }
        if (token != null) {
            batch.metadata.put(BatchProvider.TOKEN, token);
        }
        return batch.status();
    }
}
