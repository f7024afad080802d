package io.pairbatch.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Segment;
import io.pairbatch.poll.PollReport.Next;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Transport;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.reconcile.Readiness;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.split.JobFixture;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.SettableClock;
import io.pairbatch.store.FolderStore;
import io.pairbatch.submit.Submitter;
import io.pairbatch.time.Deadline;
import io.pairbatch.time.Sleeper;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The poller's rounds with a table in memory (contract 5.2).
class PollStepTest {

    private static final String JOB = "a-0123abcd";

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final MemoryTable table = MemoryTable.registry("t");
    private final JobRegistry jobs = new JobRegistry(table, "t", clock);
    private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
    private final Submitter submitter = new Submitter(
            segments,
            new Reconciler(segments, new AbsenceRule(Duration.ofMinutes(1), true), clock),
            Duration.ofMinutes(1),
            clock,
            new java.util.Random(1));
    private final PollStep poller =
            new PollStep(segments, Patience.USUAL, clock, Sleeper.REAL, new Backoff(new Random(1)));
    private final Batches provider = new Batches();
    private final Account account = new Account(provider, "openai#x");

    @Test
    void theWaitGrowsWhileNothingChangesAndIsResetAfterAChange() throws Exception {
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
    void aPollThatHadTooLittleTimeIsFollowedByOneThatStartsWithTheRest() throws Exception {
        OpenJob job = submitted(3);
        // There is time for only one read: afterwards there is less left than another needs.
        provider.readTakes = Duration.ofSeconds(100);
        for (int round = 0; round < 4; round++) {
            poll(new OpenJob(job.fence(), jobs.require(job.fence()), job.resolved(), job.store()), 0);
        }
        assertThat(provider.asked).containsExactly("retrieve 1", "retrieve 2", "retrieve 3", "retrieve 1");
    }

    @Test
    void aPollThatFindsNothingNewWritesNothing() throws Exception {
        OpenJob job = submitted(3);
        poll(job, 0);
        List<?> before = List.copyOf(table.snapshot().items());

        poll(job, 0);

        assertThat(provider.asked).hasSize(6);
        assertThat(List.copyOf(table.snapshot().items())).isEqualTo(before);
    }

    @Test
    void whatAPollReportsMatchesTheRegistry() throws Exception {
        OpenJob job = submitted(4);
        provider.states.put("2", BatchState.COMPLETED);
        provider.states.put("3", BatchState.NO_ROOM);

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
        assertThat(provider.asked).containsExactly("list");
    }

    @Test
    void aStrayBatchOfTheJobIsRecordedWhenTheListIsRead() throws Exception {
        OpenJob job = submitted(4);
        provider.listed = List.of("stray", "1", "2", "3", "4");
        provider.states.put("stray", BatchState.RUNNING);
        poll(job, 0);
        assertThat(jobs.require(job.fence()).strays().ids()).containsExactly("stray");
    }

    @Test
    void aBatchThatHasEndedIsCollectedAndNotPolledAgain() throws Exception {
        OpenJob job = submitted(2);
        provider.states.put("1", BatchState.EXPIRED);
        PollReport first = poll(job, 0);
        assertThat(first.next()).isEqualTo(Next.WAIT);
        assertThat(first.toCollect()).containsExactly(1);
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.ENDED);

        provider.asked.clear();
        provider.states.put("2", BatchState.CANCELLED);
        assertThat(poll(job, 0).next()).isEqualTo(Next.MERGE);
        assertThat(provider.asked).containsExactly("retrieve 2");
    }

    /// The list hangs, and so do the reads after it, if there is time for them.
    @ParameterizedTest
    @CsvSource({"3, /batches/1", "20, /batches"})
    void aProviderThatHangsIsAnOutageBeforeTheFunctionEnds(int attempts, String last) throws Exception {
        OpenJob job = submitted(4);
        Deadline deadline = new Deadline(clock.instant().plusSeconds(300), clock);
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
        provider.denied.add("1");
        pollFor(job, Duration.ofMinutes(40));
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(segments.require(JOB, 1).trouble().missing().looks()).isEqualTo(4);
        assertThat(segments.require(JOB, 1).providerSays()).contains("404");

        provider.denied.clear();
        poll(job, 0);
        assertThat(segments.require(JOB, 1).trouble().missing().since()).isNull();
        provider.denied.add("1");
        provider.states.remove("1");
        pollFor(job, Duration.ofMinutes(50));
        assertThat(segments.require(JOB, 1).state())
                .as("an answer restarts the hour")
                .isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void aBatchIsLostAfterAnHourOfDenialsAndAListThatShowsAnotherOfOurs() throws Exception {
        OpenJob job = submitted(2);
        provider.states.remove("1");
        pollFor(job, Duration.ofMinutes(59));
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
        pollFor(job, Duration.ofMinutes(10));
        SegmentItem lost = segments.require(JOB, 1);
        assertThat(lost.state()).isEqualTo(SegmentState.ENDED);
        assertThat(lost.outcome()).isEqualTo(SegmentState.FAILED);
        assertThat(lost.errorCode()).isEqualTo("batch_lost");
        assertThat(lost.batchId()).isEqualTo("1");
        assertThat(lost.errorMessage()).contains("batch 1", "its list shows other batches");
    }

    @Test
    void denialsCountOnlyIfTheyAreSpreadOverTheHour() throws Exception {
        OpenJob job = submitted(2);
        provider.states.remove("1");
        for (int i = 0; i < 8; i++) {
            poll(job, 0);
        }
        clock.advance(Duration.ofHours(2));
        poll(job, 0);
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
        pollFor(job, Duration.ofMinutes(25));
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.ENDED);
    }

    @Test
    void aDeniedBatchThatIsListedIsReadFromTheList() throws Exception {
        OpenJob job = submitted(2);
        provider.denied.add("1");
        pollFor(job, Duration.ofMinutes(70));
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
        provider.states.put("1", BatchState.COMPLETED);
        pollFor(job, Duration.ofMinutes(70));
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.ENDED);
        assertThat(segments.require(JOB, 1).errorCode()).isNull();
    }

    @Test
    void aListThatShowsNothingOfOursProvesNothingAndTheTimeDecides() throws Exception {
        OpenJob job = submitted(1);
        provider.states.clear();
        provider.states.put("somebody-else's", BatchState.RUNNING);
        pollFor(job, Duration.ofHours(71));
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
        pollFor(job, Duration.ofMinutes(70));
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.ENDED);
        assertThat(segments.require(JOB, 1).errorMessage()).contains("72 hours");
    }

    @Test
    void aKeyThatMayNotListProvesNothingEither() throws Exception {
        OpenJob job = submitted(2);
        provider.states.remove("1");
        provider.mayList = false;
        pollFor(job, Duration.ofHours(10));
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void whatAnotherKeyDoesNotKnowIsNotLostAndStopsTheJobOnlyWhenNothingElseIsLeft() throws Exception {
        OpenJob job = submitted(2);
        provider.states.remove("1");
        provider.states.put("other", BatchState.RUNNING);
        Account stranger = new Account(provider, "openai#y");
        provider.listed = List.of("other");
        PollReport report = null;
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofHours(1));
            report = poller.poll(job, stranger, 0, deadline());
            assertThat(report.next()).isEqualTo(Next.WAIT);
        }
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
        provider.states.put("2", BatchState.COMPLETED);
        clock.advance(Duration.ofHours(1));
        report = poller.poll(job, stranger, 0, deadline());
        assertThat(report.toCollect()).containsExactly(2);
        segments.batches()
                .recordCollected(JOB, segments.require(JOB, 2), SegmentState.COLLECTED, 1, 0, SegmentItem.Copies.KEPT);
        clock.advance(Duration.ofHours(1));
        report = poller.poll(job, stranger, 0, deadline());
        assertThat(report.next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).state()).isEqualTo(JobState.WAITING_FOR_KEY);
    }

    @Test
    void manyBatchesThatNoKeyKnowsStopTheJobTooAndCostOneListARound() throws Exception {
        OpenJob job = submitted(6);
        provider.states.clear();
        Account stranger = new Account(provider, "openai#y");
        PollReport report = null;
        for (int i = 0; i < 8; i++) {
            clock.advance(Duration.ofMinutes(15));
            provider.asked.clear();
            report = poller.poll(job, stranger, 0, deadline());
        }
        assertThat(Objects.requireNonNull(report).next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).message()).contains("segments [1, 2, 3, 4, 5, 6]");
        assertThat(provider.asked.stream().filter("list"::equals)).hasSize(2);
    }

    @Test
    void aBatchWhoseCreatorsKeyIsRefusedStopsTheJobEvenIfThereIsADoubt() throws Exception {
        OpenJob job = submitted(2);
        table.edit(JOB, "SEGMENT#000002", item -> item.put("state", AttributeValue.fromS("IN_DOUBT")));
        Account revoked = new Account(refusing(), account.window());
        Account fresh = new Account(provider, "openai#y", () -> Optional.of(revoked));
        provider.states.clear();
        PollReport report = null;
        for (int i = 0; i < 8; i++) {
            clock.advance(Duration.ofMinutes(15));
            report = poller.poll(job, fresh, 0, deadline());
        }
        assertThat(Objects.requireNonNull(report).next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).state()).isEqualTo(JobState.WAITING_FOR_DECISION);
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    private BatchProvider refusing() {
        return (BatchProvider) Proxy.newProxyInstance(
                PollStepTest.class.getClassLoader(), new Class<?>[] {BatchProvider.class}, (proxy, method, args) -> {
                    throw new RefusedException(RefusedException.Kind.KEY, 401, "revoked", "no");
                });
    }

    @Test
    void aPersonMayDecideThatABatchIsLost() throws Exception {
        OpenJob job = submitted(1);
        provider.states.remove("1");
        table.edit(JOB, "SEGMENT#000001", item -> item.put("give_up", AttributeValue.fromBool(true)));
        poll(job, 0);
        assertThat(segments.require(JOB, 1).errorCode()).isEqualTo("batch_lost");
        assertThat(segments.require(JOB, 1).errorMessage()).contains("a person");
    }

    @Test
    void aBatchThatCannotBeReadDoesNotAffectOthersAndPauses() throws Exception {
        OpenJob job = submitted(2);
        provider.failures.put("1", new IllegalStateException("what is this"));
        provider.states.put("2", BatchState.COMPLETED);
        PollReport report = poll(job, 0);
        assertThat(report.next()).isEqualTo(Next.WAIT);
        assertThat(report.toCollect()).containsExactly(2);
        assertThat(segments.require(JOB, 1).trouble().pollFailures()).isEqualTo(1);
        assertThat(segments.require(JOB, 1).providerSays()).contains("what is this");

        provider.asked.clear();
        poller.poll(job, account, 0, deadline());
        assertThat(provider.asked).as("its pause is not over").isEmpty();

        provider.failures.clear();
        clock.advance(Duration.ofMinutes(15));
        poller.poll(job, account, 0, deadline());
        assertThat(segments.require(JOB, 1).trouble().pollFailures()).isZero();
    }

    @Test
    void itIsAnOutageOnlyIfNoBatchCanBeRead() throws Exception {
        OpenJob job = submitted(2);
        provider.failures.put("1", new RetryableException("503", null));
        assertThat(poll(job, 0).next()).isEqualTo(Next.WAIT);
        provider.failures.put("2", new RetryableException("503", null));
        clock.advance(Duration.ofMinutes(15));
        assertThatThrownBy(() -> poll(job, 0)).isInstanceOf(RetryableException.class);
    }

    @Test
    void aBatchThatCannotBeReadForMaxStallStopsTheJobWhenAllElseIsDone() throws Exception {
        OpenJob job = submitted(2);
        provider.failures.put("1", new IllegalStateException("what is this"));
        pollFor(job, Duration.ofHours(30));
        provider.states.put("2", BatchState.COMPLETED);
        assertThat(poll(job, 0).toCollect()).containsExactly(2);
        segments.batches()
                .recordCollected(JOB, segments.require(JOB, 2), SegmentState.COLLECTED, 1, 0, SegmentItem.Copies.KEPT);
        PollReport report = pollFor(job, Duration.ofMinutes(16));
        assertThat(report.next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).code()).isEqualTo(ErrorCode.STALLED);
        assertThat(report.stop().message()).contains("segments [1]", "what is this");
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void aBatchRefusedForLackOfCreditStopsTheJobWithTheProvidersMessageAndIsCreatedAgainWhenItContinues()
            throws Exception {
        OpenJob job = submitted(1);
        provider.states.put("1", BatchState.NO_CREDIT);
        provider.error = "billing_hard_limit_reached";
        PollReport report = poll(job, 0);
        assertThat(report.next()).isEqualTo(Next.STOP);
        assertThat(Objects.requireNonNull(report.stop()).state()).isEqualTo(JobState.WAITING_FOR_KEY);
        assertThat(report.stop().code()).isEqualTo(ErrorCode.KEY_REFUSED);
        assertThat(report.stop().message()).contains("billing_hard_limit_reached: why");
        SegmentItem segment = segments.require(JOB, 1);
        assertThat(segment.state()).isEqualTo(SegmentState.PENDING);
        assertThat(segment.providerSays()).isEqualTo("billing_hard_limit_reached: why");

        provider.states.put("2", BatchState.RUNNING);
        assertThat(submitter.submit(job, account, deadline()).submitted()).isEqualTo(1);
        assertThat(segments.require(JOB, 1).batchId()).isEqualTo("2");
    }

    @Test
    void lackOfCreditDoesNotStopRunningBatches() throws Exception {
        OpenJob job = submitted(3);
        provider.states.put("1", BatchState.NO_CREDIT);
        provider.states.put("2", BatchState.COMPLETED);
        PollReport report = poll(job, 0);
        assertThat(report.next()).isEqualTo(Next.WAIT);
        assertThat(report.toCollect()).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource({"NO_ROOM, 1, 0", "NO_CREDIT, 1, 0", "NO_CREDIT, 0, 1", "NO_FILE, 1, 0", "NO_FILE, 0, 1"})
    void aBatchThatRanInPartIsNeverCreatedAgain(BatchState refused, int completed, int failed) throws Exception {
        OpenJob job = submitted(1);
        provider.completed = completed;
        provider.failed = failed;
        poll(job, 0);
        provider.completed = 0;
        provider.failed = 0;
        provider.states.put("1", refused);
        assertThat(poll(job, 0).toCollect()).containsExactly(1);
        assertThat(segments.require(JOB, 1).outcome()).isEqualTo(SegmentState.FAILED);
    }

    @Test
    void aBatchThatDidNotFindItsFileIsCreatedAgainWithAnotherOneAfterAPauseButNotForever() throws Exception {
        OpenJob job = submitted(1);
        for (int attempt = 1; attempt < 3; attempt++) {
            provider.states.put(String.valueOf(attempt), BatchState.NO_FILE);
            assertThat(poll(job, 0).next()).isEqualTo(Next.WAIT);
            SegmentItem segment = segments.require(JOB, 1);
            assertThat(segment.state()).isEqualTo(SegmentState.PENDING);
            assertThat(segment.fileId()).isNull();
            assertThat(segment.fileFailures()).isEqualTo(attempt);
            assertThat(Readiness.of(segments.all(JOB)))
                    .isEqualTo(clock.instant().plusSeconds(30L * attempt));
            clock.advance(Duration.ofSeconds(30L * attempt));
            provider.states.put(String.valueOf(attempt + 1), BatchState.RUNNING);
            submitter.submit(job, account, deadline());
            assertThat(segments.require(JOB, 1).batchId()).isEqualTo(String.valueOf(attempt + 1));
        }
        provider.states.put("3", BatchState.NO_FILE);
        poll(job, 0);
        assertThat(segments.require(JOB, 1).state()).isEqualTo(SegmentState.ENDED);
        assertThat(segments.require(JOB, 1).outcome()).isEqualTo(SegmentState.FAILED);
    }

    @Test
    void aSegmentThatIsNotCollectedIsHandedOutAgainAfterIncreasingPauses() throws Exception {
        OpenJob job = submitted(1);
        provider.states.put("1", BatchState.COMPLETED);
        PollReport report = poll(job, 0);
        assertThat(report.toCollect()).containsExactly(1);
        assertThat(report.next()).isEqualTo(Next.MERGE);
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
        assertThat(segments.require(JOB, 1).trouble().collectAttempts()).isEqualTo(1 + pauses.size());
    }

    @Test
    void aSegmentThatIsNeverCollectedStopsTheJobAfterMaxStall() throws Exception {
        OpenJob job = submitted(1);
        provider.states.put("1", BatchState.COMPLETED);
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

    private Deadline deadline() {
        return new Deadline(clock.instant().plusSeconds(120), clock);
    }

    private PollReport poll(OpenJob job, int unchanged) {
        clock.advance(Duration.ofMinutes(1));
        return poller.poll(job, account, unchanged, new Deadline(clock.instant().plusSeconds(120), clock));
    }

    private OpenJob submitted(int count) throws Exception {
        Claim claim = jobs.claims()
                .claim(
                        new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()),
                        "arn",
                        arn -> true);
        Fence fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
        for (int i = 1; i <= count; i++) {
            segments.register(JOB, new Segment(i, i, i, 1, 100, "0" + i), "openai", "gpt-4.1");
            provider.states.put(String.valueOf(i), BatchState.RUNNING);
        }
        jobs.recordSplitProgress(fence, count, count, 0, count, true);
        OpenJob job = new OpenJob(fence, jobs.require(fence), resolved(), new FolderStore(folder));
        submitter.submit(job, account, new Deadline(clock.instant().plusSeconds(600), clock));
        assertThat(segments.all(JOB)).allMatch(s -> s.state() == SegmentState.SUBMITTED);
        provider.asked.clear();
        return job;
    }

    private static ResolvedJob resolved() throws Exception {
        return JobFixture.resolved(JOB, "\"interval_seconds\": 10, \"per_job_delay\": 0");
    }

    private final class Batches implements BatchProvider {

        private final Map<String, BatchState> states = new TreeMap<>();
        /// The IDs that are denied although they are listed.
        private final Set<String> denied = new HashSet<>();
        private final Map<String, RuntimeException> failures = new HashMap<>();
        private boolean mayList = true;
        private @Nullable List<String> listed;
        private final List<String> asked = new ArrayList<>();
        private int creates;
        private int completed;
        private int failed;
        private @Nullable String error;
        private Duration readTakes = Duration.ZERO;

        private BatchStatus status(String id) {
            BatchState state = states.getOrDefault(id, BatchState.GONE);
            String word = state == BatchState.RUNNING ? "in_progress" : "ended";
            return new BatchStatus(
                    id,
                    state,
                    word,
                    1,
                    completed,
                    failed,
                    null,
                    null,
                    null,
                    error,
                    error == null ? null : "why",
                    clock.instant(),
                    id.equals("stray") ? Map.of(BatchProvider.TOKEN, "0123abcd-000001-00") : Map.of());
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
            RuntimeException failure = failures.get(batchId);
            if (failure != null) {
                throw failure;
            }
            BatchStatus status = status(batchId);
            return denied.contains(batchId)
                    ? new BatchStatus(
                            batchId,
                            BatchState.GONE,
                            "",
                            0,
                            0,
                            0,
                            null,
                            null,
                            null,
                            null,
                            null,
                            Instant.EPOCH,
                            Map.of())
                    : status;
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) throws RefusedException {
            asked.add("list");
            if (!mayList) {
                throw new RefusedException(RefusedException.Kind.KEY, 403, null, "no");
            }
            for (String id : listed == null ? states.keySet() : listed) {
                if (!visitor.visit(status(id))) {
                    return;
                }
            }
        }

        @Override
        public InputStream download(String fileId) {
            throw new UnsupportedOperationException();
        }
    }
}
