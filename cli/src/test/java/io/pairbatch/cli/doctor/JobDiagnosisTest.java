package io.pairbatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.job.FailedPairs;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFault;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.OpenBatch;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobDiagnosisTest {

    private static final JobFault NOTHING = new JobFault("", "", "", List.of());
    private static final Instant WRITTEN = Instant.parse("2026-11-22T18:00:01Z");

    @Test
    void aJobThatRunsSaysWhatItWaitsForAndWhatToTypeNext() {
        String text = text(JobState.RUNNING, NOTHING, Duration.ofMinutes(5));

        assertThat(text).isEqualTo("""
                Job essays-3f2a91bc is running.

                190 rows, 0 of them rejected.
                4 segments: 1 to be submitted, 0 in doubt, 2 at the provider, 1 collected; 190 pairs: 48 judged, 2
                without a winner, 140 open; 190 requests: 70 answered, 0 ended without an answer, 120 still open.
                The provider's last message about segment 2: HTTP 404
                It waits for openai: 2 batches are open. 1 more segment is not at the provider yet.

                Next: ./pairbatch watch essays-3f2a91bc""");
    }

    @Test
    void aJobThatHasBeenSilentForHoursMayHaveDied() {
        assertThat(text(JobState.RUNNING, NOTHING, Duration.ofHours(5)))
                .contains("Nothing has been written since 2026-11-22T18:00:01Z, 5 h ago");
        assertThat(text(JobState.DONE, NOTHING, Duration.ofHours(5))).doesNotContain("Nothing has been written");
    }

    @Test
    void aJobThatStoppedIsExplainedWithTheCataloguesCauseAndRemedy() {
        JobFault fault = new JobFault(
                "KEY_REFUSED",
                "m",
                "",
                List.of(new JobFault.Problem("KEY_REFUSED", "the provider", "401", "a key", "Put another there.")));

        assertThat(text(JobState.WAITING_FOR_KEY, fault, Duration.ZERO))
                .contains("waits for the provider's API key")
                .contains("KEY_REFUSED means: The provider refuses the key, or its account has no credit.")
                .contains("Put another there.")
                .contains("Next: aws secretsmanager put-secret-value --secret-id arn:aws:secretsmanager");
        assertThat(text(JobState.FAILED, new JobFault("STALLED", "m", "", List.of()), Duration.ZERO))
                .contains("STALLED means: No call to the provider")
                .contains("Next: ./pairbatch continue ");
    }

    @Test
    void aJobWhoseProviderIsLeftOutIsToldToDeployIt() {
        String told = String.join(
                "\n",
                JobDiagnosis.of(
                        Jobs.snapshot(JobState.WAITING_FOR_KEY),
                        new JobFault("PROVIDER_NOT_DEPLOYED", "m", "", List.of()),
                        FailedPairs.NONE,
                        Deployed.with(Map.of(Backend.GEMINI, "arn"), null),
                        WRITTEN,
                        400));

        assertThat(told)
                .contains("Once a deployment has openai again and its key is in the secret, the job continues.")
                .contains("PROVIDER_NOT_DEPLOYED means: The deployment leaves the job's provider out")
                .contains("Next: ./pairbatch deploy -c providers=openai,gemini   (with all other settings)")
                .contains("./pairbatch continue essays-3f2a91bc");
    }

    @Test
    void aJobThatLostTooMuchIsNotJustDone() {
        assertThat(done(188, 2)).contains("Job essays-3f2a91bc is done.", "Nothing is left to do.");
        assertThat(done(100, 90))
                .contains("Job essays-3f2a91bc is done with losses.", "./pairbatch watch essays-3f2a91bc says why")
                .doesNotContain("Nothing is left");
        assertThat(done(0, 190)).contains("Job essays-3f2a91bc ended: nothing judged.");
    }

    @Test
    void aJobWhoseLimitLeftPairsUnsentIsToContinueWithAHigherOne() {
        Costs poor = new Costs(null, 0, 0, 0, 1_230_000_000L, 0, 0, null);
        assertThat(told(Jobs.costing(Jobs.judged(Jobs.in(JobState.DONE), 100, 90), poor)))
                .contains("had no room in max_cost_usd", "Next: ./pairbatch continue essays-3f2a91bc --max-cost 1.23")
                .doesNotContain("retry");
    }

    @Test
    void pairsThatWereSentAgainAddUp() {
        SegmentTotals again = new SegmentTotals(4, 319, 4, 0, 0, 4, 299, 20, 297, 22, 0, 0, 19, 0, 0);
        String told = String.join(
                "\n",
                JobDiagnosis.of(
                        new JobSnapshot(Jobs.in(JobState.DONE), again),
                        NOTHING,
                        FailedPairs.NONE,
                        Deployed.STACK,
                        WRITTEN,
                        400));
        assertThat(told)
                .contains(
                        "300 pairs: 297 judged, 3 without a winner, 0 open; 319 requests, 19 of them in another attempt: 299"
                                + " answered, 20 ended without an answer, 0 still open.");
    }

    @Test
    void segmentsThatWereNeverSentAddUpWithTheOthers() {
        SegmentTotals totals = new SegmentTotals(11, 110, 5, 0, 1, 5, 40, 10, 40, 70, 0, 0, 0, 60, 6);
        String told = String.join(
                "\n",
                JobDiagnosis.of(
                        new JobSnapshot(Jobs.in(JobState.DONE), totals),
                        NOTHING,
                        FailedPairs.NONE,
                        Deployed.STACK,
                        WRITTEN,
                        400));
        assertThat(told)
                .contains(
                        "11 segments: 0 to be submitted, 0 in doubt, 0 at the provider, 5 collected (1 of them lost), 6"
                                + " never sent; 110 pairs: 40 judged, 70 without a winner, 0 open; 110 requests: 40"
                                + " answered, 10 ended without an answer, 60 never sent, 0 still open.");
    }

    @Test
    void whatIsAdvisedIsWhatTheCausesSay() {
        Job lost = Jobs.judged(Jobs.in(JobState.DONE), 100, 90);
        assertThat(told(lost, Map.of(new FailedPairs.Failure("no_tag", "backend_missing_fields"), 90L)))
                .contains("90 pairs failed with no_tag")
                .endsWith("Next: ./pairbatch reread essays-3f2a91bc --tag-mode tolerant");
        Map<FailedPairs.Failure, Long> open = Map.of(new FailedPairs.Failure("cancelled", "cancelled"), 90L);
        assertThat(told(lost, open)).endsWith("Next: ./pairbatch retry essays-3f2a91bc");
        assertThat(told(Jobs.cancelled(lost), open))
                .contains("is done with losses, cancelled.")
                .endsWith("Next: ./pairbatch continue essays-3f2a91bc")
                .doesNotContain("./pairbatch retry");
    }

    private static String told(Job job, Map<FailedPairs.Failure, Long> failed) {
        return String.join(
                "\n",
                JobDiagnosis.of(
                        new JobSnapshot(job, SegmentTotals.NONE),
                        NOTHING,
                        new FailedPairs(failed, false, false),
                        Deployed.STACK,
                        WRITTEN,
                        100));
    }

    private static String done(long observed, long failed) {
        return told(Jobs.judged(Jobs.in(JobState.DONE), observed, failed));
    }

    private static String told(Job job) {
        return String.join(
                "\n",
                JobDiagnosis.of(
                        new JobSnapshot(job, SegmentTotals.NONE),
                        NOTHING,
                        FailedPairs.NONE,
                        Deployed.STACK,
                        WRITTEN,
                        100));
    }

    @Test
    void aBatchThatNobodyOwnsIsToldWithWhatToDo() {
        String told = String.join(
                "\n",
                JobDiagnosis.of(
                        new JobSnapshot(
                                Jobs.in(JobState.DONE),
                                SegmentTotals.NONE,
                                List.of(),
                                Waits.NONE,
                                List.of("a stray, cancel it")),
                        NOTHING,
                        FailedPairs.NONE,
                        Deployed.STACK,
                        WRITTEN,
                        100));
        assertThat(told).contains("a stray, cancel it");
    }

    @Test
    void theOldestBatchIsNamedWithItsStatusAndWhatCanBeDone() {
        OpenBatch stuck = new OpenBatch(2, "batch_7", "finalizing", WRITTEN, null, Duration.ofDays(1));
        Waits waits =
                new Waits(List.of(new Waits.Wait("segment 3 is set aside until 2026-11-23T19:00:00Z")), stuck, null);
        JobSnapshot snapshot = new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                new SegmentTotals(4, 190, 3, 0, 0, 1, 70, 0, 48, 2, 2, 1),
                List.of(),
                waits,
                List.of());
        String day = String.join(
                "\n",
                JobDiagnosis.of(snapshot, NOTHING, FailedPairs.NONE, Deployed.STACK, WRITTEN.plusSeconds(60), 400));
        assertThat(day)
                .contains("The oldest one is batch batch_7 (segment 2): finalizing, submitted 2026-11-22T18:00:01Z")
                .contains("Segment 3 is set aside until 2026-11-23T19:00:00Z.")
                .doesNotContain("overdue");
        String later = String.join(
                "\n",
                JobDiagnosis.of(
                        snapshot, NOTHING, FailedPairs.NONE, Deployed.STACK, WRITTEN.plus(Duration.ofHours(25)), 400));
        assertThat(later)
                .contains(
                        "Overdue is batch batch_7 (segment 2): finalizing, it should have ended by 2026-11-23T18:00:01Z.",
                        "cancel it at the provider");
        JobSnapshot gemini = new JobSnapshot(
                snapshot.job(),
                snapshot.segments(),
                List.of(),
                new Waits(
                        List.of(),
                        new OpenBatch(
                                2,
                                "batches/7",
                                "BATCH_STATE_RUNNING",
                                WRITTEN,
                                WRITTEN.plus(Duration.ofHours(20)),
                                Duration.ofDays(2)),
                        null),
                List.of());
        assertThat(String.join(
                        "\n",
                        JobDiagnosis.of(
                                gemini,
                                NOTHING,
                                FailedPairs.NONE,
                                Deployed.STACK,
                                WRITTEN.plus(Duration.ofHours(25)),
                                400)))
                .contains("should end by 2026-11-24T18:00:01Z")
                .doesNotContain("verdue");
        assertThat(String.join(
                        "\n",
                        JobDiagnosis.of(
                                gemini,
                                NOTHING,
                                FailedPairs.NONE,
                                Deployed.STACK,
                                WRITTEN.plus(Duration.ofHours(33)),
                                400)))
                .contains(
                        "Overdue is batch batches/7 (segment 2): BATCH_STATE_RUNNING, nothing new was said of it since"
                                + " 2026-11-23T14:00:01Z.");
    }

    @Test
    void theNextLookIsToldAndALateOneToo() {
        Waits waits = new Waits(List.of(), null, WRITTEN.plusSeconds(40));
        assertThat(waiting(waits, Duration.ZERO))
                .contains("The next look at the provider is in 40 s, at 2026-11-22T18:00:41Z.");
        assertThat(waiting(waits, Duration.ofSeconds(40))).contains("A look at the provider is under way.");
        assertThat(waiting(waits, Duration.ofSeconds(110)))
                .contains("A look at the provider has been due since 2026-11-22T18:00:41Z:");
        // A job whose looks go on has not died, however long ago something was new.
        Waits later = new Waits(List.of(), null, WRITTEN.plus(Duration.ofHours(9)));
        assertThat(waiting(later, Duration.ofHours(9).plusMinutes(50))).doesNotContain("Nothing has been written");
        assertThat(waiting(later, Duration.ofHours(11)))
                .contains("Nothing has been written since 2026-11-23T03:00:01Z, 2 h ago");
    }

    private static String waiting(Waits waits, Duration since) {
        SegmentTotals open = new SegmentTotals(1, 190, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0);
        JobSnapshot snapshot = new JobSnapshot(Jobs.in(JobState.RUNNING), open, List.of(), waits, List.of());
        return String.join(
                "\n", JobDiagnosis.of(snapshot, NOTHING, FailedPairs.NONE, Deployed.STACK, WRITTEN.plus(since), 400));
    }

    @Test
    void theRowsOfASampleAddUp() {
        SegmentTotals sample = new SegmentTotals(1, 25, 1, 0, 0, 1, 25, 0, 24, 1, 0, 0);
        Job job = Jobs.with(Jobs.in(JobState.RUNNING), 190, 3, null, null);
        assertThat(String.join(
                        "\n",
                        JobDiagnosis.of(
                                new JobSnapshot(job, sample), NOTHING, FailedPairs.NONE, Deployed.STACK, WRITTEN, 400)))
                .contains("190 rows, 3 of them rejected and 162 not in the sample.");
    }

    @Test
    void aFolderThatIsTooDeepIsToldWhereItBelongs() {
        Job waits = Jobs.at(JobState.WAITING_FOR_SPEC, "inbox/course/week1/");
        String told = String.join(
                "\n",
                JobDiagnosis.of(
                        new JobSnapshot(waits, SegmentTotals.NONE),
                        NOTHING,
                        FailedPairs.NONE,
                        Deployed.STACK,
                        WRITTEN,
                        200));
        assertThat(told)
                .contains("It waits in a folder that is too deep: jobs start in inbox/NAME/ only.")
                .containsPattern("Next: aws s3 mv --recursive s3://[^/]+/inbox/course/week1/ s3://[^/]+/inbox/NAME/");
        assertThat(FaultText.of(waits, NOTHING, Deployed.STACK, 200))
                .first()
                .isEqualTo("Job essays-3f2a91bc waits in a folder in which no job starts.");
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void everyStateHasANextStep(JobState state) {
        assertThat(text(state, NOTHING, Duration.ZERO)).containsPattern("\nNext: \\S");
    }

    private static String text(JobState state, JobFault fault, Duration since) {
        SegmentTotals segments = new SegmentTotals(4, 190, 3, 0, 0, 1, 70, 0, 48, 2, 2, 1);
        return String.join(
                "\n",
                JobDiagnosis.of(
                        new JobSnapshot(Jobs.in(state), segments, List.of("segment 2: HTTP 404")),
                        fault,
                        FailedPairs.NONE,
                        Deployed.STACK,
                        WRITTEN.plus(since),
                        100));
    }
}
