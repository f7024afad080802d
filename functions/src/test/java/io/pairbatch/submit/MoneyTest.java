package io.pairbatch.submit;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.poll.PollReport;
import io.pairbatch.poll.PollStep;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.registry.AnswerCost;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.Intent;
import io.pairbatch.registry.Reservation;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.Reckoning;
import io.pairbatch.step.Restoration;
import io.pairbatch.testing.JobFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A job that may not cost more than its limit. Each of its segments has one row and 100 bytes, and may cost 204,000
/// nano-USD.
class MoneyTest {

    private static final long BOUND = 204_000;
    private static final String CAPPED = "\"max_completion_tokens\": 10, \"max_cost_usd\": ";

    private JobFixture fixture = new JobFixture(CAPPED + "0.0005");

    @Test
    void onlyWhatTheLimitHasRoomForIsSentAndTheOthersWait() throws Exception {
        fixture.split(4);
        fixture.submit(fixture.open());

        assertThat(fixture.provider.calls("create")).containsExactly("create 1", "create 2");
        assertThat(fixture.provider.calls("upload"))
                .as("nothing is uploaded in vain")
                .hasSize(2);
        assertThat(costs().committed()).isEqualTo(2 * BOUND);
        assertThat(costs().needed()).isEqualTo(BOUND);
        assertThat(costs().waits().orElseThrow())
                .isEqualTo("the next batch waits for room in max_cost_usd: USD 0.00 spent, USD 0.00041 reserved of"
                        + " USD 0.00050; it may cost up to USD 0.00020");
        assertThat(poll().next()).isEqualTo(PollReport.Next.WAIT);
    }

    @Test
    void whatABatchCostTakesThePlaceOfWhatWasReservedOnce() throws Exception {
        fixture.split(4);
        fixture.submit(fixture.open());
        SegmentItem ended = ended(1);
        collect(ended, 50_000);
        collect(ended, 50_000);

        assertThat(costs().spent()).isEqualTo(50_000);
        assertThat(costs().committed()).isEqualTo(BOUND + 50_000);
        assertThat(poll().next()).isEqualTo(PollReport.Next.SUBMIT);
        fixture.submit(fixture.open());
        assertThat(fixture.provider.calls("create")).contains("create 3").doesNotContain("create 4");
        assertThat(costs().committed()).isEqualTo(2 * BOUND + 50_000);
    }

    @Test
    void whatNothingOpenCanMakeRoomForIsNotSubmitted() throws Exception {
        fixture.split(4);
        fixture.submit(fixture.open());
        collect(ended(1), BOUND);
        collect(ended(2), BOUND);
        assertThat(poll().next()).isEqualTo(PollReport.Next.SUBMIT);

        fixture.submit(fixture.open());
        SegmentItem left = fixture.segment(4);
        assertThat(left.state()).isEqualTo(SegmentState.ENDED);
        assertThat(left.outcome()).isEqualTo(SegmentState.NOT_SUBMITTED);
        assertThat(left.errorCode()).isEqualTo("budget_reached");
        assertThat(fixture.provider.batches).hasSize(2);
    }

    @Test
    void aHigherLimitIsNotMissedWhileSegmentsAreGivenUp() throws Exception {
        fixture.split(3);
        fixture.submit(fixture.open());
        Reservation wanted = new Reservation(BOUND, false);
        fixture.jobs.claims().limitCost(JOB, 4 * BOUND);
        boolean given = fixture.segments
                .creations()
                .giveUp(fixture.fence(), fixture.segment(3), 500_000, wanted, "budget_reached", "why");
        assertThat(given).isFalse();
        fixture.submit(fixture.open());
        assertThat(fixture.provider.calls("create")).hasSize(3);
    }

    @Test
    void theTransactionDecidesWhateverItsCallerSaw() throws Exception {
        fixture.split(3);
        assertThat(intend(1, 500_000L)).isEqualTo(Intent.MINE);
        assertThat(intend(2, 1_000_000L)).as("another limit").isEqualTo(Intent.NO_ROOM);
        assertThat(intend(2, null)).as("no limit").isEqualTo(Intent.NO_ROOM);
        assertThat(intend(2, 500_000L)).isEqualTo(Intent.MINE);
        assertThat(intend(3, 500_000L)).as("no room").isEqualTo(Intent.NO_ROOM);
        assertThat(fixture.segment(3).state()).isEqualTo(SegmentState.PENDING);
        assertThat(costs().committed()).isEqualTo(2 * BOUND);
    }

    @Test
    void aRefusedCreateFreesWhatItReserved() throws Exception {
        fixture.split(1);
        fixture.provider.failing.put("create", new RefusedException(RefusedException.Kind.LATER, 429, "slow", "later"));
        fixture.submit(fixture.open());
        assertThat(costs().committed()).isZero();
        assertThat(fixture.segment(1).held()).isEqualTo(Reservation.NONE);
    }

    @Test
    void anAbsentCreateFreesWhatItReservedAndALateBatchIsPaidBesideTheOther() throws Exception {
        fixture.split(1);
        Submission first = sub(1, 1);
        intend(first, 500_000L);
        for (int i = 0; i < 2; i++) {
            fixture.segments
                    .creations()
                    .returnToPending(fixture.fence(), first, SubmissionOutcome.ABSENT, fixture.clock.instant());
            assertThat(costs().committed()).isZero();
        }
        Submission second = sub(1, 2);
        intend(second, 500_000L);
        fixture.segments.creations().recordCreated(JOB, second, "batch_2", SubmissionOutcome.CREATED);
        for (int i = 0; i < 2; i++) {
            fixture.segments.creations().recordLate(fixture.fence(), first, "batch_1");
            assertThat(costs().committed()).isEqualTo(2 * BOUND);
        }
        restate(fixture);
        assertThat(costs().committed()).isEqualTo(2 * BOUND);
    }

    @Test
    void aBatchThatFoundNoRoomAtTheProviderFreesWhatItReserved() throws Exception {
        fixture.split(1);
        fixture.submit(fixture.open());
        SegmentItem open = fixture.segment(1);
        for (int i = 0; i < 2; i++) {
            fixture.segments.batches().returnForLackOfRoom(fixture.fence(), open, "full", fixture.clock.instant());
            assertThat(costs().committed()).isZero();
        }
    }

    @Test
    void aLostRegistryHasTheSameSums() throws Exception {
        fixture.split(4);
        fixture.submit(fixture.open());
        SegmentItem ended = ended(1);
        Mirror.collected(fixture.files, 1, copy(ended, 50_000));
        collect(ended, 50_000);
        Costs before = costs();

        JobFixture after = fixture.afterItsRegistryWasLost();
        OpenJob job = after.split(4);
        new Restoration(after.segments).restore(job);
        restate(after);
        Costs now = after.jobs.find(JOB).orElseThrow().costs();
        assertThat(now.spent()).isEqualTo(before.spent());
        assertThat(now.committed()).isEqualTo(before.committed());
        assertThat(now.limit()).isEqualTo(before.limit());
        assertThat(after.segment(2).held()).isEqualTo(new Reservation(BOUND, false));
        assertThat(after.segment(1).held()).isEqualTo(Reservation.NONE);
    }

    @Test
    void withoutACapTheFirstBatchGoesAlone() throws Exception {
        fixture = new JobFixture("\"max_cost_usd\": 1");
        fixture.split(3);
        fixture.submit(fixture.open());
        assertThat(fixture.provider.calls("create")).containsExactly("create 1");
        assertThat(costs().openEnded()).isEqualTo(1);

        collect(ended(1), 100_000);
        assertThat(costs().openEnded()).isZero();
        fixture.submit(fixture.open());
        assertThat(fixture.provider.calls("create")).hasSize(3);
        assertThat(costs().committed()).isEqualTo(100_000 + 2 * 125_000);
    }

    @Test
    void aModelWithoutAPriceSendsNothingWithinALimit() throws Exception {
        fixture = new JobFixture("\"model\": \"gpt-9-unheard\"");
        fixture.split(1);
        fixture.jobs.claims().limitCost(JOB, 1_000_000_000L);
        SubmitReport report = fixture.submit(fixture.open());
        assertThat(Objects.requireNonNull(report.blocked()).code()).isEqualTo(ErrorCode.PRICE_UNKNOWN);
        assertThat(fixture.provider.calls).isEmpty();
    }

    @Test
    void aJobWithoutALimitIsCountedTooSoThatItMayGetOne() throws Exception {
        fixture = new JobFixture("\"max_completion_tokens\": 10");
        fixture.split(3);
        fixture.submit(fixture.open());
        assertThat(costs().committed()).isEqualTo(3 * BOUND);
        assertThat(costs().limit()).isNull();
    }

    private Costs costs() {
        return fixture.jobs.find(JOB).orElseThrow().costs();
    }

    private static void restate(JobFixture of) throws Exception {
        new Reckoning(of.segments, PriceTable.bundled()).restate(of.open());
    }

    private Submission sub(int segment, int number) {
        Instant now = fixture.clock.instant();
        return new Submission(
                segment,
                number,
                "t" + segment + number,
                "f",
                "openai#x",
                now,
                null,
                null,
                new Reservation(BOUND, false));
    }

    private Intent intend(int segment, @Nullable Long limit) {
        return intend(sub(segment, 1), limit);
    }

    private Intent intend(Submission submission, @Nullable Long limit) {
        Instant soon = fixture.clock.instant().plusSeconds(60);
        return fixture.segments
                .creations()
                .intend(fixture.fence(), fixture.segment(submission.segment()), submission, soon, soon, limit, null);
    }

    private SegmentItem ended(int segment) {
        Ending ending = new Ending(SegmentState.COLLECTED, "completed", 1, 1, 0, "out", null, null, null);
        return fixture.segments
                .batches()
                .recordEnd(JOB, fixture.segment(segment), ending)
                .orElseThrow();
    }

    /// Its answer tells nothing of how many tokens there are in a byte.
    private void collect(SegmentItem segment, long cost) {
        fixture.segments
                .batches()
                .recordCollected(
                        JOB,
                        segment,
                        SegmentState.COLLECTED,
                        1,
                        0,
                        JobFixture.TAG_RULES,
                        SegmentItem.Copies.KEPT,
                        new AnswerCost(cost, 0, cost));
        fixture.segments.batches().markReceived(JOB, segment.index());
    }

    private static CollectedSegment copy(SegmentItem segment, long cost) {
        return new CollectedSegment(
                SegmentState.COLLECTED,
                1,
                0,
                JobFixture.TAG_RULES,
                segment.batchId(),
                "completed",
                1,
                1,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new AnswerCost(cost, 0, cost));
    }

    private PollReport poll() throws Exception {
        fixture.provider.batches.values().forEach(batch -> batch.state = BatchState.RUNNING);
        PollStep step = new PollStep(
                fixture.segments,
                PriceTable::bundled,
                Patience.USUAL,
                fixture.clock,
                pause -> {},
                new Backoff(new Random(1)));
        return step.poll(fixture.open(), fixture.account, 0, fixture.within(Duration.ofMinutes(10)));
    }
}
