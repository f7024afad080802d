package io.pairbatch.submit;

import static io.pairbatch.testing.JobFixture.GAP;
import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.preflight.Preflight;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.RegistryFile;
import io.pairbatch.step.Settings;
import io.pairbatch.step.Stop;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Lists that lag or lie, responses that come too late, refusals that are not the request's fault, and one segment's
/// problems among others.
class SubmitTroubleTest {

    private static final Duration LEASE = Duration.ofSeconds(661);

    private final JobFixture fixture = new JobFixture("\"interval_seconds\": 10");
    private final SettableClock clock = fixture.clock;
    private final SegmentRegistry segments = fixture.segments;
    private final FakeProvider provider = fixture.provider;
    private final Account account = fixture.account;
    private final Reconciler reconciler = new Reconciler(segments, new AbsenceRule(GAP, false), clock);
    private final Submitter submitter =
            new Submitter(segments, reconciler, PriceTable::bundled, GAP, clock, new Random(1));

    @SuppressWarnings("NullAway.Init")
    private OpenJob job;

    private void pending(int count) throws Exception {
        provider.refusesAfterCreate = true;
        job = fixture.split(count);
    }

    @Test
    void aVerboseJobTellsEachSegmentThatHasABatchSinceTheCallBefore() throws Exception {
        pending(2);
        OpenJob quiet = job;
        ResolvedJob verbose = JobFixture.resolved(JOB, "\"interval_seconds\": 10, \"verbose\": true");
        provider.failing.put(JobFixture.upload(2), new RetryableException("it is down", null));
        job = new OpenJob(quiet.fence(), quiet.item(), verbose, quiet.store());
        assertThat(sent()).containsExactly("1 batch_1 1");
        provider.failing.clear();
        clock.advance(Duration.ofMinutes(15));
        assertThat(sent()).containsExactly("2 batch_2 1");
        assertThat(sent()).isEmpty();

        job = quiet;
        fixture.segments
                .batches()
                .returnForLackOfRoom(job.fence(), fixture.segment(2), "token_limit_exceeded", clock.instant());
        assertThat(sent()).isEmpty();
    }

    private List<String> sent() throws Exception {
        Settings settings =
                Settings.from(Map.of("PAIRBATCH_BUCKET", "b", "PAIRBATCH_TABLE", "t", "PAIRBATCH_PREFLIGHT", "off"));
        Preflight preflight =
                new Preflight(fixture.jobs, fixture.segments, settings, PriceTable::bundled, clock, new Random(1));
        return new SubmitStep(
                        preflight,
                        fixture.submitter,
                        new RegistryFile(fixture.segments),
                        fixture.segments,
                        fixture.clock)
                .run(job, fixture.account, fixture.within(Duration.ofMinutes(10))).sent().stream()
                        .map(segment -> segment.index() + " " + segment.batchId() + " " + segment.rows())
                        .toList();
    }

    @Test
    void aListThatShowsNothingOfOursProvesNothing() throws Exception {
        pending(1);
        provider.lostRequests.add(1);
        submit();
        clock.advance(LEASE);
        submit();

        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.IN_DOUBT);
        assertThat(provider.calls("create")).hasSize(1);
    }

    @Test
    void aThrottledCreateRecordsTheProvidersMessageEachTime() throws Exception {
        pending(1);
        for (int i = 1; i <= 3; i++) {
            provider.failing.put(
                    "create", new RefusedException(Kind.LATER, 429, "rate_limit_exceeded", "slow down " + i));
            submit();
            assertThat(fixture.segment(1).providerSays()).isEqualTo("HTTP 429 rate_limit_exceeded: slow down " + i);
            clock.advance(Duration.ofHours(1));
        }
    }

    @Test
    void aDoubtIsResolvedOnceTheListShowsABatchThatWasRequestedAfterIt() throws Exception {
        pending(2);
        provider.lostRequests.add(1);
        submit();
        clock.advance(LEASE);
        // The second had no room, and is created again now: nobody can be sending the first any more.
        segments.batches()
                .returnForLackOfRoom(job.fence(), fixture.segment(2), "token_limit_exceeded", clock.instant());
        submit();
        clock.advance(Duration.ofMinutes(11));
        submit();
        assertThat(fixture.segment(1).state()).as("one look").isNotEqualTo(SegmentState.SUBMITTED);
        clock.advance(Duration.ofMinutes(11));
        submit();
        clock.advance(GAP);
        submit();

        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(outcomes(1)).containsExactly(SubmissionOutcome.ABSENT, SubmissionOutcome.CREATED);
    }

    @Test
    void withOlderWitnessesOnlyTheBatchMustStayMissingForAnHour() throws Exception {
        pending(2);
        provider.lostRequests.add(2);
        submit();
        clock.advance(LEASE);
        for (int i = 0; i < 6; i++) {
            submit();
            assertThat(fixture.segment(2).submissions()).as("look %d", i).isEqualTo(1);
            clock.advance(Duration.ofMinutes(11));
        }
        submit();
        submit();

        assertThat(outcomes(2)).containsExactly(SubmissionOutcome.ABSENT, SubmissionOutcome.CREATED);
    }

    @Test
    void aLostCreateIsAdoptedAsSoonAsItHasTimedOut() throws Exception {
        pending(1);
        provider.lostAnswers.add(1);
        submit();
        clock.advance(Duration.ofSeconds(41));
        submit();

        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_1");
    }

    @Test
    void aBatchThatAppearsAfterItWasGivenUpIsAdoptedBeforeTheNextCreate() throws Exception {
        givenUp();
        Submission first = segments.submissions(JOB, 1).getFirst();
        provider.add("late").metadata.put(BatchProvider.TOKEN, first.token());
        int creates = provider.calls("create").size();
        submit();

        assertThat(fixture.segment(1).batchId()).isEqualTo("late");
        assertThat(provider.calls("create")).hasSize(creates);
        assertThat(outcomes(1)).containsExactly(SubmissionOutcome.ADOPTED);
    }

    @Test
    void anAnswerThatComesAfterItsSubmissionWasGivenUpIsUsed() throws Exception {
        givenUp();
        reconciler.answered(job, segments.submissions(JOB, 1).getFirst(), "late");

        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(fixture.segment(1).batchId()).isEqualTo("late");
    }

    @Test
    void anAnswerThatComesAfterTheNextCreateIsRecorded() throws Exception {
        givenUp();
        submit();
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        reconciler.answered(job, segments.submissions(JOB, 1).getFirst(), "late");

        Submission first = segments.submissions(JOB, 1).getFirst();
        assertThat(first.outcome()).isEqualTo(SubmissionOutcome.LATE);
        assertThat(first.batchId()).isEqualTo("late");
        assertThat(fixture.segment(1).batchId()).isNotEqualTo("late");
    }

    @Test
    void oneSegmentThatCannotBeUploadedDoesNotStopTheOthers() throws Exception {
        pending(3);
        provider.failing.put(JobFixture.upload(2), new RetryableException("no answer to the upload", null));
        submit();

        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(fixture.segment(2).state()).isEqualTo(SegmentState.PENDING);
        assertThat(fixture.segment(2).providerSays()).isEqualTo("no answer to the upload");
        assertThat(fixture.segment(3).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void itIsAnOutageIfNothingCanBeUploadedAndNothingIsOpen() throws Exception {
        pending(2);
        provider.failing.put("upload", new RetryableException("no answer to the upload", null));
        assertThatThrownBy(this::submit).isInstanceOf(RetryableException.class);
    }

    @Test
    void aCreateThatDoesNotFindTheFileUploadsItAgainAfterAPause() throws Exception {
        pending(1);
        provider.failing.put(
                "create", new RefusedException(Kind.NOT_FOUND, 400, "invalid_request_error", "Cannot find file"));
        submit();
        provider.failing.clear();
        submit();
        assertThat(provider.calls("create")).as("it pauses").hasSize(1);
        clock.advance(Duration.ofSeconds(31));
        submit();

        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(provider.files).hasSize(2);
    }

    @Test
    void batchesThatComeBackForLackOfRoomAreNotRefusals() throws Exception {
        pending(1);
        for (int i = 0; i < 10; i++) {
            submit();
            segments.batches()
                    .returnForLackOfRoom(job.fence(), fixture.segment(1), "token_limit_exceeded", clock.instant());
        }
        provider.failing.put("create", new RefusedException(Kind.NOT_FOUND, 404, null, "No such file"));
        submit();
        provider.failing.clear();
        clock.advance(Duration.ofSeconds(31));
        submit();
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void fewBatchesAreCreatedBeforeTheProviderHasValidatedOne() throws Exception {
        pending(60);
        submit();
        assertThat(provider.calls("create")).hasSize(20);
        submit();
        assertThat(provider.calls("create")).hasSize(20);
        for (int i = 1; i <= 20; i++) {
            segments.batches().recordProgress(JOB, fixture.segment(i), "in_progress", 1, 0, 0);
        }
        submit();
        assertThat(provider.calls("create")).hasSize(40);
    }

    @Test
    void onceOneHasComeBackTheyAreCreatedOneAtATime() throws Exception {
        pending(60);
        submit();
        for (int i = 1; i <= 19; i++) {
            segments.batches().recordProgress(JOB, fixture.segment(i), "in_progress", 1, 0, 0);
        }
        segments.batches()
                .returnForLackOfRoom(job.fence(), fixture.segment(20), "token_limit_exceeded", clock.instant());
        submit();
        assertThat(provider.calls("create")).hasSize(21);
    }

    @Test
    void aRefusalThatRepeatsForLongerThanMaxStallStopsTheJobWithTheProvidersMessage() throws Exception {
        pending(1);
        RefusedException later = new RefusedException(Kind.LATER, 429, "rate_limit_exceeded", "Too many.");
        Instant start = clock.instant();
        SubmitReport report = null;
        provider.failing.put("create", later);
        while (clock.instant().isBefore(start.plus(Duration.ofHours(25)))) {
            report = submit();
            clock.advance(Duration.ofMinutes(20));
        }
        Stop stop = Objects.requireNonNull(Objects.requireNonNull(report).blocked());
        assertThat(stop.code()).isEqualTo(ErrorCode.STALLED);
        assertThat(stop.message()).contains("HTTP 429 rate_limit_exceeded: Too many.");
    }

    /// The first segment's create was lost and provably did not happen; the second's is the witness.
    private void givenUp() throws Exception {
        pending(2);
        provider.lostRequests.add(1);
        submit();
        clock.advance(LEASE);
        segments.batches()
                .returnForLackOfRoom(job.fence(), fixture.segment(2), "token_limit_exceeded", clock.instant());
        submit();
        for (int i = 0; i < 4 && fixture.segment(1).state() != SegmentState.PENDING; i++) {
            clock.advance(Duration.ofMinutes(11));
            reconciler.settle(job, account, fixture.segment(1));
        }
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.PENDING);
    }

    private SubmitReport submit() {
        return submitter.submit(job, account, fixture.within(Duration.ofMinutes(10)));
    }

    private List<@Nullable SubmissionOutcome> outcomes(int index) {
        List<@Nullable SubmissionOutcome> outcomes = new ArrayList<>();
        segments.submissions(JOB, index).forEach(s -> outcomes.add(s.outcome()));
        return outcomes;
    }
}
