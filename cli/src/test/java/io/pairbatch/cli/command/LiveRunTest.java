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
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.registry.JobState;
import io.pairbatch.step.DeployedProviders;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run that costs money shows and asks before anything is dropped.
class LiveRunTest {

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
    private final MemoryJobSource jobs = new MemoryJobSource();
    private FakeLive live = new FakeLive(stack(REAL));

    @TempDir
    private Path folder;

    private static Deployment stack(Deployment.@Nullable Providers providers) {
        return Deployed.with(providers);
    }

    @BeforeEach
    void writeJob() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,x,b,y\na,x,,z\nd,é,c,zz\n");
        Files.writeString(folder.resolve("job.json"), """
                {"model": "gpt-4.1", "prompt_template": "{TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}{SAMPLE_2}",
                 "trait_name": "T", "trait_description": "D"}
                """);
        live.environment.put("OPENAI_API_KEY", "sk-real");
        live.terminal = true;
        bucket.onPut(key -> {
            Job job = Jobs.in(JobState.SPLITTING);
            jobs.list(job)
                    .then(new JobSnapshot(job, Jobs.snapshot(JobState.SPLITTING).segments()));
        });
    }

    @Test
    void aYesDropsTheJob() {
        live.agrees = true;

        assertThat(run("--live")).isEqualTo(ExitStatus.DONE);

        // T, D and the texts: 2 + 1 + 2 and 2 + 2 + 4 bytes, of which a quarter is 1.25 and 2.
        assertThat(out.toString()).startsWith("""
                This costs money:
                  provider   openai at https://api.openai.com/v1, requests to /v1/chat/completions
                  model      gpt-4.1
                  pairs      2; rejected rows: 1
                  prompts    13 B, about 3 tokens (estimated as a quarter of the bytes)
                  segments   1 batch
                  cost       about USD 0.0000030 for the prompts at batch prices of\s""".stripTrailing());
        assertThat(out.toString()).contains("Dropped into s3://data/inbox/");
        assertThat(live.questions).containsExactly("Continue? [y/N]");
    }

    @Test
    void aNoDropsNothing() {
        assertThat(run("--live")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith("Nothing was dropped.\n");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void yesIsNotAskedTwice() {
        live.terminal = false;

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.DONE);
        assertThat(live.questions).isEmpty();
        assertThat(bucket.written()).isNotEmpty();
    }

    @Test
    void withoutATerminalTheYesHasToBeGivenBeforeAStackIsStarted() {
        live.terminal = false;

        assertThat(run("--live")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("there is no terminal to ask on", "--yes");
        assertThat(live.started).isZero();
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void theKeyOfTheJobsProviderIsMissedBeforeAStackIsStarted() {
        assertThat(run("--live", "--yes", "--set", "backend=anthropic", "--set", "model=claude-sonnet-4-5"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("The job's provider is anthropic", "ANTHROPIC_API_KEY");
        assertThat(live.started).isZero();
    }

    @Test
    void aWrongSpecificationIsToldBeforeAStackIsStarted() {
        assertThat(run("--live", "--yes", "--set", "temprature=1")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .contains("The job would be rejected. Nothing was dropped.", "SPEC_UNKNOWN_FIELD", "temperature");
        assertThat(live.started).isZero();
    }

    @Test
    void aTemplateThatIsNotRegisteredIsToldBeforeAnythingIsDropped() {
        assertThat(run("--live", "--yes", "--set", "prompt_template=ours")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("SPEC_FILE_NOT_FOUND", "`ours`");
        assertThat(bucket.written()).isEmpty();

        bucket.put(
                "library/templates/ours.txt",
                "{TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}".getBytes(StandardCharsets.UTF_8),
                "-");
        assertThat(run("--live", "--yes", "--set", "prompt_template=ours")).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void aTableThatIsNoneIsToldBeforeAnythingIsDropped() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1\na,x\n");

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("INPUT_COLUMNS");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void aDeployedStackIsAskedAboutToo() {
        live.agrees = true;

        assertThat(run("--stack", "Pairbatch", "--set", "model=unheard-of")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("cost       unknown: the price table has no unheard-of");
        assertThat(live.questions).hasSize(1);
    }

    @Test
    void aDeployedStackIsNotStartedLive() {
        assertThat(run("--stack", "Pairbatch", "--live")).isEqualTo(ExitStatus.USAGE);
        assertThat(run("--live-url", "openai=https://gateway.example")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("--live is for the stack on this machine", "Add --live");
        assertThat(live.started).isZero();
    }

    @Test
    void whatIsAdvisedForPairsWithoutAWinnerIsWhatTheirCausesSay() throws IOException {
        claimedBy(JobState.DONE);
        bucket.put(
                "jobs/essays-3f2a91bc/failed_attempts.csv",
                "error_code,final,cause\nx,TRUE,no_tag\nx,TRUE,no_tag\nhttp_error,TRUE,expired\n");

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString())
                .contains(
                        "  ./pairbatch retry essays-3f2a91bc\n",
                        "2 pairs failed with no_tag (the answer names no winner), which `retry` alone does")
                .contains("  ./pairbatch retry essays-3f2a91bc --codes no_tag\n");
    }

    @Test
    void pairsThatWereJudgedAreNotDroppedAgain() throws IOException {
        claimedBy(JobState.DONE);

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString())
                .startsWith("note: 1 row rejected: 1 missing_id (row 2)\n"
                        + "The same pairs were sent in the same way by job essays-3f2a91bc, which ended at ")
                .contains("187 with a winner, 3 without one.")
                .contains("Nothing was dropped.", "--again")
                .doesNotContain("This costs money");
        assertThat(bucket.written()).noneMatch(key -> key.startsWith("inbox/"));
    }

    @Test
    void nothingIsDroppedForAJobThatIsBeingDeleted() throws IOException {
        claimedBy(JobState.DELETING);

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString())
                .contains("is being deleted", "Nothing was dropped.", "--again", "./pairbatch delete essays-3f2a91bc");
        assertThat(bucket.written()).noneMatch(key -> key.startsWith("inbox/"));
    }

    @Test
    void pairsAreJudgedAgainWithTheNextRun() throws IOException {
        claimedBy(JobState.DONE);

        assertThat(run("--live", "--yes", "--again")).isEqualTo(ExitStatus.DONE);

        assertThat(new String(
                        bucket.open("inbox/essays/job.json", null).orElseThrow().readAllBytes(),
                        StandardCharsets.UTF_8))
                .contains("\"run\" : 2");
    }

    @Test
    void aRunThatIsBeingDeletedIsNoRunToGoOnWith() throws IOException {
        bucket.onPut(key -> jobs.list(Jobs.in(JobState.SPLITTING)));
        claimedBy(JobState.DONE);
        claimedAsRun(2, "essays-3f2a91bc");
        jobs.then(Jobs.snapshot(JobState.DELETING));

        assertThat(run("--live", "--yes", "--again")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(droppedJob()).contains("\"run\" : 3");
    }

    @Test
    void aJobThatIsBeingDeletedIsFollowedByAnotherRunAndSaidSo() throws IOException {
        claimedBy(JobState.DELETING);

        assertThat(run("--live", "--yes", "--again")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString()).contains("Run 1 is being deleted, as job essays-3f2a91bc: this is run 2\n");
        assertThat(droppedJob()).contains("\"run\" : 2");
    }

    @Test
    void aRunThatWasBegunDuringADeletionGoesOnAfterIt() throws IOException {
        claimedAsRun(3, "essays-3f2a91bc");
        jobs.then(Jobs.snapshot(JobState.RUNNING));

        assertThat(run("--live", "--yes", "--again")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString()).contains("judges the same pairs in the same way (");
        assertThat(droppedJob()).contains("\"run\" : 3");
    }

    private String droppedJob() throws IOException {
        return new String(
                bucket.open("inbox/essays/job.json", null).orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theSameCommandTwiceDoesNotMakeTwoMoreRuns() throws IOException {
        claimedBy(JobState.DONE);
        claimedAsRun(2, "essays-3f2a91bc");
        jobs.then(Jobs.snapshot(JobState.RUNNING)).then(Jobs.snapshot(JobState.RUNNING));

        assertThat(run("--live", "--yes", "--again")).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString()).contains("judges the same pairs in the same way (");
        assertThat(new String(
                        bucket.open("inbox/essays/job.json", null).orElseThrow().readAllBytes(),
                        StandardCharsets.UTF_8))
                .contains("\"run\" : 2");
    }

    @Test
    void whatADoneJobNoLongerTakesOnIsSaid() throws IOException {
        claimedBy(JobState.DONE);
        bucket.put("jobs/essays-3f2a91bc/job.json", frozen());

        assertThat(run("--live", "--yes", "--set", "study=Z", "--set", "include_raw=true"))
                .isEqualTo(ExitStatus.DONE);

        assertThat(out.toString())
                .contains("Not applied, because that job is done: study \"Z\" instead of not set, include_raw true"
                        + " instead of false.");
    }

    private String frozen() throws IOException {
        Estimate estimate = estimate();
        ByteArrayOutputStream frozen = new ByteArrayOutputStream();
        new ResolvedJob(
                        "essays-3f2a91bc",
                        Instant.EPOCH,
                        "0.1.0",
                        new ResolvedJob.Source("b", "inbox/essays/pairs.csv", "v", "e", 1),
                        estimate.spec())
                .write(frozen);
        return frozen.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aJobThatJudgesTheSamePairsIsNamedBeforeTheQuestion() throws IOException {
        claimedBy(JobState.WAITING_FOR_KEY);
        live.agrees = true;

        assertThat(run("--live")).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString())
                .startsWith("Job essays-3f2a91bc judges the same pairs in the same way (waiting for key): what it has"
                        + " sent is not sent again.\nThis costs money")
                .contains("Dropped into");
    }

    @Test
    void aWrongFileIsToldBeforeItIsDroppedOnTheSimulatorToo() throws IOException {
        live = new FakeLive(stack(new Deployment.Providers(true, "openai", REAL.baseUrls(), "{}")));
        assertThat(run("--set", "prompt_template=ours")).isEqualTo(ExitStatus.JOB_FAILED);
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1\na,x\n");
        assertThat(run()).isEqualTo(ExitStatus.JOB_FAILED);

        assertThat(err.toString()).contains("Nothing was dropped.", "SPEC_FILE_NOT_FOUND", "`ours`", "INPUT_COLUMNS");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void aProviderThatTheStackLeavesOutIsToldBeforeAnythingIsDropped() throws IOException {
        live = new FakeLive(Deployed.with(
                Map.of(Backend.GEMINI, "arn"), new Deployment.Providers(true, "openai", REAL.baseUrls(), "{}")));

        assertThat(run()).isEqualTo(ExitStatus.JOB_FAILED);

        assertThat(err.toString())
                .contains("PROVIDER_NOT_DEPLOYED", "found `gemini`, without `openai`", "Nothing was dropped.")
                .contains("./pairbatch deploy -c providers=");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void aJobThatIsDoneIsFoundWithoutItsProvider() throws IOException {
        withoutOpenAi();
        claimedBy(JobState.DONE);

        assertThat(run("--yes")).as("%s", err).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString())
                .contains("The same pairs were sent in the same way by job essays-3f2a91bc", "Nothing was dropped.");
        assertThat(err.toString()).doesNotContain("PROVIDER_NOT_DEPLOYED");

        assertThat(run("--yes", "--again")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("PROVIDER_NOT_DEPLOYED");
        assertThat(bucket.written()).noneMatch(key -> key.startsWith("inbox/"));
    }

    @Test
    void aJobThatIsUnderWayIsNamedAndNotDroppedAgainWithoutItsProvider() throws IOException {
        withoutOpenAi();
        claimedBy(JobState.WAITING_FOR_KEY);

        assertThat(run("--yes")).isEqualTo(ExitStatus.JOB_FAILED);

        assertThat(out.toString()).startsWith("Job essays-3f2a91bc judges the same pairs in the same way");
        assertThat(err.toString()).contains("PROVIDER_NOT_DEPLOYED", "Nothing was dropped.");
        assertThat(bucket.written()).noneMatch(key -> key.startsWith("inbox/"));
    }

    @Test
    void aProviderThatIsLeftOutIsToldBeforeWhatIsWrongWithTheTable() throws IOException {
        withoutOpenAi();
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1\na,x\n");

        assertThat(run("--yes")).isEqualTo(ExitStatus.JOB_FAILED);

        assertThat(err.toString()).contains("PROVIDER_NOT_DEPLOYED").doesNotContain("INPUT_COLUMNS");
    }

    private void withoutOpenAi() {
        live = new FakeLive(Deployed.with(Map.of(Backend.GEMINI, "arn"), REAL));
    }

    @Test
    void whatIsWrongWithTheJobFileAndWithTheTableIsToldTogether() throws IOException {
        String reused = "ID1,text1,ID2,text2\na,x,b,y\na,other,c,z\n";
        FakeLive simulated = new FakeLive(stack(new Deployment.Providers(true, "openai", REAL.baseUrls(), "{}")));
        Files.writeString(folder.resolve("pairs.csv"), reused);
        for (String mode : List.of("--live", "--allow-losses")) {
            assertThat(run(mode, "--yes", "--set", "modle=x")).as("%s", err).isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(err.toString()).contains("SPEC_UNKNOWN_FIELD", "INPUT_ID_REUSED");
            err.getBuffer().setLength(0);

            assertThat(run(mode, "--yes", "--set", "modle=x", "--set", "texts_per_id=any"))
                    .isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(err.toString()).contains("SPEC_UNKNOWN_FIELD").doesNotContain("INPUT_");
            err.getBuffer().setLength(0);
            live = simulated;
        }
        Files.writeString(folder.resolve("job.json"), "{\"model\": }");
        assertThat(run()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .as("a job file that cannot be read may allow several texts")
                .contains("SPEC_NOT_JSON")
                .doesNotContain("INPUT_");
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1\na,x\n");
        assertThat(run()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("INPUT_COLUMNS");
        assertThat(bucket.written()).isEmpty();
    }

    private void claimedBy(JobState state) throws IOException {
        jobs.then(Jobs.snapshot(state));
        claimedAsRun(1, "essays-3f2a91bc");
    }

    private void claimedAsRun(int run, String jobId) throws IOException {
        Estimate estimate = estimate();
        bucket.put(
                Contents.key(Contents.digest(estimate.content(), estimate.spec().withRun(run), false)),
                ("{\"job_id\": \"" + jobId + "\", \"epoch\": 1}").getBytes(StandardCharsets.UTF_8),
                "-");
    }

    private Estimate estimate() throws IOException {
        Drop drop = DropBuilder.build(folder.resolve("pairs.csv"), null, Map.of(), "essays");
        return new Estimator(REAL, DeployedProviders.ALL, bucket)
                .of(drop, Deadline.NONE)
                .orElseThrow();
    }

    @Test
    void whatIsFoundInTheTableIsToldBeforeTheQuestion() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,x,b,y\nb,y,a,x\na,x,,z\n");

        run("--live");
        assertThat(out.toString())
                .contains(
                        "  note       1 row rejected: 1 missing_id (row 3)",
                        "  note       1 row with the pair of an earlier row in the other order: row 2");
    }

    @Test
    void ofASampleItIsSaidThatTheNotesAreOfTheWholeTable() {
        run("--live", "--set", "limit=1");
        assertThat(out.toString())
                .contains(
                        "  note       what is noted of rows here is about the whole table, not only about the 1 row of the"
                                + " sample\n  note       1 row rejected");
    }

    @Test
    void anIdWithTwoTextsIsToldBeforeAnythingIsDropped() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,x,b,y\na,other,c,z\n");

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("INPUT_ID_REUSED", "texts_per_id");
        assertThat(bucket.written()).isEmpty();
        assertThat(run("--live", "--yes", "--set", "texts_per_id=any")).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void aTableOfExcelIsConvertedIfTheUserAgrees() throws IOException {
        byte[] excel = excelTable();
        live.agrees = true;

        assertThat(run("--live")).isEqualTo(ExitStatus.DONE);
        assertThat(live.questions)
                .containsExactly("Judge a copy that is converted from windows-1252? [y/N]", "Continue? [y/N]");
        assertThat(out.toString())
                .contains(
                        "pairs.csv is not UTF-8: line 2 has the byte 0x92, which is ’ in Windows-1252, Excel's \"CSV\".")
                .contains(" is a copy in UTF-8, converted from windows-1252; ");
        assertThat(bucket.text("inbox/essays/pairs.csv")).isEqualTo("ID1,text1,ID2,text2\na,it’s,b,“é”\n");
        assertThat(Files.readAllBytes(folder.resolve("pairs.csv"))).isEqualTo(excel);
    }

    @Test
    void aYesToTheCostIsNoYesToAConversion() throws IOException {
        excelTable();
        live.agrees = true;

        assertThat(run("--live", "--yes")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(live.questions).isEmpty();
        assertThat(out.toString())
                .contains("To take a converted copy, add to the command: --convert-from windows-1252");
        assertThat(err.toString()).contains("INPUT_TOO_MANY_BAD_ROWS", "iconv -f WINDOWS-1252");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void withoutATerminalTheFlagConverts() throws IOException {
        excelTable();
        live.terminal = false;

        assertThat(run("--live", "--yes", "--convert-from", "windows-1252")).isEqualTo(ExitStatus.DONE);
        assertThat(bucket.text("inbox/essays/pairs.csv")).isEqualTo("ID1,text1,ID2,text2\na,it’s,b,“é”\n");
    }

    @Test
    void theSimulatorsTablesAreConvertedToo() throws IOException {
        excelTable();
        live = new FakeLive(stack(new Deployment.Providers(true, "openai", REAL.baseUrls(), "{}")));

        assertThat(run("--convert-from", "windows-1252")).isEqualTo(ExitStatus.DONE);
        assertThat(bucket.text("inbox/essays/pairs.csv")).contains("it’s");
    }

    @Test
    void aTableThatIsUtf8IsNotConvertedOnceMore() throws IOException {
        assertThat(run("--live", "--yes", "--convert-from", "windows-1252")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("is UTF-8 already");
        assertThat(run("--live", "--yes", "--convert-from", "klingon")).isEqualTo(ExitStatus.USAGE);
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void textsOfAFolderAreConvertedIfTheUserAgrees() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.write(texts.resolve("a.txt"), "it’s".getBytes(Charset.forName("windows-1252")));
        Files.writeString(texts.resolve("b.txt"), "naïve");
        bucket.onPut(key -> jobs.list(Jobs.named("essays-0badcafe", "inbox/essays/texts.jsonl", FakeTime.START)));
        live.agrees = true;

        assertThat(runOf(texts, "--live", "--set", "pairing.design=all"))
                .as("%s", err)
                .isEqualTo(ExitStatus.DONE);

        assertThat(live.questions)
                .containsExactly(
                        "Judge them as converted from windows-1252, and the others as UTF-8? [y/N]", "Continue? [y/N]");
        assertThat(out.toString()).contains("1 of the texts in " + texts + " is not UTF-8 (line 1 has the byte 0x92");
        assertThat(bucket.text("inbox/essays/texts.jsonl")).contains("it’s", "naïve");

        live.questions.clear();
        live.agrees = false;
        assertThat(runOf(texts, "--live", "--set", "pairing.design=all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(live.questions).hasSize(1);
        assertThat(runOf(texts, "--live", "--yes", "--set", "pairing.design=all"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(live.questions).hasSize(1);
        assertThat(err.toString()).contains("--convert-from windows-1252");
    }

    private byte[] excelTable() throws IOException {
        byte[] table = "ID1,text1,ID2,text2\na,it’s,b,“é”\n".getBytes(Charset.forName("windows-1252"));
        Files.write(folder.resolve("pairs.csv"), table);
        return table;
    }

    @Test
    void theSimulatorCostsNothing() {
        live = new FakeLive(stack(new Deployment.Providers(true, "openai", REAL.baseUrls(), "{}")));
        live.terminal = false;

        assertThat(run()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("The provider is a simulator: no model reads the texts.")
                .contains("any other pair by chance.\nDropped into")
                .doesNotContain("This costs money");
    }

    private int run(String... options) {
        return runOf(folder.resolve("pairs.csv"), options);
    }

    private int runOf(Path table, String... options) {
        return new LiveCommand(live, jobs, bucket, time, folder, out, err).run(table, options);
    }
}
