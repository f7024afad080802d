package io.pairbatch.poll;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.RetryableException;
import io.pairbatch.poll.PollReport.Next;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Transport;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.reconcile.Readiness;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.testing.FakeBatch;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import io.pairbatch.time.Deadline;
import io.pairbatch.time.Sleeper;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The poller's rounds with a table in memory (contract 5.2).
class PollStepTest {

    private final JobFixture fixture = new JobFixture("\"interval_seconds\": 10, \"per_job_delay\": 0");
    private final SettableClock clock = fixture.clock;
    private final SegmentRegistry segments = fixture.segments;
    private final FakeProvider provider = fixture.provider;
    private final Account account = fixture.account;
    private final PollStep poller = new PollStep(
            segments, PriceTable::bundled, Patience.USUAL, clock, Sleeper.REAL, new Backoff(new Random(1)));

    @Test
    void theWaitGrowsWhileNothingChangesAndIsResetAfterAChange() throws Exception {
        OpenJob job = submitted(1);
        List<Long> waits = new ArrayList<>();
        int unchanged = 0;
        for (int round = 0; round < 8; round++) {
            batch(1).completed = round < 6 ? 0 : 1;
            PollReport report = poll(job, unchanged);
            unchanged = report.unchanged();
            waits.add(report.waitSeconds());
        }
        // The first round sees a status for the first time, the seventh a count.
        assertThat(waits).containsExactly(10L, 20L, 40L, 80L, 100L, 100L, 10L, 20L);
    }

    @Test
    void aPollThatHadTooLittleTimeIsFollowedByOneThatStartsWithTheRest() throws Exception {
        submitted(3);
        // There is time for only one read: afterwards there is less left than another needs.
        provider.takes.put("retrieve", Duration.ofSeconds(100));
        for (int round = 0; round < 4; round++) {
            poll(fixture.open(), 0);
        }
        assertThat(provider.calls)
                .containsExactly("retrieve batch_1", "retrieve batch_2", "retrieve batch_3", "retrieve batch_1");
    }

    @Test
    void aPollThatFindsNothingNewWritesNothing() throws Exception {
        OpenJob job = submitted(3);
        poll(job, 0);
        List<?> before = List.copyOf(fixture.table.snapshot().items());

        poll(job, 0);

        assertThat(provider.calls).hasSize(6);
        assertThat(List.copyOf(fixture.table.snapshot().items())).isEqualTo(before);
    }

    @Test
    void aBatchThatIsOverdueIsStoppedOnceIfTheJobSaysSoAndIsWaitedForLikeAnyOther() throws Exception {
        OpenJob waits = submitted(2);
        OpenJob stops = fixture.open("\"overdue\": \"cancel\"");
        Instant due = Objects.requireNonNull(fixture.segment(1).submittedAt()).plus(Duration.ofHours(25));
        clock.advance(Duration.between(clock.instant(), due.minusSeconds(61)));
        // Each poll is a minute later.
        poll(stops, 0);
        assertThat(provider.calls("cancel")).isEmpty();
        poll(waits, 0);
        assertThat(provider.calls("cancel")).isEmpty();

        assertThat(poll(stops, 0).next()).isEqualTo(PollReport.Next.WAIT);
        poll(stops, 0);
        assertThat(provider.calls("cancel")).containsExactly("cancel batch_1", "cancel batch_2");
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);

        batch(1).state = BatchState.CANCELLED;
        batch(2).state = BatchState.COMPLETED;
        assertThat(poll(stops, 0).toCollect()).containsExactly(1, 2);
        assertThat(fixture.segment(1).outcome()).isEqualTo(SegmentState.CANCELLED);
        assertThat(fixture.segment(1).errorMessage()).contains("because it was overdue");
        assertThat(fixture.segment(2).errorMessage()).isNull();
        assertThat(provider.calls("create")).isEmpty();
    }

    @Test
    void whatAPollReportsMatchesTheRegistry() throws Exception {
        OpenJob job = submitted(4);
        batch(2).state = BatchState.COMPLETED;
        batch(3).state = BatchState.NO_ROOM;

        PollReport report = poll(job, 0);

        assertThat(report.segments().stream().map(SegmentItem::state))
                .containsExactly(
                        SegmentState.SUBMITTED, SegmentState.ENDED, SegmentState.PENDING, SegmentState.SUBMITTED);
        assertThat(report.toCollect()).containsExactly(2);
    }

    @Test
    void manyBatchesAreReadFromTheList() throws Exception {
        OpenJob job = submitted(4);
        poll(job, 0);
        assertThat(provider.calls).containsExactly("list");
    }

    @Test
    void aStrayBatchOfTheJobIsRecordedWhenTheListIsRead() throws Exception {
        OpenJob job = submitted(4);
        provider.add("stray").metadata.put(BatchProvider.TOKEN, "0123abcd-000001-00");
        poll(job, 0);
        assertThat(fixture.open().item().strays().ids()).containsExactly("stray");
    }

    @Test
    void aBatchThatHasEndedIsCollectedAndNotPolledAgain() throws Exception {
        OpenJob job = submitted(2);
        batch(1).state = BatchState.EXPIRED;
        PollReport first = poll(job, 0);
        assertThat(first.next()).isEqualTo(Next.WAIT);
        assertThat(first.toCollect()).containsExactly(1);
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.ENDED);

        provider.calls.clear();
        batch(2).state = BatchState.CANCELLED;
        assertThat(poll(job, 0).next()).isEqualTo(Next.RETRY);
        assertThat(provider.calls).containsExactly("retrieve batch_2");
    }

    /// The list hangs, and so do the reads after it, if there is time for them.
    @ParameterizedTest
    @CsvSource({"3, /batches/batch_1", "20, /batches"})
    void aProviderThatHangsIsAnOutageBeforeTheFunctionEnds(int attempts, String last) throws Exception {
        OpenJob job = submitted(4);
        Deadline deadline = fixture.within(Duration.ofMinutes(5));
        Transport hanging = (request, connection, end) -> {
            clock.advance(request.timeout().orElseThrow());
            throw new HttpTimeoutException("request timed out");
        };
        Network network = new Network(hanging, clock::advance, new Random(1)).until(deadline);
        BatchProvider openAi = new OpenAiClient(
                OpenAiService.of("openai"), URI.create("http://provider.example"), "key", attempts, network);
        assertThatThrownBy(() -> poller.poll(job, new Account(openAi, "openai#x"), 0, deadline))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessageContaining("did not serve " + last + ": HttpTimeoutException");
        assertThat(deadline.left()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aBatchThatIsDeniedForAWhileStaysOpenAndIsReadAgain() throws Exception {
        OpenJob job = submitted(2);
        batch(1).denied = true;
        pollFor(job, Duration.ofMinutes(40));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(fixture.segment(1).trouble().missing().looks()).isEqualTo(4);
        assertThat(fixture.segment(1).providerSays()).contains("404");

        batch(1).denied = false;
        poll(job, 0);
        assertThat(fixture.segment(1).trouble().missing().since()).isNull();
        provider.batches.remove("batch_1");
        pollFor(job, Duration.ofMinutes(50));
        assertThat(fixture.segment(1).state()).as("an answer restarts the hour").isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void aBatchIsLostAfterAnHourOfDenialsAndAListThatShowsAnotherOfOurs() throws Exception {
        OpenJob job = submitted(2);
        provider.batches.remove("batch_1");
        pollFor(job, Duration.ofMinutes(59));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        pollFor(job, Duration.ofMinutes(10));
        SegmentItem lost = fixture.segment(1);
        assertThat(lost.state()).isEqualTo(SegmentState.ENDED);
        assertThat(lost.outcome()).isEqualTo(SegmentState.FAILED);
        assertThat(lost.errorCode()).isEqualTo("batch_lost");
        assertThat(lost.batchId()).isEqualTo("batch_1");
        assertThat(lost.errorMessage()).contains("batch batch_1", "its list shows other batches");
    }

    @Test
    void denialsCountOnlyIfTheyAreSpreadOverTheHour() throws Exception {
        OpenJob job = submitted(2);
        provider.batches.remove("batch_1");
        for (int i = 0; i < 8; i++) {
            poll(job, 0);
        }
        clock.advance(Duration.ofHours(2));
        poll(job, 0);
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        pollFor(job, Duration.ofMinutes(25));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.ENDED);
    }

    @Test
    void aDeniedBatchThatIsListedIsReadFromTheList() throws Exception {
        OpenJob job = submitted(2);
        batch(1).denied = true;
        pollFor(job, Duration.ofMinutes(70));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        batch(1).state = BatchState.COMPLETED;
        pollFor(job, Duration.ofMinutes(70));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.ENDED);
        assertThat(fixture.segment(1).errorCode()).isNull();
    }

    @Test
    void aListThatShowsNothingOfOursProvesNothingAndTheTimeDecides() throws Exception {
        OpenJob job = submitted(1);
        provider.batches.clear();
        provider.add("somebody-else's");
        pollFor(job, Duration.ofHours(71));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        pollFor(job, Duration.ofMinutes(70));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.ENDED);
        assertThat(fixture.segment(1).errorMessage()).contains("72 hours");
    }

    @Test
    void aKeyThatMayNotListProvesNothingEither() throws Exception {
        OpenJob job = submitted(2);
        provider.batches.remove("batch_1");
        provider.failing.put("list", new RefusedException(RefusedException.Kind.KEY, 403, null, "no"));
        pollFor(job, Duration.ofHours(10));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void whatAnotherKeyDoesNotKnowIsNotLostAndStopsTheJobOnlyWhenNothingElseIsLeft() throws Exception {
        OpenJob job = submitted(2);
        provider.batches.remove("batch_1");
        provider.add("other");
        Account stranger = new Account(provider, "openai#y");
        batch(2).listed = false;
        PollReport report = null;
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofHours(1));
            report = poller.poll(job, stranger, 0, deadline());
            assertThat(report.next()).isEqualTo(Next.WAIT);
        }
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        batch(2).state = BatchState.COMPLETED;
        clock.advance(Duration.ofHours(1));
        report = poller.poll(job, stranger, 0, deadline());
        assertThat(report.toCollect()).containsExactly(2);
        segments.batches()
                .recordCollected(
                        JOB,
                        fixture.segment(2),
                        SegmentState.COLLECTED,
                        1,
                        0,
                        JobFixture.TAG_RULES,
                        SegmentItem.Copies.KEPT,
                        null);
        clock.advance(Duration.ofHours(1));
        report = poller.poll(job, stranger, 0, deadline());
        assertThat(report.next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).state()).isEqualTo(JobState.WAITING_FOR_KEY);
    }

    @Test
    void whatWasReadByOtherRulesIsHandedOutAgain() throws Exception {
        OpenJob job = submitted(2);
        for (int i = 1; i <= 2; i++) {
            batch(i).state = BatchState.COMPLETED;
        }
        poller.poll(job, fixture.account, 0, deadline());
        segments.batches()
                .recordCollected(
                        JOB,
                        fixture.segment(1),
                        SegmentState.COLLECTED,
                        1,
                        0,
                        JobFixture.TAG_RULES,
                        SegmentItem.Copies.KEPT,
                        null);
        segments.batches()
                .recordCollected(
                        JOB, fixture.segment(2), SegmentState.COLLECTED, 1, 0, "others", SegmentItem.Copies.KEPT, null);
        clock.advance(Duration.ofHours(1));

        PollReport report = poller.poll(job, fixture.account, 0, deadline());
        assertThat(report.toCollect()).containsExactly(2);
        assertThat(poller.poll(job, fixture.account, 0, deadline()).next()).isEqualTo(Next.WAIT);

        segments.batches().recordReread(JOB, fixture.segment(2), 1, 0, JobFixture.TAG_RULES);
        report = poller.poll(job, fixture.account, 0, deadline());
        assertThat(report.next()).isEqualTo(Next.RETRY);
        assertThat(report.toCollect()).isEmpty();
    }

    @Test
    void oneFailureOfAReadingMonthsLaterIsNoStall() throws Exception {
        OpenJob job = submitted(1);
        batch(1).state = BatchState.COMPLETED;
        assertThat(poller.poll(job, fixture.account, 0, deadline()).toCollect()).containsExactly(1);
        segments.batches()
                .recordCollected(
                        JOB, fixture.segment(1), SegmentState.COLLECTED, 1, 0, "others", SegmentItem.Copies.KEPT, null);
        clock.advance(Duration.ofDays(30));
        // It is handed out, and the function dies once.
        assertThat(poller.poll(job, fixture.account, 0, deadline()).toCollect()).containsExactly(1);
        assertThat(poller.poll(job, fixture.account, 0, deadline()).next()).isEqualTo(Next.WAIT);
    }

    @Test
    void manyBatchesThatNoKeyKnowsStopTheJobTooAndCostOneListARound() throws Exception {
        OpenJob job = submitted(6);
        provider.batches.clear();
        Account stranger = new Account(provider, "openai#y");
        PollReport report = null;
        for (int i = 0; i < 8; i++) {
            clock.advance(Duration.ofMinutes(15));
            provider.calls.clear();
            report = poller.poll(job, stranger, 0, deadline());
        }
        assertThat(Objects.requireNonNull(report).next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).message()).contains("segments [1, 2, 3, 4, 5, 6]");
        assertThat(provider.calls("list")).hasSize(2);
    }

    @Test
    void aBatchWhoseCreatorsKeyIsRefusedStopsTheJobEvenIfThereIsADoubt() throws Exception {
        OpenJob job = submitted(2);
        fixture.table.edit(JOB, "SEGMENT#000002", item -> item.put("state", AttributeValue.fromS("IN_DOUBT")));
        FakeProvider refusing = new FakeProvider(clock);
        RefusedException no = new RefusedException(RefusedException.Kind.KEY, 401, "revoked", "no");
        refusing.failing.putAll(Map.of("retrieve", no, "list", no));
        Account revoked = new Account(refusing, account.window());
        Account fresh = new Account(provider, "openai#y", () -> Optional.of(revoked));
        provider.batches.clear();
        PollReport report = null;
        for (int i = 0; i < 8; i++) {
            clock.advance(Duration.ofMinutes(15));
            report = poller.poll(job, fresh, 0, deadline());
        }
        assertThat(Objects.requireNonNull(report).next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).state()).isEqualTo(JobState.WAITING_FOR_DECISION);
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void aPersonMayDecideThatABatchIsLost() throws Exception {
        OpenJob job = submitted(1);
        provider.batches.remove("batch_1");
        fixture.table.edit(JOB, "SEGMENT#000001", item -> item.put("give_up", AttributeValue.fromBool(true)));
        poll(job, 0);
        assertThat(fixture.segment(1).errorCode()).isEqualTo("batch_lost");
        assertThat(fixture.segment(1).errorMessage()).contains("a person");
    }

    @Test
    void aBatchThatCannotBeReadDoesNotAffectOthersAndPauses() throws Exception {
        OpenJob job = submitted(2);
        provider.failing.put("retrieve batch_1", new IllegalStateException("what is this"));
        batch(2).state = BatchState.COMPLETED;
        PollReport report = poll(job, 0);
        assertThat(report.next()).isEqualTo(Next.WAIT);
        assertThat(report.toCollect()).containsExactly(2);
        assertThat(fixture.segment(1).trouble().pollFailures()).isEqualTo(1);
        assertThat(fixture.segment(1).providerSays()).contains("what is this");

        provider.calls.clear();
        poller.poll(job, account, 0, deadline());
        assertThat(provider.calls).as("its pause is not over").isEmpty();

        provider.failing.clear();
        clock.advance(Duration.ofMinutes(15));
        poller.poll(job, account, 0, deadline());
        assertThat(fixture.segment(1).trouble().pollFailures()).isZero();
    }

    @Test
    void itIsAnOutageOnlyIfNoBatchCanBeRead() throws Exception {
        OpenJob job = submitted(2);
        provider.failing.put("retrieve batch_1", new RetryableException("503", null));
        assertThat(poll(job, 0).next()).isEqualTo(Next.WAIT);
        provider.failing.put("retrieve batch_2", new RetryableException("503", null));
        clock.advance(Duration.ofMinutes(15));
        assertThatThrownBy(() -> poll(job, 0)).isInstanceOf(RetryableException.class);
    }

    @Test
    void aBatchThatCannotBeReadForMaxStallStopsTheJobWhenAllElseIsDone() throws Exception {
        OpenJob job = submitted(2);
        provider.failing.put("retrieve batch_1", new IllegalStateException("what is this"));
        pollFor(job, Duration.ofHours(30));
        batch(2).state = BatchState.COMPLETED;
        assertThat(poll(job, 0).toCollect()).containsExactly(2);
        segments.batches()
                .recordCollected(
                        JOB,
                        fixture.segment(2),
                        SegmentState.COLLECTED,
                        1,
                        0,
                        JobFixture.TAG_RULES,
                        SegmentItem.Copies.KEPT,
                        null);
        PollReport report = pollFor(job, Duration.ofMinutes(16));
        assertThat(report.next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).code()).isEqualTo(ErrorCode.STALLED);
        assertThat(report.stop().message()).contains("segments [1]", "what is this");
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void aBatchRefusedForLackOfCreditStopsTheJobWithTheProvidersMessageAndIsCreatedAgainWhenItContinues()
            throws Exception {
        OpenJob job = submitted(1);
        batch(1).state = BatchState.NO_CREDIT;
        batch(1).error = "billing_hard_limit_reached";
        PollReport report = poll(job, 0);
        assertThat(report.next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).state()).isEqualTo(JobState.WAITING_FOR_KEY);
        assertThat(report.stop().code()).isEqualTo(ErrorCode.KEY_REFUSED);
        assertThat(report.stop().message()).contains("billing_hard_limit_reached: why");
        SegmentItem segment = fixture.segment(1);
        assertThat(segment.state()).isEqualTo(SegmentState.PENDING);
        assertThat(segment.providerSays()).isEqualTo("billing_hard_limit_reached: why");

        assertThat(fixture.submit(job).submitted()).isEqualTo(1);
        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_2");
    }

    @Test
    void lackOfCreditDoesNotStopRunningBatches() throws Exception {
        OpenJob job = submitted(3);
        batch(1).state = BatchState.NO_CREDIT;
        batch(2).state = BatchState.COMPLETED;
        PollReport report = poll(job, 0);
        assertThat(report.next()).isEqualTo(Next.WAIT);
        assertThat(report.toCollect()).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource({"NO_ROOM, 1, 0", "NO_CREDIT, 1, 0", "NO_CREDIT, 0, 1", "NO_FILE, 1, 0", "NO_FILE, 0, 1"})
    void aBatchThatRanInPartIsNeverCreatedAgain(BatchState refused, int completed, int failed) throws Exception {
        OpenJob job = submitted(1);
        batch(1).completed = completed;
        batch(1).failed = failed;
        poll(job, 0);
        batch(1).completed = 0;
        batch(1).failed = 0;
        batch(1).state = refused;
        assertThat(poll(job, 0).toCollect()).containsExactly(1);
        assertThat(fixture.segment(1).outcome()).isEqualTo(SegmentState.FAILED);
    }

    @Test
    void aBatchThatDidNotFindItsFileIsCreatedAgainWithAnotherOneAfterAPauseButNotForever() throws Exception {
        OpenJob job = submitted(1);
        for (int attempt = 1; attempt < 3; attempt++) {
            batch(attempt).state = BatchState.NO_FILE;
            assertThat(poll(job, 0).next()).isEqualTo(Next.WAIT);
            SegmentItem segment = fixture.segment(1);
            assertThat(segment.state()).isEqualTo(SegmentState.PENDING);
            assertThat(segment.fileId()).isNull();
            assertThat(segment.fileFailures()).isEqualTo(attempt);
            assertThat(Readiness.of(segments.all(JOB)))
                    .isEqualTo(clock.instant().plusSeconds(30L * attempt));
            clock.advance(Duration.ofSeconds(30L * attempt));
            fixture.submit(job);
            assertThat(fixture.segment(1).batchId()).isEqualTo("batch_" + (attempt + 1));
            assertThat(batch(attempt + 1).input).isEqualTo("file_" + (attempt + 1));
        }
        batch(3).state = BatchState.NO_FILE;
        poll(job, 0);
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.ENDED);
        assertThat(fixture.segment(1).outcome()).isEqualTo(SegmentState.FAILED);
    }

    @Test
    void aSegmentThatIsNotCollectedIsHandedOutAgainAfterIncreasingPauses() throws Exception {
        OpenJob job = submitted(1);
        batch(1).state = BatchState.COMPLETED;
        PollReport report = poll(job, 0);
        assertThat(report.toCollect()).containsExactly(1);
        assertThat(report.next()).isEqualTo(Next.RETRY);
        report = poller.poll(job, account, 0, deadline());
        assertThat(report.toCollect()).isEmpty();
        assertThat(report.next()).isEqualTo(Next.WAIT);
        assertThat(report.waitSeconds()).isLessThanOrEqualTo(31);

        List<Duration> pauses = new ArrayList<>();
        Instant last = clock.instant();
        for (int i = 0; i < 600; i++) {
            clock.advance(Duration.ofSeconds(10));
            if (!poller.poll(job, account, 0, deadline()).toCollect().isEmpty()) {
                pauses.add(Duration.between(last, clock.instant()));
                last = clock.instant();
            }
        }
        assertThat(pauses.getFirst()).isLessThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(pauses.getLast()).isBetween(Duration.ofMinutes(7), Duration.ofMinutes(16));
        assertThat(fixture.segment(1).trouble().collectAttempts()).isEqualTo(1 + pauses.size());
    }

    @Test
    void aSegmentThatIsNeverCollectedStopsTheJobAfterMaxStall() throws Exception {
        OpenJob job = submitted(1);
        batch(1).state = BatchState.COMPLETED;
        PollReport report = null;
        for (int i = 0; i < 23 * 4; i++) {
            clock.advance(Duration.ofMinutes(15));
            report = poller.poll(job, account, 0, deadline());
            assertThat(report.next()).isNotEqualTo(Next.STOP);
        }
        clock.advance(Duration.ofHours(2));
        assertThat(poller.poll(job, account, 0, deadline()).toCollect())
                .as("it is tried before the job stops")
                .containsExactly(1);
        report = poller.poll(job, account, 0, deadline());
        assertThat(report.next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).code()).isEqualTo(ErrorCode.STALLED);
    }

    /// Polls every five minutes.
    private PollReport pollFor(OpenJob job, Duration time) {
        Instant end = clock.instant().plus(time);
        PollReport report = null;
        while (clock.instant().isBefore(end)) {
            clock.advance(Duration.ofMinutes(5));
            report = poller.poll(job, account, 0, deadline());
        }
        return Objects.requireNonNull(report);
    }

    private FakeBatch batch(int number) {
        return provider.batch("batch_" + number);
    }

    private Deadline deadline() {
        return fixture.within(Duration.ofMinutes(2));
    }

    private PollReport poll(OpenJob job, int unchanged) {
        clock.advance(Duration.ofMinutes(1));
        return poller.poll(job, account, unchanged, deadline());
    }

    private OpenJob submitted(int count) throws Exception {
        OpenJob job = fixture.split(count);
        fixture.submit(job);
        assertThat(segments.all(JOB)).allMatch(s -> s.state() == SegmentState.SUBMITTED);
        provider.calls.clear();
        return job;
    }
}
