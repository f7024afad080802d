package io.pairbatch.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.OpenBatch;
import io.pairbatch.cli.job.SegmentLine;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.registry.CostForecast;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineViewTest {

    private final StringWriter out = new StringWriter();
    private final LineView view = new LineView(new PrintWriter(out));

    @Test
    void tellsAJobInOneLineAChange() {
        show(0, Jobs.snapshot(JobState.SPLITTING));
        show(1, Jobs.snapshot(JobState.SPLITTING));
        show(2, running(0, 0, 0));
        show(3, running(0, 0, 0));
        show(4, running(0, 50, 0));
        show(5, running(1, 87, 2));
        show(6, running(2, 120, 2));
        show(15, running(3, 150, 3));
        show(16, running(4, 187, 3));
        show(17, new JobSnapshot(Jobs.in(JobState.MERGING), Jobs.collected(4, 187, 3)));
        show(18, Jobs.snapshot(JobState.DONE));

        assertThat(out).hasToString("""
                2026-11-22T18:00:00Z job essays-3f2a91bc splitting
                2026-11-22T18:00:02Z job essays-3f2a91bc running
                2026-11-22T18:00:02Z split 190 rows in 4 segments
                2026-11-22T18:00:02Z submitted 4 of 4
                2026-11-22T18:00:04Z answered 50 of 190
                2026-11-22T18:00:05Z answered 87 of 190, 2 unanswered
                2026-11-22T18:00:05Z collected 1 of 4; 46 judged, 1 undecided
                2026-11-22T18:00:15Z answered 150 of 190, 3 unanswered
                2026-11-22T18:00:15Z collected 3 of 4; 138 judged, 3 undecided
                2026-11-22T18:00:16Z answered 187 of 190, 3 unanswered
                2026-11-22T18:00:16Z collected 4 of 4; 187 judged, 3 undecided
                2026-11-22T18:00:17Z job essays-3f2a91bc merging
                2026-11-22T18:00:17Z collected 4 of 4; 187 judged, 3 failed
                2026-11-22T18:00:18Z job essays-3f2a91bc done
                """);
    }

    @Test
    void noLineTellsOfMoreAnswersThanTheLinesBeforeItOfRequests() {
        show(0, new JobSnapshot(Jobs.in(JobState.RUNNING), new SegmentTotals(4, 190, 1, 0, 0, 0, 0, 0, 0, 0, 1, 3)));
        show(2, new JobSnapshot(Jobs.in(JobState.RUNNING), new SegmentTotals(4, 190, 3, 0, 0, 0, 120, 0, 0, 0, 3, 1)));

        assertThat(out.toString()).endsWith("""
                2026-11-22T18:00:02Z submitted 3 of 4
                2026-11-22T18:00:02Z answered 120 of 190
                """);
    }

    @Test
    void aPairWithTwoWinnersIsOnePair() {
        SegmentTotals totals = new SegmentTotals(5, 191, 5, 0, 0, 5, 191, 0, 191, 0, 0, 0, 1, 0, 0);
        show(0, new JobSnapshot(Jobs.in(JobState.RUNNING), totals));
        assertThat(out.toString()).contains("collected 5 of 5; 190 judged\n");
    }

    @Test
    void theSegmentsThatWereNeverSentAreCountedApart() {
        SegmentTotals totals = new SegmentTotals(18, 180, 12, 0, 1, 12, 110, 10, 108, 72, 0, 0, 0, 60, 6);
        show(0, new JobSnapshot(Jobs.in(JobState.RUNNING), totals));

        assertThat(out.toString().lines().filter(line -> line.matches(".* of 18[, ].*")))
                .containsExactly(
                        "2026-11-22T18:00:00Z submitted 12 of 18, 6 never sent",
                        "2026-11-22T18:00:00Z collected 12 of 18 (1 lost), 6 never sent; 108 judged, 72 undecided");
    }

    @Test
    void aSegmentOfAnotherAttemptIsOneOfTheSplitAsSoonAsItIsThere() {
        SegmentTotals totals = new SegmentTotals(5, 191, 4, 0, 0, 4, 189, 1, 189, 1, 0, 1, 1, 0, 0);
        show(0, new JobSnapshot(Jobs.in(JobState.RUNNING), totals));

        assertThat(out.toString().lines().filter(line -> !line.contains(" job ")))
                .containsExactly(
                        "2026-11-22T18:00:00Z split 190 rows in 5 segments",
                        "2026-11-22T18:00:00Z submitted 4 of 5",
                        "2026-11-22T18:00:00Z answered 189 of 191 (1 in another attempt), 1 unanswered",
                        "2026-11-22T18:00:00Z collected 4 of 5; 189 judged");
    }

    @Test
    void aJobThatWaitsForADeletionIsToldToAtOnce() {
        show(0, new JobSnapshot(Jobs.waiting(Jobs.in(JobState.RUNNING), "old-0badcafe"), SegmentTotals.NONE));
        assertThat(out.toString())
                .startsWith("2026-11-22T18:00:00Z job essays-3f2a91bc waiting for the deletion of old-0badcafe\n");
    }

    @Test
    void doesNotCallAJobDoneThatLostTooMuch() {
        Job done = Jobs.in(JobState.DONE);
        show(0, new JobSnapshot(Jobs.judged(done, 186, 4), Jobs.collected(4, 186, 4)));
        show(1, new JobSnapshot(Jobs.judged(done, 0, 190), Jobs.collected(4, 0, 190)));

        assertThat(out.toString().lines().filter(line -> line.contains(" job ")))
                .containsExactly(
                        "2026-11-22T18:00:00Z job essays-3f2a91bc done with losses",
                        "2026-11-22T18:00:01Z job essays-3f2a91bc ended: nothing judged");
    }

    @Test
    void tellsEachSegmentOfAVerboseJobOnceAChange() {
        show(0, told("submitted: 50 pairs, openai, batch b1, batch_01_input.jsonl"));
        show(1, told("submitted: 50 pairs, openai, batch b1, batch_01_input.jsonl"));
        show(2, told("collected: 50 pairs, openai, batch b1, batch_01_input.jsonl"));

        assertThat(out.toString().lines().filter(line -> line.contains("segment 1")))
                .containsExactly(
                        "2026-11-22T18:00:00Z segment 1 submitted: 50 pairs, openai, batch b1, batch_01_input.jsonl",
                        "2026-11-22T18:00:02Z segment 1 collected: 50 pairs, openai, batch b1, batch_01_input.jsonl");
    }

    @Test
    void theCostSoFarAndWhatFollowsFromItAreTold() {
        Costs costs = new Costs(2_000_000_000L, 500_000_000, 120_000_000, 0, null, 0, 0, null);
        JobSnapshot snapshot = new JobSnapshot(
                Jobs.costing(Jobs.in(JobState.RUNNING), costs),
                Jobs.collected(1, 50, 0),
                List.of(),
                Waits.NONE,
                List.of(),
                List.of(),
                new CostForecast(50, 120_000_000, 150));
        assertThat(snapshot.money()).contains("USD 0.12 so far, about USD 0.48 in total; max_cost_usd USD 2.00");
        view.show(snapshot, FakeTime.START);
        assertThat(out.toString()).contains(" cost: USD 0.12 so far, about USD 0.48 in total");
        assertThat(Jobs.snapshot(JobState.RUNNING).money()).isEmpty();
    }

    private static JobSnapshot told(String text) {
        return new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                Jobs.collected(0, 0, 0),
                List.of(),
                Waits.NONE,
                List.of(),
                List.of(new SegmentLine(1, text)),
                CostForecast.NONE);
    }

    @Test
    void tellsWhatIsOpenWhenTheJobEndsEarly() {
        show(0, running(0, 50, 0));
        show(1, new JobSnapshot(Jobs.in(JobState.FAILED), Jobs.collected(1, 60, 0)));

        assertThat(out.toString()).endsWith("""
                2026-11-22T18:00:01Z answered 60 of 190
                2026-11-22T18:00:01Z collected 1 of 4; 46 judged, 1 undecided
                2026-11-22T18:00:01Z job essays-3f2a91bc failed
                """);
    }

    @Test
    void tellsThePreflightOnceBetweenSplitAndSubmitted() {
        Job asked = Jobs.preflighted(Jobs.in(JobState.RUNNING), "gpt-4.1 answered in 0.8 s: S01 is better than S02");
        show(0, new JobSnapshot(asked, Jobs.collected(0, 0, 0)));
        show(1, new JobSnapshot(asked, Jobs.collected(0, 0, 0)));

        assertThat(out).hasToString("""
                2026-11-22T18:00:00Z job essays-3f2a91bc running
                2026-11-22T18:00:00Z split 190 rows in 4 segments
                2026-11-22T18:00:00Z preflight: gpt-4.1 answered in 0.8 s: S01 is better than S02
                2026-11-22T18:00:00Z submitted 4 of 4
                """);
    }

    @Test
    void tellsTheProvidersWordsWhenTheyChange() {
        show(0, troubled(null, "segment 2: HTTP 429: slow down"));
        show(1, troubled(null, "segment 2: HTTP 429: slow down"));
        show(2, troubled(null, "segment 2: HTTP 503: \u001b[2Jno", "segment 3: HTTP 404"));
        show(3, troubled("The provider has a batch that nobody owns"));
        show(4, troubled("The provider has a batch that nobody owns"));

        assertThat(out.toString().lines().filter(line -> line.contains("provider on") || line.contains("notice")))
                .hasSize(5)
                .startsWith("2026-11-22T18:00:00Z provider on segment 2: HTTP 429: slow down")
                .endsWith(
                        "2026-11-22T18:00:03Z notice: The provider has a batch that nobody owns",
                        "2026-11-22T18:00:03Z notice 2: dropped again")
                .noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void tellsABatchThatIsOverdueOnce() {
        OpenBatch stuck = new OpenBatch(
                2, "batch_7", "finalizing", Instant.parse("2026-11-20T18:00:00Z"), null, Duration.ofDays(1));
        JobSnapshot snapshot = new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                Jobs.collected(1, 87, 2),
                List.of(),
                new Waits(List.of(), stuck, null),
                List.of());
        show(0, snapshot);
        show(1, snapshot);
        assertThat(out.toString().lines().filter(line -> line.contains("overdue: batch batch_7")))
                .singleElement()
                .asString()
                .endsWith("; wait, or cancel it at the provider: its answers are collected");
    }

    @Test
    void saysWhatItWaitsForOnceNothingHappensAndAgainAfterTenMinutes() {
        OpenBatch batch = new OpenBatch(2, "batch_7", "in_progress", FakeTime.START, null, Duration.ofDays(1));
        Waits.Wait wait = new Waits.Wait("segment 3 is being submitted", FakeTime.START.plusSeconds(65));
        for (int second : new int[] {0, 59, 60, 61, 180, 660}) {
            Instant look = FakeTime.START.plusSeconds(second == 660 ? 600 : 100);
            show(second, waiting(new Waits(List.of(wait), batch, look)));
        }

        String waits = " waits for openai: batch batch_7 (segment 2): in_progress, submitted 2026-11-22T18:00:00Z,"
                + " should end by 2026-11-23T18:00:00Z, the oldest of 3";
        assertThat(out.toString().lines().skip(5))
                .containsExactly(
                        "2026-11-22T18:00:59Z" + waits,
                        "2026-11-22T18:00:59Z next look at the provider in 41 s, at 2026-11-22T18:01:40Z",
                        "2026-11-22T18:11:00Z" + waits,
                        "2026-11-22T18:11:00Z waits: segment 3 is being submitted",
                        "2026-11-22T18:11:00Z a look at the provider has been due since 2026-11-22T18:10:00Z");
    }

    @Test
    void saysSoonAfterItHasBegunToWaitUntilWhen() {
        Waits minute = new Waits(List.of(), null, FakeTime.START.plusSeconds(60));
        JobSnapshot before = new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                new SegmentTotals(4, 190, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4),
                List.of(),
                new Waits(List.of(), null, FakeTime.START.minusSeconds(90)),
                List.of());
        show(0, before);
        show(4, before);
        for (int second : new int[] {5, 6, 8, 9, 20}) {
            show(second, waiting(minute));
        }
        JobSnapshot cancelled = new JobSnapshot(
                Jobs.cancelled(Jobs.in(JobState.RUNNING)), Jobs.collected(1, 87, 2), List.of(), minute, List.of());
        for (int second : new int[] {30, 33, 50}) {
            show(second, cancelled);
        }
        // Not worth a line: it is over before somebody wonders.
        show(52, new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(1, 87, 2), List.of(), minute, List.of()));
        show(56, new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(1, 87, 2), List.of(), minute, List.of()));
        assertThat(out.toString().lines().filter(line -> line.contains("look")))
                .containsExactly(
                        "2026-11-22T18:00:08Z next look at the provider in 52 s, at 2026-11-22T18:01:00Z",
                        "2026-11-22T18:00:33Z next look at the provider in 27 s, at 2026-11-22T18:01:00Z");
    }

    @Test
    void aLookThatIsLessThanASecondAheadIsNow() {
        show(0, waiting(Waits.NONE));
        view.show(
                waiting(new Waits(List.of(), null, FakeTime.START.plusMillis(61_900))), FakeTime.START.plusSeconds(61));
        assertThat(out.toString()).endsWith("2026-11-22T18:01:01Z looking at the provider now\n");
    }

    @Test
    void aLookThatHasJustBecomeDueIsUnderWay() {
        for (int second : new int[] {0, 61}) {
            show(second, waiting(new Waits(List.of(), null, FakeTime.START.plusSeconds(61))));
        }
        assertThat(out.toString()).endsWith("2026-11-22T18:01:01Z looking at the provider now\n");
    }

    @Test
    void whatAJobHadDoneBeforeItGoesOnIsNotToldAgain() {
        JobSnapshot before = new JobSnapshot(
                Jobs.in(JobState.DONE),
                Jobs.collected(4, 187, 3),
                List.of(),
                Waits.NONE,
                List.of("2 rows have the same text twice"));
        view.before(before);
        view.show(
                new JobSnapshot(
                        Jobs.in(JobState.RUNNING),
                        Jobs.collected(4, 187, 3),
                        List.of(),
                        Waits.NONE,
                        List.of("read again", "2 rows have the same text twice")),
                FakeTime.START);

        assertThat(out).hasToString("""
                2026-11-22T18:00:00Z job essays-3f2a91bc running
                2026-11-22T18:00:00Z notice: read again
                """);
    }

    private static JobSnapshot waiting(Waits waits) {
        return new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(1, 87, 2), List.of(), waits, List.of());
    }

    private static JobSnapshot troubled(@Nullable String notice, String... troubles) {
        return new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                Jobs.collected(1, 87, 2),
                List.of(troubles),
                Waits.NONE,
                notice == null ? List.of() : List.of(notice, "dropped again"));
    }

    @Test
    void tellsANoteOnceEachTimeItComesUp() {
        show(0, Jobs.snapshot(JobState.SPLITTING));
        view.note("No answer.");
        show(1, Jobs.snapshot(JobState.SPLITTING));
        show(2, Jobs.snapshot(JobState.SPLITTING));
        view.note(null);
        show(3, Jobs.snapshot(JobState.SPLITTING));
        view.note("No answer.");
        show(4, Jobs.snapshot(JobState.SPLITTING));

        assertThat(out.toString().lines().filter(line -> line.endsWith("No answer.")))
                .containsExactly("2026-11-22T18:00:01Z No answer.", "2026-11-22T18:00:04Z No answer.");
    }

    private void show(int second, JobSnapshot snapshot) {
        JobSnapshot withSegments =
                snapshot.segments().registered() == 0 && snapshot.job().splitDone()
                        ? new JobSnapshot(snapshot.job(), Jobs.collected(4, 187, 3))
                        : snapshot;
        view.show(withSegments, FakeTime.START.plusSeconds(second));
    }

    private static JobSnapshot running(int collected, int completed, int failed) {
        return new JobSnapshot(Jobs.in(JobState.RUNNING), Jobs.collected(collected, completed, failed));
    }
}
