package io.pairbatch.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Segment;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
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
import io.pairbatch.step.SettableClock;
import io.pairbatch.step.Stop;
import io.pairbatch.store.FolderStore;
import io.pairbatch.time.Deadline;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists that lag or lie, responses that come too late, refusals that are not the request's fault, and one segment's
/// problems among others.
class SubmitTroubleTest {

    private static final String JOB = "a-0123abcd";
    private static final Duration FUNCTION = Duration.ofMinutes(10);
    private static final Duration GAP = Duration.ofSeconds(60);
    private static final Duration LEASE = FUNCTION.plus(Duration.ofSeconds(61));

    @TempDir
    Path folder;

    private final MemoryTable table = MemoryTable.registry("t");
    private final SettableClock clock = new SettableClock();
    private final JobRegistry jobs = new JobRegistry(table, "t", clock);
    private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
    private final Reconciler reconciler = new Reconciler(segments, new AbsenceRule(GAP, false), clock);
    private final Submitter submitter = new Submitter(segments, reconciler, GAP, clock, new Random(1));
    private final Provider provider = new Provider();
    private final Account account = new Account(provider, "openai#x");

    @SuppressWarnings("NullAway.Init")
    private OpenJob job;

    private void pending(int count) throws Exception {
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

    @Test
    void aListThatShowsNothingOfOursProvesNothing() throws Exception {
        pending(1);
        provider.lost.add(1);
        submit();
        clock.advance(LEASE);
        submit();

        assertThat(segment(1).state()).isEqualTo(SegmentState.IN_DOUBT);
        assertThat(provider.creates).isEqualTo(1);
    }

    @Test
    void aThrottledCreateRecordsTheProvidersMessageEachTime() throws Exception {
        pending(1);
        for (int i = 1; i <= 3; i++) {
            provider.refusals.add(
                    new RefusedException(RefusedException.Kind.LATER, 429, "rate_limit_exceeded", "slow down " + i));
            submit();
            assertThat(segment(1).providerSays()).isEqualTo("HTTP 429 rate_limit_exceeded: slow down " + i);
            clock.advance(Duration.ofHours(1));
        }
    }

    @Test
    void aDoubtIsResolvedOnceTheListShowsABatchThatWasRequestedAfterIt() throws Exception {
        pending(2);
        provider.lost.add(1);
        submit();
        clock.advance(LEASE);
        // The second had no room, and is created again now: nobody can be sending the first any more.
        segments.batches().returnForLackOfRoom(job.fence(), segment(2), "token_limit_exceeded", clock.instant());
        submit();
        clock.advance(Duration.ofMinutes(11));
        submit();
        assertThat(segment(1).state()).as("one look").isNotEqualTo(SegmentState.SUBMITTED);
        clock.advance(Duration.ofMinutes(11));
        submit();
        clock.advance(GAP);
        submit();

        assertThat(segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(outcomes(1)).containsExactly(SubmissionOutcome.ABSENT, SubmissionOutcome.CREATED);
    }

    @Test
    void withOlderWitnessesOnlyTheBatchMustStayMissingForAnHour() throws Exception {
        pending(2);
        provider.lost.add(2);
        submit();
        clock.advance(LEASE);
        for (int i = 0; i < 6; i++) {
            submit();
            assertThat(segment(2).submissions()).as("look %d", i).isEqualTo(1);
            clock.advance(Duration.ofMinutes(11));
        }
        submit();
        submit();

        assertThat(outcomes(2)).containsExactly(SubmissionOutcome.ABSENT, SubmissionOutcome.CREATED);
    }

    @Test
    void aLostCreateIsAdoptedAsSoonAsItHasTimedOut() throws Exception {
        pending(1);
        provider.lost.add(1);
        provider.arrives = true;
        submit();
        clock.advance(Duration.ofSeconds(41));
        submit();

        assertThat(segment(1).batchId()).isEqualTo("made_1");
    }

    @Test
    void aBatchThatAppearsAfterItWasGivenUpIsAdoptedBeforeTheNextCreate() throws Exception {
        givenUp();
        Submission first = segments.submissions(JOB, 1).getFirst();
        provider.add("late", first.fileId(), Map.of(BatchProvider.TOKEN, first.token()));
        int creates = provider.creates;
        submit();

        assertThat(segment(1).batchId()).isEqualTo("late");
        assertThat(provider.creates).isEqualTo(creates);
        assertThat(outcomes(1)).containsExactly(SubmissionOutcome.ADOPTED);
    }

    @Test
    void anAnswerThatComesAfterItsSubmissionWasGivenUpIsUsed() throws Exception {
        givenUp();
        reconciler.answered(job, segments.submissions(JOB, 1).getFirst(), "late");

        assertThat(segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(segment(1).batchId()).isEqualTo("late");
    }

    @Test
    void anAnswerThatComesAfterTheNextCreateIsRecorded() throws Exception {
        givenUp();
        submit();
        assertThat(segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        reconciler.answered(job, segments.submissions(JOB, 1).getFirst(), "late");

        Submission first = segments.submissions(JOB, 1).getFirst();
        assertThat(first.outcome()).isEqualTo(SubmissionOutcome.LATE);
        assertThat(first.batchId()).isEqualTo("late");
        assertThat(segment(1).batchId()).isNotEqualTo("late");
    }

    @Test
    void oneSegmentThatCannotBeUploadedDoesNotStopTheOthers() throws Exception {
        pending(3);
        provider.unreachable.add(2);
        submit();

        assertThat(segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(segment(2).state()).isEqualTo(SegmentState.PENDING);
        assertThat(segment(2).providerSays()).isEqualTo("no answer to the upload");
        assertThat(segment(3).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void itIsAnOutageIfNothingCanBeUploadedAndNothingIsOpen() throws Exception {
        pending(2);
        provider.unreachable.addAll(Set.of(1, 2));
        assertThatThrownBy(this::submit).isInstanceOf(RetryableException.class);
    }

    @Test
    void aCreateThatDoesNotFindTheFileUploadsItAgainAfterAPause() throws Exception {
        pending(1);
        provider.refusals.add(new RefusedException(Kind.NOT_FOUND, 400, "invalid_request_error", "Cannot find file"));
        submit();
        submit();
        assertThat(provider.creates).as("it pauses").isEqualTo(1);
        clock.advance(Duration.ofSeconds(31));
        submit();

        assertThat(segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(provider.files).isEqualTo(2);
    }

    @Test
    void batchesThatComeBackForLackOfRoomAreNotRefusals() throws Exception {
        pending(1);
        for (int i = 0; i < 10; i++) {
            submit();
            segments.batches().returnForLackOfRoom(job.fence(), segment(1), "token_limit_exceeded", clock.instant());
        }
        provider.refusals.add(new RefusedException(Kind.NOT_FOUND, 404, null, "No such file"));
        submit();
        clock.advance(Duration.ofSeconds(31));
        submit();
        assertThat(segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    @Test
    void fewBatchesAreCreatedBeforeTheProviderHasValidatedOne() throws Exception {
        pending(60);
        submit();
        assertThat(provider.creates).isEqualTo(20);
        submit();
        assertThat(provider.creates).isEqualTo(20);
        for (int i = 1; i <= 20; i++) {
            segments.batches().recordProgress(JOB, segment(i), "in_progress", 1, 0, 0);
        }
        submit();
        assertThat(provider.creates).isEqualTo(40);
    }

    @Test
    void onceOneHasComeBackTheyAreCreatedOneAtATime() throws Exception {
        pending(60);
        submit();
        for (int i = 1; i <= 19; i++) {
            segments.batches().recordProgress(JOB, segment(i), "in_progress", 1, 0, 0);
        }
        segments.batches().returnForLackOfRoom(job.fence(), segment(20), "token_limit_exceeded", clock.instant());
        submit();
        assertThat(provider.creates).isEqualTo(21);
    }

    @Test
    void aRefusalThatRepeatsForLongerThanMaxStallStopsTheJobWithTheProvidersMessage() throws Exception {
        pending(1);
        RefusedException later = new RefusedException(Kind.LATER, 429, "rate_limit_exceeded", "Too many.");
        Instant start = clock.instant();
        SubmitReport report = null;
        while (clock.instant().isBefore(start.plus(Duration.ofHours(25)))) {
            provider.refusals.add(later);
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
        provider.lost.add(1);
        submit();
        clock.advance(LEASE);
        segments.batches().returnForLackOfRoom(job.fence(), segment(2), "token_limit_exceeded", clock.instant());
        submit();
        for (int i = 0; i < 4 && segment(1).state() != SegmentState.PENDING; i++) {
            clock.advance(Duration.ofMinutes(11));
            reconciler.settle(job, account, segment(1));
        }
        assertThat(segment(1).state()).isEqualTo(SegmentState.PENDING);
    }

    private SubmitReport submit() {
        return submitter.submit(job, account, new Deadline(clock.instant().plus(FUNCTION), clock));
    }

    private SegmentItem segment(int index) {
        return segments.require(JOB, index);
    }

    private List<@Nullable SubmissionOutcome> outcomes(int index) {
        List<@Nullable SubmissionOutcome> outcomes = new ArrayList<>();
        segments.submissions(JOB, index).forEach(s -> outcomes.add(s.outcome()));
        return outcomes;
    }

    private static ResolvedJob resolved() throws Exception {
        return JobFixture.resolved(JOB, "\"interval_seconds\": 10");
    }

    private final class Provider implements BatchProvider {

        private final LinkedHashMap<String, BatchStatus> batches = new LinkedHashMap<>();
        /// The segments whose first create gets no response.
        private final Set<Integer> lost = new HashSet<>();
        /// Whether such a create has created a batch anyway.
        private boolean arrives;
        /// The segments that cannot be uploaded.
        private final Set<Integer> unreachable = new HashSet<>();
        /// The refusals of the next creates.
        private final List<RefusedException> refusals = new ArrayList<>();

        private int creates;
        private int files;

        void add(String id, String fileId, Map<String, String> metadata) {
            batches.putFirst(
                    id,
                    new BatchStatus(
                            id,
                            BatchState.RUNNING,
                            "in_progress",
                            1,
                            0,
                            0,
                            fileId,
                            null,
                            null,
                            null,
                            null,
                            clock.instant(),
                            metadata));
        }

        @Override
        public boolean refusesAfterCreate() {
            return true;
        }

        @Override
        public Duration fileLife() {
            return Duration.ofDays(25);
        }

        @Override
        public String upload(String fileName, long bytes, Body body) {
            for (int segment : unreachable) {
                if (fileName.contains("batch_0" + segment + "_")) {
                    throw new RetryableException("no answer to the upload", null);
                }
            }
            files++;
            return "file_" + files;
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            creates++;
            if (!refusals.isEmpty()) {
                return new CreateOutcome.Refused(refusals.removeFirst(), Duration.ZERO);
            }
            int segment =
                    Integer.parseInt(Objects.requireNonNull(batch.metadata().get("pairbatch_segment")));
            boolean answered = !lost.remove(segment);
            if (answered || arrives) {
                add("made_" + creates, batch.fileId(), batch.metadata());
            }
            return answered ? new CreateOutcome.Created("made_" + creates) : new CreateOutcome.InDoubt("lost");
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            return Objects.requireNonNull(batches.get(batchId));
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {
            for (BatchStatus batch : batches.values()) {
                if (!visitor.visit(batch)) {
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
