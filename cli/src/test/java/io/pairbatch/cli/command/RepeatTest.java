package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.claim.Contents;
import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.job.JobFiles;
import io.pairbatch.offline.OfflineCollect;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.registry.JobState;
import io.pairbatch.step.DeployedProviders;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What `rerun` and `cost` make of the summary of a job that was really split, collected and merged.
class RepeatTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TABLE = "ID1,text1,ID2,text2\na,x,b,y\na,x,,z\na,x,c,z\n";
    private static final String KEY = "inbox/essays/pairs.csv";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();
    private Deployment deployment = Deployed.STACK;
    private FakeLive live = new FakeLive(deployment);

    @TempDir
    private Path folder;

    @BeforeEach
    void aJobIsDone() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("essays")).resolve("pairs.csv"), TABLE);
        Files.writeString(
                folder.resolve("essays/job.json"),
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\", \"study\": \"reading\","
                        + " \"labels\": {\"wave\": \"2\"}, \"sample_seed\": 7}");
        String token = new OfflineSplit("0.1.0", InstantSource.fixed(Instant.parse("2026-11-22T17:00:00Z")))
                .run(folder.resolve("essays/pairs.csv"), folder.resolve("essays/job.json"), folder.resolve("done"))
                .job()
                .token();
        Files.writeString(folder.resolve("done").resolve(JobFiles.output(1)), """
                {"custom_id":"%s-1","response":{"status_code":200,"body":{"object":"chat.completion","model":"gpt-4.1-2025-04-14",\
                "choices":[{"message":{"content":"<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>"}}],\
                "usage":{"prompt_tokens":800,"completion_tokens":12,"total_tokens":812}}}}
                """.formatted(token));
        new OfflineCollect(PriceTable.bundled()).run(folder.resolve("done"));
        bucket.onPut(key -> {
            if (key.endsWith("pairs.csv") || key.endsWith("pairs_2.csv")) {
                jobs.list(Jobs.named("essays-0badcafe", key, FakeTime.START));
            }
        });
    }

    @Test
    void theSameJobIsMadeOnceMoreAsItsNextRun() {
        assertThat(execute("rerun", "done/summary.json", "essays/pairs.csv", "--no-wait"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);

        assertThat(bucket.written()).containsExactly("inbox/essays/job.json", KEY);
        assertThat(bucket.text(KEY)).isEqualTo(TABLE);
        JsonNode job = JSON.readTree(bucket.text("inbox/essays/job.json"));
        assertThat(job.path("run").asInt()).isEqualTo(2);
        assertThat(job.path("sample_seed").asInt()).isEqualTo(7);
        assertThat(job.path("tag_mode").asString()).isEqualTo("last");
        assertThat(job.path("study").asString()).isEqualTo("reading");
        assertThat(job.path("prompt_template").asString()).contains("{SAMPLE_1}");
        assertThat(out.toString()).contains("as run 2: openai, gpt-4.1, 2 comparisons, which cost USD 0.00085.");

        out.getBuffer().setLength(0);
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("(the same files were dropped before)");
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--run", "3", "--no-wait"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(bucket.written()).contains("inbox/essays-2/job.json");
    }

    @Test
    void aRunThatIsDoneIsFollowedByTheNextOneAndAnUnfinishedOneGoesOn() throws IOException {
        deployment = deployed(true);
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        Path dropped = Files.writeString(folder.resolve("second.json"), bucket.text("inbox/essays/job.json"));
        Estimate second = new Estimator(Objects.requireNonNull(deployment.providers()), DeployedProviders.ALL, bucket)
                .of(DropBuilder.build(folder.resolve("essays/pairs.csv"), dropped, Map.of(), null), Deadline.NONE)
                .orElseThrow();
        bucket.put(
                Contents.key(Contents.digest(second.content(), second.spec(), true)),
                "{\"job_id\": \"" + Jobs.ID + "\", \"epoch\": 1}");
        jobs.then(Jobs.snapshot(JobState.RUNNING))
                .then(Jobs.snapshot(JobState.RUNNING))
                .then(Jobs.snapshot(JobState.DONE));

        execute("rerun", "done", "essays/pairs.csv", "--no-wait");
        assertThat(out.toString())
                .contains("(running): what it has sent is not sent again")
                .doesNotContain("Run 2");
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("Run 2 is done already, as job " + Jobs.ID + ": this is run 3\n");
        assertThat(JSON.readTree(bucket.text("inbox/essays-2/job.json"))
                        .path("run")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void ofSeveralJudgesEachRequestIsComparedAndTheSameJobIsMade() throws IOException {
        change("", summary -> {
            ObjectNode plain = summary.deepCopy().put("name", "plain");
            ObjectNode warm = plain.deepCopy().put("name", "warm");
            ((ObjectNode) warm.at("/judge/request/body")).put("temperature", 1);
            summary.remove(List.of("backend", "model_requested", "judge"));
            summary.withArray("judges").add(plain).add(warm);
            ((ObjectNode) summary.path("resolved"))
                    .set("judges", JSON.readTree("[{\"name\": \"plain\"}, {\"name\": \"warm\", \"temperature\": 1}]"));
        });

        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("as run 2: 2 judges (plain, warm), 2 comparisons, which cost USD 0.0017.");
        JsonNode job = JSON.readTree(bucket.text("inbox/essays/job.json"));
        assertThat(job.path("run").asInt()).isEqualTo(2);
        assertThat(job.path("judges").findValuesAsString("name")).containsExactly("plain", "warm");

        change("/judges/1/judge/request/body", request -> request.put("temperature", 0.5));
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .contains("was changed since", "other requests: judge warm: body.temperature 1 instead of 0.5.");

        change("/judges/1/judge", judge -> judge.remove("request"));
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("does not say what each request held");
    }

    @Test
    void aCostThatIsNotKnownAtAllIsNoLowerBound() throws IOException {
        change("/results", results -> results.put("cost_usd", 0).put("unpriced_answers", 2));
        assertThat(execute("cost", "done")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith("USD is not known: 2 answers have no known price.\n");
    }

    @Test
    void aPairThatWasSentAgainCountsEachTimeAndOneThatWasNotSentDoesNot() throws IOException {
        change("", summary -> summary.set("attempts", JSON.readTree("""
                [{"attempt": 1, "pairs": 20, "failed_by_code": {"not_submitted": 4, "http_error": 2}},
                 {"attempt": 2, "pairs": 6, "failed_by_code": {}}]
                """)));
        change("/results", results -> results.put("requests", 17));
        assertThat(execute("cost", "done")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).as("what providers have worked on").containsPattern("openai +\\S+ +1 +17 ");
        change("/results", results -> results.remove("requests"));
        assertThat(execute("cost", "done")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).as("of an older version").containsPattern("openai +\\S+ +1 +22 ");
    }

    @Test
    void collectTellsWhatTheFolderLost() throws IOException {
        String done = folder.resolve("done").toString();

        assertThat(execute("collect", done)).isEqualTo(ExitStatus.LOSSES);
        assertThat(err.toString())
                .contains(
                        "Done with losses: 1 of 2 comparisons",
                        "1  no answer came back (missing, backend_missing_fields): missing raw result for pair");
        assertThat(execute("collect", done, "--allow-losses")).isEqualTo(ExitStatus.DONE);

        // What has not come back yet is not lost.
        Files.delete(folder.resolve("done").resolve(JobFiles.output(1)));
        err.getBuffer().setLength(0);
        assertThat(execute("collect", done)).isEqualTo(ExitStatus.DONE);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anotherTableIsRefused() throws IOException {
        Files.writeString(folder.resolve("essays/pairs.csv"), TABLE + "d,x,e,y\n");
        assertThat(execute("rerun", "done/summary.json", "essays/pairs.csv", "--no-wait", "--anyway"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("is another table", "byte for byte");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void theTableIsFoundByItsSource() throws IOException {
        assertThat(execute("rerun", "done", "--no-wait")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("pairs.csv is not beside the summary", "behind the summary");

        change("/job/source", source -> source.put("bucket", "data").put("key", KEY));
        assertThat(execute("rerun", "done", "--no-wait")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("is no longer there");
        bucket.put(KEY, TABLE + "\n");
        assertThat(execute("rerun", "done", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("is another table");
        bucket.put(KEY, TABLE);
        assertThat(execute("rerun", "done", "--no-wait")).isEqualTo(ExitStatus.DONE);
        // The folder of the first job holds its files: the new one has a folder of its own.
        assertThat(bucket.written()).containsExactly("inbox/essays-2/job.json", "inbox/essays-2/pairs.csv");
    }

    @Test
    void otherRequestsThanThoseOfTheJobAreRefusedUnlessTheyAreWanted() throws IOException {
        change("/judge/request/body", body -> body.put("temperature", 0.5));
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("body.temperature 0 instead of 0.5", "--anyway");
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait", "--anyway"))
                .isEqualTo(ExitStatus.DONE);
    }

    @Test
    void theSummaryOfAnOlderVersionIsNotTrustedSilently() throws IOException {
        change(
                "",
                summary -> List.of("judge", "resolved", "table", "study", "labels", "pairbatch_commit")
                        .forEach(summary::remove));
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("does not say what each request held");
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait", "--anyway"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("nobody has checked that this is the same");
        assertThat(execute("cost", "done")).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void nothingIsPaidForTwiceWithoutBeingAgreedTo() {
        deployment = deployed(false);
        live = new FakeLive(deployment);
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait", "--live"))
                .isEqualTo(ExitStatus.USAGE);
        live.environment.put("OPENAI_API_KEY", "sk-x");
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait", "--live"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("This costs money, and there is no terminal to ask on.");
        live.terminal = true;
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--no-wait", "--live"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(live.questions).hasSize(1);
        assertThat(out.toString()).contains("This costs money:", "Nothing was dropped.");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void whatIsNoSummaryIsRefused() throws IOException {
        assertThat(execute("rerun")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("rerun", "essays/job.json")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("is no summary of a job");
        assertThat(execute("rerun", "nowhere")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("rerun", "done", "essays/pairs.csv", "--run", "0")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("rerun", "done", "none.csv")).isEqualTo(ExitStatus.USAGE);
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void jobsAreAddedUpByProviderAndModel() throws IOException {
        store("essays-3f2a91bc", summary -> {});
        store("poems-0badcafe", summary -> {
            summary.put("model_requested", "gpt-5.1").put("study", "pilot");
            ((ObjectNode) summary.path("results")).put("unpriced_answers", 3);
            summary.putObject("preflight")
                    .put("model", "gpt-5.1-x")
                    .put("prompt_tokens", 700)
                    .put("completion_tokens", 5)
                    .put("cost_usd", 0.002);
        });
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START))
                .list(Jobs.in(JobState.DONE))
                .list(Jobs.named("late-00000000", "k", FakeTime.START))
                .list(Jobs.in(JobState.WAITING_FOR_SPEC));

        assertThat(execute("cost")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("""
                PROVIDER  MODEL    JOBS  REQUESTS  PROMPT TOKENS  COMPLETION TOKENS      USD
                openai    gpt-4.1     1         2            800                 12  0.00085
                openai    gpt-5.1     1         3          1,500                 17   0.0028
                total                 2         5          2,300                 29   0.0037
                USD is more than that: 3 answers have no known price.
                not counted: late-00000000, done
                """);
    }

    @Test
    void whatJudgesHaveCostIsCountedOnceAndOfEach() throws IOException {
        Job panel = Jobs.of(Jobs.in(JobState.DONE), "plain", "claude");
        Job plain = Jobs.judgeOf(Jobs.in(JobState.DONE), panel, "plain");
        Job claude = Jobs.judgeOf(Jobs.in(JobState.DONE), panel, "claude");
        store(plain.id(), summary -> {});
        store(claude.id(), summary -> summary.put("backend", "anthropic").put("model_requested", "claude-sonnet-4-5"));
        store(panel.id(), summary -> {
            ObjectNode first = summary.deepCopy();
            summary.remove(List.of("backend", "model_requested", "preflight", "attempts"));
            ((ObjectNode) summary.path("results")).put("cost_usd", 99);
            summary.withArray("judges")
                    .add(first.deepCopy()
                            .put("name", "plain")
                            .put("job_id", plain.id())
                            .without(List.of("study", "labels", "job")))
                    .add(first.deepCopy()
                            .put("name", "claude")
                            .put("job_id", claude.id())
                            .put("backend", "anthropic")
                            .put("model_requested", "claude-sonnet-4-5")
                            .without(List.of("study", "labels", "job")));
        });
        Files.createDirectories(folder.resolve("both"));
        Files.writeString(folder.resolve("both/summary.json"), bucket.text("jobs/" + panel.id() + "/summary.json"));
        jobs.list(panel).list(plain).list(claude);
        String table = """
                PROVIDER   MODEL              JOBS  REQUESTS  PROMPT TOKENS  COMPLETION TOKENS      USD
                anthropic  claude-sonnet-4-5     1         2            800                 12  0.00085
                openai     gpt-4.1               1         2            800                 12  0.00085
                total                            2         4          1,600                 24   0.0017
                """;

        assertThat(execute("cost")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString(table);
        out.getBuffer().setLength(0);
        assertThat(execute("cost", "both")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString(table);
        assertThat(json("cost", "--json", "--by", "study", "both")
                        .at("/groups/0/study")
                        .asString())
                .isEqualTo("reading");

        out.getBuffer().setLength(0);
        for (Job job : List.of(panel, plain, claude)) {
            jobs.then(new JobSnapshot(job, SegmentTotals.NONE));
        }
        assertThat(execute("cost", panel.id())).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString(table);
    }

    @Test
    void jobsAreAddedUpByStudyAndLabelForPeopleAndForPrograms() throws IOException {
        store("essays-3f2a91bc", summary -> {});
        store("poems-0badcafe", summary -> summary.put("study", "pilot").remove("labels"));
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START)).list(Jobs.in(JobState.DONE));

        JsonNode studies = json("cost", "--json", "--by", "study");
        assertThat(studies.path("groups").findValuesAsString("study")).containsExactly("pilot", "reading");
        assertThat(studies.at("/total/jobs").asInt()).isEqualTo(2);
        assertThat(studies.at("/total/cost_usd").asString()).isEqualTo("0.001696");
        assertThat(json("cost", "--json", "--by", "label").path("groups").findValuesAsString("labels"))
                .contains("wave=2");
        JsonNode waves = json("cost", "--json", "--by", "label:wave");
        assertThat(waves.at("/groups/0/label:wave").isNull()).isTrue();
        assertThat(waves.at("/groups/1/label:wave").asString()).isEqualTo("2");
        assertThat(execute("cost", "--by", "colour")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("cost", "--by", "label:")).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void aSummaryOnDiskIsCountedWithoutAStackAndEachJobOnce() {
        JsonNode cost = json("cost", "done", "done/summary.json", "--json");
        assertThat(cost.at("/total/jobs").asInt()).isEqualTo(1);
        assertThat(cost.at("/total/requests").asInt()).isEqualTo(2);
    }

    @Test
    void whatTheSimulatorAnsweredCostNothing() throws IOException {
        store("essays-3f2a91bc", summary -> {});
        store("poems-0badcafe", summary -> {
            summary.put("simulated", true);
            ((ObjectNode) summary.path("results")).put("unpriced_answers", 1);
        });
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START)).list(Jobs.in(JobState.DONE));

        assertThat(execute("cost")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("""
                PROVIDER  MODEL                                  JOBS  REQUESTS  PROMPT TOKENS  COMPLETION TOKENS      USD  SIMULATED USD
                openai    gpt-4.1                                   1         2            800                 12  0.00085           0.00
                openai    gpt-4.1 (simulated, nothing was paid)     1         2            800                 12     0.00        0.00085
                total                                               2         4          1,600                 24  0.00085        0.00085
                SIMULATED USD is what a provider would have been paid at the price list. Nothing was paid.
                SIMULATED USD is more than that: 1 answer has no known price.
                """);
        JsonNode cost = json("cost", "--json");
        assertThat(cost.at("/groups/1/simulated").asBoolean(false)).isTrue();
        assertThat(cost.at("/groups/1/cost_usd").asString()).isEqualTo("0");
        assertThat(cost.at("/groups/1/simulated_usd").asString()).isEqualTo("0.000848");
        assertThat(cost.at("/total/simulated_unpriced_answers").asInt()).isEqualTo(1);
        assertThat(cost.at("/groups/0/simulated_usd").asString()).isEqualTo("0");
        assertThat(cost.at("/groups/0/simulated").asBoolean(true)).isFalse();
    }

    private interface Edit {

        void of(ObjectNode object);
    }

    private void change(String pointer, Edit edit) throws IOException {
        Path file = folder.resolve("done/summary.json");
        ObjectNode summary = (ObjectNode) JSON.readTree(Files.readString(file));
        edit.of((ObjectNode) (pointer.isEmpty() ? summary : summary.at(pointer)));
        Files.writeString(file, summary.toString());
    }

    /// Puts the job's summary into the bucket, as another job's.
    private void store(String id, Edit edit) throws IOException {
        ObjectNode summary = (ObjectNode) JSON.readTree(Files.readString(folder.resolve("done/summary.json")));
        edit.of(summary.put("job_id", id));
        bucket.put("jobs/" + id + "/summary.json", summary.toString());
    }

    private static Deployment deployed(boolean simulated) {
        return Deployed.with(new Deployment.Providers(
                simulated,
                "openai",
                Map.of(
                        Backend.OPENAI, "https://api.openai.com/v1",
                        Backend.ANTHROPIC, "https://api.anthropic.com",
                        Backend.GEMINI, "https://gateway.example"),
                "{}"));
    }

    private JsonNode json(String... args) {
        out.getBuffer().setLength(0);
        assertThat(execute(args)).as(err.toString()).isEqualTo(ExitStatus.DONE);
        return JSON.readTree(out.toString());
    }

    private int execute(String... args) {
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        App app = new App(
                console,
                stack -> deployment,
                stack -> new Session(stack, jobs, bucket, Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new UnsupportedOperationException();
                },
                folder,
                folder,
                time,
                time,
                live);
        int status = PairbatchCommand.commandLine(app).execute(args);
        console.out().flush();
        console.err().flush();
        return status;
    }
}
