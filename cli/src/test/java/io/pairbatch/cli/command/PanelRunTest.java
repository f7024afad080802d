package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.claim.Contents;
import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.JobSource;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.registry.JobState;
import io.pairbatch.step.DeployedProviders;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run with several judges checks, shows and asks: of each judge, not only of the first.
class PanelRunTest {

    private static final Deployment.Providers REAL = new Deployment.Providers(
            false,
            "openai",
            Map.of(
                    Backend.OPENAI, "https://api.openai.com/v1",
                    Backend.ANTHROPIC, "https://api.anthropic.com",
                    Backend.GEMINI, "https://gateway.example"),
            "{}");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final Registry jobs = new Registry();
    private FakeLive live = new FakeLive(
            Deployed.with(Map.of(Backend.OPENAI, "arn", Backend.ANTHROPIC, "arn", Backend.GEMINI, "arn"), REAL));

    @TempDir
    private Path folder;

    /// Jobs by their ids, newest first.
    private static final class Registry implements JobSource {

        private final List<Job> all = new ArrayList<>();

        @Override
        public Optional<JobSnapshot> read(String jobId) {
            return all.stream()
                    .filter(job -> job.id().equals(jobId))
                    .map(job -> new JobSnapshot(job, SegmentTotals.NONE))
                    .findFirst();
        }

        @Override
        public void visitNewestFirst(Predicate<Job> visitor) {
            for (Job job : all) {
                if (!visitor.test(job)) {
                    return;
                }
            }
        }
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,x,b,y\na,x,,z\nd,é,c,zz\n");
        judges("""
                {"model": "gpt-4.1"},
                {"name": "claude", "backend": "anthropic", "model": "claude-sonnet-4-5"},
                {"backend": "gemini", "model": "gemini-2.5-flash"}""");
        live.environment.put("OPENAI_API_KEY", "sk-real");
        live.environment.put("ANTHROPIC_API_KEY", "sk-real");
        live.environment.put("GEMINI_API_KEY", "sk-real");
        live.terminal = true;
        live.agrees = true;
        bucket.onPut(key -> {
            if (jobs.all.stream().noneMatch(Job::isPanel)) {
                jobs.all.addFirst(Jobs.of(Jobs.in(JobState.RUNNING), "gpt-4.1", "claude", "gemini-2.5-flash"));
            }
        });
    }

    private void judges(String judges) throws IOException {
        Files.writeString(
                folder.resolve("job.json"),
                "{\"prompt_template\": \"{TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}{SAMPLE_2}\","
                        + " \"trait_name\": \"T\", \"trait_description\": \"D\", \"judges\": [" + judges + "]}");
    }

    @Test
    void theCostOfEachJudgeAndOfAllIsShownBeforeTheQuestion() {
        live.agrees = false;

        assertThat(run("--live")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString())
                .containsSubsequence(
                        "This costs money:\n  judge gpt-4.1\n    provider   openai at https://api.openai.com/v1,",
                        "    model      gpt-4.1\n    pairs      2; rejected rows: 1\n",
                        "    segments   1 batch\n    cost       about USD 0.0000030 for the prompts",
                        "  judge claude\n    provider   anthropic at https://api.anthropic.com",
                        "    model      claude-sonnet-4-5\n",
                        "    cost       about USD ",
                        "  judge gemini-2.5-flash\n    provider   gemini at https://gateway.example",
                        "    cost       about USD ",
                        "  in all, 3 judges with 6 requests in 3 batches\n    cost       about USD ",
                        " for the prompts; answers and reasoning are extra\n",
                        "Nothing was dropped.\n")
                .containsOnlyOnce("note       1 row rejected");
        assertThat(live.questions).containsExactly("Continue? [y/N]");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void anUnknownPriceOfOneJudgeIsNotLeftOutOfTheSum() throws IOException {
        judges("{\"model\": \"gpt-4.1\"}, {\"model\": \"unheard-of\"}");

        assertThat(run("--live")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString())
                .contains(
                        "    cost       unknown: the price table has no unheard-of",
                        " for the prompts, without those of 1 judge whose price is not known;");
        assertThat(err.toString().replaceAll("\\s+", " "))
                .contains("judge unheard-of: \"unheard-of\" is none of the models of openai", "in `judges`");
    }

    @Test
    void theKeysOfAllJudgesAreMissedTogetherBeforeAStackIsStarted() {
        live.environment.remove("ANTHROPIC_API_KEY");
        live.environment.remove("GEMINI_API_KEY");

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString())
                .contains("anthropic and gemini, but their keys are missing", "ANTHROPIC_API_KEY and GEMINI_API_KEY");
        assertThat(live.started).isZero();
    }

    @Test
    void aProviderOfOneJudgeThatTheStackLeavesOutIsToldBeforeAnythingIsDropped() {
        live = new FakeLive(Deployed.with(Map.of(Backend.OPENAI, "arn", Backend.GEMINI, "arn"), REAL));

        assertThat(run("--yes")).isEqualTo(ExitStatus.JOB_FAILED);

        assertThat(err.toString()).contains("PROVIDER_NOT_DEPLOYED", "without `anthropic`", "Nothing was dropped.");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void aLimitThatLetsNothingBeSentForOneJudgeIsRefused() throws IOException {
        judges("{\"model\": \"gpt-4.1\"}, {\"name\": \"claude\", \"backend\": \"anthropic\","
                + " \"model\": \"claude-sonnet-4-5\", \"max_cost_usd\": 0.000001}");

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.JOB_FAILED);

        assertThat(err.toString())
                .contains("judge claude: max_cost_usd of ", "nothing would be sent", "`max_cost_usd` in `judges`");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void whatOneJudgeHasJudgedElsewhereStopsNoOtherAndCostsNothing() throws IOException {
        judgedBy(0, JobState.DONE, 1, "alone-3f2a91bc");

        assertThat(run("--live")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains(
                        "note: judge gpt-4.1: the same pairs were judged in the same way by job alone-3f2a91bc. Nothing"
                                + " is sent for this judge, and its results are taken from there.",
                        "judge gpt-4.1: nothing is sent judge claude provider",
                        "in all, 2 judges with 4 requests in 2 batches",
                        "Dropped into");
        assertThat(live.questions).hasSize(1);
    }

    @Test
    void nobodyIsAskedToPayForWhatAllJudgesHaveJudged() throws IOException {
        for (int judge = 0; judge < 3; judge++) {
            judgedBy(judge, JobState.DONE, 1, "alone-" + judge);
        }

        assertThat(run("--live")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString()).doesNotContain("This costs money").contains("Dropped into");
        assertThat(live.questions).isEmpty();
    }

    @Test
    void theNextRunIsOneThatNoJudgeHasDone() throws IOException {
        judgedBy(0, JobState.DONE, 1, "first-3f2a91bc");
        judgedBy(1, JobState.DONE, 2, "second-3f2a91bc");

        assertThat(run("--live", "--yes", "--again")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(bucket.text("inbox/essays/job.json")).contains("\"run\" : 3");
        assertThat(out.toString()).contains("in all, 3 judges");
    }

    @Test
    void nothingIsDroppedForAJudgeWhosePairsAreBeingDeleted() throws IOException {
        judgedBy(1, JobState.DELETING, 1, "alone-3f2a91bc");

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString()).contains("alone-3f2a91bc", "is being deleted", "Nothing was dropped.");
        assertThat(bucket.written()).noneMatch(key -> key.startsWith("inbox/"));
    }

    @Test
    void onlyNewRowsAreNoTableOfAllJudges() {
        assertThat(run("--live", "--yes", "--only-new")).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString())
                .contains("each judge of this job may have judged others", "Nothing was dropped.", "--only-new");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void failedPairsOfJudgesAreNotJudgedByAllOfThem() throws IOException {
        Path results = Files.createDirectories(folder.resolve("results/essays-3f2a91bc"));
        Path failed = results.resolve("failed_pairs.csv");
        String head = "ID1,text1,ID2,text2,order,repeat,judge,error_code,error_detail\n";
        Files.writeString(failed, head + "a,x,b,y,1,1,claude,no_tag,\n");
        String job = folder.resolve("job.json").toString();

        assertThat(runOf(failed, "--live", "--yes", "--job", job)).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().replaceAll("\\s+", " "))
                .contains(
                        "The rows of failed_pairs.csv name in the column `judge`",
                        "Nothing was dropped.",
                        "./pairbatch retry essays-3f2a91bc sends each to its own judge");
        assertThat(runOf(failed, "--live", "--yes", "--job", job, "--set", "judges=[]", "--set", "model=gpt-4.1"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(bucket.written()).isEmpty();

        Files.writeString(failed, head + "a,x,b,y,1,1,1,no_tag,\n");
        live.agrees = false;
        assertThat(runOf(failed, "--live", "--job", job)).as("%s", err).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("in all, 3 judges with 3 requests");
    }

    /// Another job has judged what a judge would judge.
    private void judgedBy(int judge, JobState state, int run, String jobId) throws IOException {
        Drop drop = DropBuilder.build(folder.resolve("pairs.csv"), null, Map.of(), "essays");
        Estimate own = new Estimator(REAL, DeployedProviders.ALL, bucket)
                .of(drop, Deadline.NONE)
                .orElseThrow()
                .judges()
                .get(judge)
                .estimate();
        bucket.put(
                Contents.key(Contents.digest(own.content(), own.spec().withRun(run), false)),
                ("{\"job_id\": \"" + jobId + "\", \"epoch\": 1}").getBytes(StandardCharsets.UTF_8),
                "-");
        jobs.all.add(Jobs.renamed(Jobs.in(state), jobId));
    }

    private int run(String... options) {
        return runOf(folder.resolve("pairs.csv"), options);
    }

    private int runOf(Path table, String... options) {
        return new LiveCommand(live, jobs, bucket, time, folder, out, err).run(table, options);
    }
}
