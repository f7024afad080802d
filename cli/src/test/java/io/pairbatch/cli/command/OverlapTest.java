package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.claim.Contents;
import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.CliException;
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
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobState;
import io.pairbatch.step.DeployedProviders;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `run` says of a table some of whose pairs another job has judged.
class OverlapTest {

    private static final String SPEC = "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"%s}";
    private static final String HEADER = "ID1,text1,ID2,text2,grade\n";
    private static final String JUDGED = "a,one,b,two,1\nb,two,c,three,2\n";
    private static final String FAILED = "c,three,a,one,3\n";
    private static final String NEW = "d,\"fo\"\"ur\",a,one,NA\na,one,d,\"fo\"\"ur\",\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();

    private Deployment.@Nullable Providers providers = new Deployment.Providers(true, "openai", Map.of(), "{}");

    @TempDir
    private Path folder;

    @BeforeEach
    void aJobHasJudgedTwoOfItsThreePairs() throws IOException {
        write("essays/pairs.csv", HEADER + JUDGED + FAILED);
        write("essays/job.json", SPEC.formatted(""));
        new OfflineSplit("0.1.0", InstantSource.fixed(Instant.parse("2026-11-22T17:00:00Z")))
                .run(folder.resolve("essays/pairs.csv"), folder.resolve("essays/job.json"), folder.resolve("done"));
        try (Stream<Path> files = Files.walk(folder.resolve("done"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bucket.put(
                        "jobs/" + Jobs.ID + "/" + folder.resolve("done").relativize(file),
                        Files.readAllBytes(file),
                        "x");
            }
        }
        bucket.put("jobs/" + Jobs.ID + "/" + JobFiles.FAILED_PAIRS, HEADER + FAILED);
        bucket.put("jobs/" + Jobs.ID + "/" + JobFiles.SUMMARY, "{\"results\": {\"cost_usd\": 1.20}}");
        bucket.onPut(key -> {
            if (key.startsWith("inbox/") && (key.contains("/pairs.") || key.endsWith("/texts.jsonl"))) {
                jobs.list(Jobs.named("more-0badcafe", key, FakeTime.START));
            }
        });
        write("more/job.json", SPEC.formatted(""));
        write("more/pairs.csv", HEADER + JUDGED + FAILED + NEW);
        jobs.list(job(JobState.DONE));
    }

    @Test
    void nothingIsDroppedBeforeTheUserKnows() {
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString())
                .contains("2 of these 5 pairs were judged in the same way before:\n")
                .contains("  2 by job " + Jobs.ID + " (done")
                .contains(", simulated, nothing was paid)\n")
                .doesNotContain("reread", "not in this table")
                .contains("To judge only the other 3: --only-new. To judge all 5, and pay for them again: --again");
        assertThat(inbox()).isEmpty();
    }

    @Test
    void onlyTheOthersAreJudgedWithAllTheirColumns() {
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--only-new"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(inbox()).containsExactly("inbox/more/job.json", "inbox/more/pairs.jsonl");
        assertThat(bucket.text("inbox/more/pairs.jsonl")).isEqualTo("""
                {"ID1":"c","text1":"three","ID2":"a","text2":"one","grade":"3"}
                {"ID1":"d","text1":"fo\\"ur","ID2":"a","text2":"one","grade":null}
                {"ID1":"a","text1":"one","ID2":"d","text2":"fo\\"ur","grade":""}
                """);
    }

    @Test
    void theResultsOfAllAreNamedAsTheyAre() {
        assertThat(Start.resultsOfAll(List.of("a-1", "b-2"), "c-3", JobState.DONE))
                .isEqualTo("The results of all pairs: ./pairbatch results a-1 b-2 c-3");
        for (JobState state : List.of(JobState.RUNNING, JobState.FAILED, JobState.UNKNOWN)) {
            assertThat(Start.resultsOfAll(List.of("a-1", "b-2"), "c-3", state))
                    .isEqualTo("The results of all pairs, once job c-3 is done: ./pairbatch results a-1 b-2 c-3");
        }
    }

    @Test
    void ofAJobThatNobodyWaitsForTheResultsAreToCome() {
        execute("run", folder + "/more/pairs.csv", "--only-new", "--no-wait");
        assertThat(out.toString())
                .contains("The results of all pairs, once job more-0badcafe is done: ./pairbatch results " + Jobs.ID);
    }

    @Test
    void allAreJudgedOnceMoreOnRequest() {
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--again"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(bucket.text("inbox/more/pairs.csv")).isEqualTo(HEADER + JUDGED + FAILED + NEW);
    }

    @Test
    void ofSamplesItIsToldWhatIsComparedAndWhichPairsWereJudged() throws IOException {
        write("more/pairs.csv", "ID,text\na,one\nb,two\nc,three\n");
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--set", "pairing.design=all"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString())
                .startsWith("3 samples, all: 3 comparisons, connected, 2 each\n")
                .contains("2 of these 3 pairs were judged in the same way before:\n")
                .contains("To judge only the other 1: --only-new.");
        assertThat(inbox()).isEmpty();
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--again", "--set", "pairing.design=all"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(inbox()).contains("inbox/more/pairs.csv");
    }

    @Test
    void ofSamplesACheaperWayThanAllOnceMoreIsNamed() throws IOException {
        write("more/pairs.csv", "ID,text\na,one\nb,two\nc,three\n");
        bucket.put("jobs/" + Jobs.ID + "/" + JobFiles.FAILED_PAIRS, HEADER);
        String none = "To judge more pairs of these samples, and pay for those only: --set pairing.";

        for (String[] design : new String[][] {
            {"pairing.design=per_sample", "pairing.k=1", "k=N --only-new (it was 1). To judge all"},
            {"pairing.design=random", "pairing.pairs=1", "pairs=N --only-new (it was 1). To judge all"},
            {"pairing.design=random", "pairing.percent=34", "percent=N --only-new (it was 34). To judge all"}
        }) {
            out.getBuffer().setLength(0);
            execute("run", folder + "/more/pairs.csv", "--no-wait", "--set", design[0], "--set", design[1]);
            assertThat(out.toString()).contains(none + design[2]);
        }
    }

    @Test
    void ofSamplesTheOtherPairsAreDroppedAsATableOfPairs() throws IOException {
        write("more/job.json", SPEC.formatted(", \"pairing\": {\"design\": \"all\", \"order\": \"both\"}"));
        write("more/pairs.csv", "ID,text,grade\na,one,1\nb,two,\nc,\"th\"\"ree\",NA\n");
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--only-new"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("1 of these 6 pairs was judged in the same way before:\n")
                .contains("Only the other 5 are judged now, as a table of pairs without `pairing`.\n");
        assertThat(inbox()).containsExactly("inbox/more/job.json", "inbox/more/pairs.jsonl");
        assertThat(bucket.text("inbox/more/job.json"))
                .contains("\"trait_name\" : \"organization\"")
                .contains("\"include_texts\" : false")
                .doesNotContain("pairing");
        assertThat(bucket.text("inbox/more/pairs.jsonl")).isEqualTo("""
                {"ID1":"b","text1":"two","ID2":"a","text2":"one","ID1.grade":"","ID2.grade":"1"}
                {"ID1":"a","text1":"one","ID2":"c","text2":"th\\"ree","ID1.grade":"1","ID2.grade":null}
                {"ID1":"c","text1":"th\\"ree","ID2":"a","text2":"one","ID1.grade":null,"ID2.grade":"1"}
                {"ID1":"b","text1":"two","ID2":"c","text2":"th\\"ree","ID1.grade":"","ID2.grade":null}
                {"ID1":"c","text1":"th\\"ree","ID2":"b","text2":"two","ID1.grade":null,"ID2.grade":""}
                """);
    }

    @Test
    void ofAFolderOfTextsATableOfSamplesIsDropped() throws IOException {
        write("texts/b.txt", "two\r\nlines\n");
        write("texts/a.txt", "\"one\"");
        assertThat(execute("run", folder + "/texts", "--no-wait")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("There is no job.json in or beside " + folder + "/texts.");

        write("job.json", "{\"model\": \"gpt-4.1\", \"trait_name\": \"beside\"}");
        assertThat(execute("run", folder + "/texts", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .contains("where    " + folder + "/texts\n", "a table of samples: the columns ID, text")
                .doesNotContain("iconv");
        assertThat(inbox()).isEmpty();

        write("texts/job.json", SPEC.formatted(", \"prompt_template\": \"prompt.txt\""));
        write("texts/prompt.txt", "{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} {SAMPLE_2}");
        write("texts/notes.docx", "");
        assertThat(execute("run", folder + "/texts", "--no-wait", "--set", "pairing.design=all"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("note: 1 of " + folder + "/texts is no *.txt file and was left out: notes.docx\n")
                .contains("2 samples, all: 1 comparison, connected, 1 each\n");
        assertThat(inbox())
                .containsExactlyInAnyOrder("inbox/texts/job.json", "inbox/texts/prompt.txt", "inbox/texts/texts.jsonl");
        assertThat(bucket.text("inbox/texts/job.json")).contains("organization");
        assertThat(bucket.text("inbox/texts/texts.jsonl")).isEqualTo("""
                {"ID":"a","text":"\\"one\\""}
                {"ID":"b","text":"two\\nlines"}
                """);
    }

    @Test
    void theSameFolderIsTheSameTableWhateverItsTextsAreIn() throws IOException {
        write("job.json", SPEC.formatted(", \"pairing\": {\"design\": \"all\"}"));
        write("texts/a.txt", "Caf\u00E9");
        write("texts/b.txt", "x");
        assertThat(execute("run", folder + "/texts/../texts", "--no-wait")).isEqualTo(ExitStatus.DONE);
        String table = bucket.text("inbox/texts/texts.jsonl");
        Files.write(folder.resolve("texts/a.txt"), new byte[] {'C', 'a', 'f', (byte) 0xE9, '\r', '\n'});
        assertThat(execute("run", folder + "/texts", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("1 file that is not UTF-8: a.txt");
        assertThat(execute("run", folder + "/texts", "--no-wait", "--convert-from", "windows-1252"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(bucket.text("inbox/texts/texts.jsonl")).isEqualTo(table);
        assertThat(out.toString()).contains("(the same files were dropped before)");
        assertThat(execute("run", folder + "/texts", "--convert-from", "xlsx")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("is a folder of texts, and no Excel workbook");
    }

    @Test
    void samplesWithoutAPairingAndPairsWithOneAreNotDropped() throws IOException {
        assertThat(execute("run", folder + "/more/pairs.csv", "--set", "pairing.design=all"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("INPUT_COLUMNS", "a table of pairs: the columns");
        write("more/pairs.csv", "ID,text\na,one\nb,two\nb,\n");
        assertThat(execute("run", folder + "/more/pairs.csv")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .contains("a table of samples: the columns ID, text", "pairing.design=per_sample --set pairing.k=10");
        // With a job file that is wrong, the table is looked at as one of samples.
        assertThat(execute("run", folder + "/more/pairs.csv", "--set", "pairing.design=al"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("where    --set pairing.design\n", "SAMPLE_ROWS");
        assertThat(inbox()).isEmpty();
    }

    @Test
    void whatTheSimulatorJudgedIsNotJudgedForAModel() {
        providers = new Deployment.Providers(false, "openai", Map.of(Backend.OPENAI, "https://x"), "{}");
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--yes"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).doesNotContain("judged in the same way");
    }

    @Test
    void aTableWithoutANewPairIsNotDropped() throws IOException {
        write("more/pairs.csv", HEADER + JUDGED);
        assertThat(execute("run", folder + "/more/pairs.csv", "--only-new")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("2 of these 2 pairs", "Nothing was dropped. To judge all 2");
        assertThat(inbox()).isEmpty();
    }

    @Test
    void aTableOfWhichNothingCanBeJudgedIsNotDropped() throws IOException {
        write("more/job.json", SPEC.formatted(", \"max_bad_rows\": \"100%\""));
        write("more/pairs.csv", HEADER + "a,NA,b,two,1\n");
        assertThat(execute("run", folder + "/more/pairs.csv")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("None of the rows can be judged: 1 row rejected", "Nothing was dropped.");
        assertThat(inbox()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {", \"run\": 2", ", \"trait_description\": \"D\"", ", \"temperature\": 0.5"})
    void anotherWayToJudgeIsNoOverlap(String field) throws IOException {
        write("more/job.json", SPEC.formatted(field));
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(bucket.text("inbox/more/pairs.csv")).isEqualTo(HEADER + JUDGED + FAILED + NEW);
    }

    @Test
    void aWrongFieldIsToldWhereTheUserHasTypedIt() throws IOException {
        write("more/mine.json", SPEC.formatted(", \"batch_size\": 0"));
        assertThat(execute("run", folder + "/more/pairs.csv", "--job", folder + "/more/mine.json", "--set", "limit=x"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().lines().map(String::strip))
                .contains("where    " + folder + "/more/mine.json, field `batch_size`", "where    --set limit")
                .anyMatch(line -> line.startsWith("expected") && line.endsWith(", or null for every row"));
    }

    @Test
    void theOtherOrderOfTwoTextsIsAnotherPair() throws IOException {
        write("more/pairs.csv", HEADER + "b,two,a,one,1\nc,three,b,two,2\n");
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "REJECTED", "DUPLICATE"})
    void whatNobodyJudgesIsNew(JobState state) {
        jobs.clear();
        jobs.list(job(state));
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void aSampleOfTheOthersWouldBeAnotherSample() {
        assertThat(execute("run", folder + "/more/pairs.csv", "--only-new", "--set", "limit=4"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("--only-new does not go with a `limit`");
        assertThat(execute("run", folder + "/more/pairs.csv", "--set", "limit=4"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString().substring(out.toString().lastIndexOf("Nothing was dropped.")))
                .contains("Nothing was dropped. The `limit` leaves out 1 row of the table, judged or not. To judge only"
                        + " new pairs, of all rows: --set limit=null --only-new. To judge all 4");
        assertThat(execute("run", folder + "/more/pairs.csv", "--only-new", "--again"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(inbox()).isEmpty();
    }

    /// That each row of the sample was judged is not that each row of the table was.
    @Test
    void whatTheSampleLeavesOutIsTold() throws IOException {
        write("more/pairs.csv", HEADER + JUDGED + JUDGED);
        assertThat(execute("run", folder + "/more/pairs.csv", "--only-new", "--set", "limit=1"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("1 of these 1 pair was judged")
                .contains(
                        "Nothing was dropped. The `limit` leaves out 3 rows of the table, judged or not. To judge only"
                                + " new pairs, of all rows: --set limit=null --only-new. To judge all 1, and pay");
        assertThat(inbox()).isEmpty();
        out.getBuffer().setLength(0);
        assertThat(execute("run", folder + "/more/pairs.csv", "--only-new", "--set", "limit=null", "--no-wait"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("Only the other 2 are judged now").doesNotContain("leaves out");
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "WAITING_FOR_KEY", "WAITING_FOR_DECISION"})
    void aStoppedJobThatSentNothingJudgesNothing(JobState state) {
        stopped(state, SegmentTotals.NONE);
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--only-new"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(bucket.text("inbox/more/pairs.csv")).isEqualTo(HEADER + JUDGED + FAILED + NEW);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "WAITING_FOR_KEY", "WAITING_FOR_DECISION"})
    void aStoppedJobThatSentSomethingIsContinuedFirst(JobState state) {
        stopped(state, Jobs.collected(1, 2, 0));
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--only-new"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(out.toString())
                .contains("3 of these 5 pairs were judged in the same way before, or were to be:")
                .contains("  3 by job " + Jobs.ID + " (" + state.words() + ")\n")
                .contains("    It has stopped; to have it go on: ./pairbatch continue " + Jobs.ID + "\n");
        assertThat(err.toString())
                .contains("has stopped before it judged all of these pairs", "or judge all with --again");
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString())
                .contains("Nothing was dropped. To judge all 5")
                .doesNotContain("--only-new");
        assertThat(inbox()).isEmpty();
    }

    @Test
    void aCancelledJobThatIsNotAtItsEndYetJudgesNothingMore() throws IOException {
        Job running = Jobs.cancelled(Jobs.simulated(Jobs.judged(Jobs.in(JobState.RUNNING), 0, 0)));
        jobs.clear();
        jobs.list(running);
        jobs.then(new JobSnapshot(running, Jobs.collected(1, 2, 0)));
        bucket.put("jobs/" + Jobs.ID + "/" + JobFiles.FAILED_PAIRS, HEADER);
        write("more/pairs.csv", HEADER + JUDGED + FAILED);
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString())
                .contains("3 of these 3 pairs were judged in the same way before, or were to be:")
                .contains("  3 by job " + Jobs.ID + " (running, cancelled)\n")
                .contains("    It sends nothing more; once it is done, to have it go on: ./pairbatch continue "
                        + Jobs.ID);
    }

    @Test
    void aNewerJobThatHasStoppedDoesNotHideAFinishedOne() {
        String late = "late-0badcafe";
        List<String> keys = new ArrayList<>();
        bucket.visit("jobs/" + Jobs.ID + "/", object -> keys.add(object.key()));
        keys.forEach(key -> bucket.put(key.replace(Jobs.ID, late), bucket.bytes(key), "x"));
        bucket.put("jobs/" + late + "/" + JobFiles.FAILED_PAIRS, HEADER);
        Job stopped = Jobs.simulated(Jobs.renamed(Jobs.judged(Jobs.in(JobState.FAILED), 0, 0), late));
        jobs.list(stopped);
        jobs.then(new JobSnapshot(stopped, Jobs.collected(1, 2, 0)));

        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString()).contains("  2 by job " + Jobs.ID + " (done", "  1 by job " + late + " (failed)");
    }

    @Test
    void aSampleThatGrowsHasJudgedWhatItHas() {
        jobs.clear();
        jobs.list(Jobs.simulated(Jobs.judged(Jobs.growing(), 2, 1)));
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--only-new"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("2 of these 5 pairs were judged in the same way before, or are being judged:")
                .contains("(splitting)");
        assertThat(bucket.text("inbox/more/pairs.jsonl").lines()).hasSize(3);
    }

    @Test
    void aTableThatIsBeingReadForTheFirstTimeHasJudgedNothing() {
        jobs.clear();
        jobs.list(Jobs.simulated(Jobs.judged(Jobs.growing(), 0, 0)));
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void aModelThatNobodyKnowsIsNamedBeforeAnythingIsDropped() throws IOException {
        write("more/job.json", SPEC.formatted("").replace("gpt-4.1", "gpt-4.1-mni"));
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(err).hasToString("""
                        warning: "gpt-4.1-mni" is none of the models of openai that were known on 2026-11-22: perhaps
                        gpt-4.1-mini? The provider refuses every request with a name that it does not know (--set
                        model=MODEL gives another). If the model is newer, nothing is wrong; ./pairbatch models lists those
                        that are known. The simulator knows no newer ones: it would judge nothing.
                        """);
    }

    @Test
    void aTableThatWasNotComparedHasNoNewPairs() {
        providers = null;
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--only-new"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString())
                .contains(
                        "The table was not compared with other jobs: this stack does not say how it reads jobs.",
                        "Leave out --only-new");
        assertThat(inbox()).isEmpty();
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).doesNotContain("compared");
    }

    @Test
    void aTableThatIsTooLongToBeComparedIsSaidToBe() throws IOException {
        Estimate estimate = estimate();
        Estimate without = new Estimate(
                estimate.spec(),
                estimate.endpoint(),
                estimate.totals(),
                estimate.judged(),
                estimate.segments(),
                estimate.promptBytes(),
                estimate.requestBytes(),
                estimate.tokens(),
                estimate.content(),
                List.of(),
                null,
                null,
                List.of());
        assertThat(Before.NotCompared.of(estimate)).isNull();
        assertThat(Before.NotCompared.of(null)).isEqualTo(Before.NotCompared.SLOW);
        assertThat(Before.NotCompared.of(without)).isEqualTo(Before.NotCompared.TOO_LONG);
        Start start = new Start(app(), new LiveOptions(), null);
        start.checkCompared(Before.NotCompared.TOO_LONG, false);
        assertThat(out).hasToString("The table was not compared with other jobs: it has more than a million pairs.\n");
        assertThatThrownBy(() -> start.checkCompared(Before.NotCompared.TOO_LONG, true))
                .isInstanceOf(CliException.class);
    }

    @Test
    void pairsThatTheTableNoLongerHasAreCounted() throws IOException {
        write("more/pairs.csv", HEADER + "a,one,b,two,1\nb,two,c,mended,2\n");
        providers = new Deployment.Providers(false, "openai", Map.of(Backend.OPENAI, "https://x"), "{}");
        jobs.clear();
        jobs.list(Jobs.judged(Jobs.in(JobState.DONE), 2, 1));
        assertThat(execute("run", folder + "/more/pairs.csv", "--yes")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString()).contains("USD 1.20 in all); 1 of its pairs is not in this table\n");
    }

    @Test
    void rejectedRowsAreNamedBeforeTheyAreLeftOut() throws IOException {
        write("more/pairs.csv", HEADER + JUDGED + FAILED + NEW + "e,NA,a,one,5\n");
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--only-new"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("1 row rejected: 1 missing_text (row 6). They are left out, and are in no job's files.\n");
    }

    @Test
    void whatIsWrongWithTheTableIsToldBeforeWhatWasJudged() throws IOException {
        write("more/pairs.csv", HEADER + JUDGED + FAILED + NEW + "e,NA,a,one,5\nf, ,a,one,6\n");
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString()).startsWith("""
                note: 1 row rejected: 1 missing_text (row 6)
                note: 1 row with a text that is empty or holds only blanks, which is sent as it is: row 7
                note: 1 row with the pair of an earlier row in the other order: row 5
                2 of these 6 pairs were judged in the same way before:
                """);
        assertThat(inbox()).isEmpty();
    }

    /// A job that is done has the content of the table.
    private void isJudged() throws IOException {
        Estimate estimate = estimate();
        bucket.put(
                Contents.key(Contents.digest(estimate.content(), estimate.spec(), true)),
                "{\"job_id\": \"" + Jobs.ID + "\", \"epoch\": 1}");
        jobs.then(new JobSnapshot(job(JobState.DONE), SegmentTotals.NONE));
    }

    @Test
    void itIsToldOfATableThatWasJudgedInFullToo() throws IOException {
        write("more/pairs.csv", HEADER + JUDGED + FAILED + "e,NA,a,one,5\n");
        isJudged();
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("note: 1 row rejected: 1 missing_text (row 4)\nThe same pairs were sent in the same way");
    }

    @Test
    void nobodyHasToDecideWhereAllIsJudged() throws IOException {
        write("more/pairs.csv", HEADER + JUDGED);
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("2 of these 2 pairs were judged in the same way before:\n", "Their results:");
        assertThat(inbox()).isEmpty();
    }

    @Test
    void aPriceThatNobodyKnowsIsToldOfASimulatedJobToo() throws IOException {
        write("more/job.json", SPEC.formatted("").replace("gpt-4.1", "gpt-4.1-mni"));
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("note: the price table has no gpt-4.1-mni, so what the job would cost with a real provider is"
                        + " not\nknown (./pairbatch models lists those with a price)\n");
    }

    @Test
    void otherRulesForReadingAreNamedWithWhatReadsThemAgain() throws IOException {
        write("more/job.json", SPEC.formatted(", \"tag_mode\": \"exact\", \"tag_prefix\": \"it's \""));
        assertThat(execute("run", folder + "/more/pairs.csv")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString())
                .contains(
                        "    Its answers were read with tag_prefix '<BETTER_SAMPLE>', tag_mode last; ./pairbatch reread "
                                + Jobs.ID
                                + " --tag-prefix 'it'\\''s ' --tag-mode exact reads them as this job file says.\n");
    }

    @Test
    void otherRulesOfAJobWithTheSamePairsAreNamedToo() throws IOException {
        write("more/pairs.csv", HEADER + JUDGED + FAILED);
        write("more/job.json", SPEC.formatted(", \"ambiguous\": \"fail\""));
        isJudged();
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("The same pairs were sent in the same way by job " + Jobs.ID)
                .endsWith("Its answers were read with ambiguous take; ./pairbatch reread " + Jobs.ID
                        + " --ambiguous fail reads them as this job file says.\n");
    }

    @Test
    void theRulesAreThoseThatAJobWasReadByLast() throws IOException {
        write("more/job.json", SPEC.formatted(", \"tag_mode\": \"exact\""));
        try (InputStream frozen =
                bucket.open("jobs/" + Jobs.ID + "/" + JobFiles.JOB, null).orElseThrow()) {
            byte[] policy = ResolvedJob.read(frozen, Providers::options)
                    .policy(estimate().spec());
            bucket.put("jobs/" + Jobs.ID + "/" + JobFiles.POLICY, policy, "x");
        }
        assertThat(execute("run", folder + "/more/pairs.csv")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString()).contains("2 of these 5").doesNotContain("reread");
    }

    @Test
    void aPairThatWasJudgedOnceCoversOneRow() throws IOException {
        write(
                "more/pairs.csv",
                "ID1,text1,ID2,text2,iter\na,one,b,two,1\na,one,b,two,2\na,one,b,two,3\nd,new,a,one,1\n");
        assertThat(execute("run", folder + "/more/pairs.csv", "--no-wait", "--only-new"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("1 of these 4 pairs was judged", "Only the other 3 are judged now.")
                .endsWith("./pairbatch results essays-3f2a91bc more-0badcafe\n");
        assertThat(bucket.text("inbox/more/pairs.jsonl").lines())
                .hasSize(3)
                .first()
                .asString()
                .contains("\"iter\":\"2\"");
    }

    @Test
    void aLimitUnderWhichNothingWouldBeSentIsRefusedBeforeAnythingIsDropped() throws IOException {
        write("more/pairs.csv", "ID1,text1,ID2,text2\ne,one,f,two\n");
        assertThat(execute(
                        "run",
                        folder + "/more/pairs.csv",
                        "--no-wait",
                        "--set",
                        "max_cost_usd=0.000001",
                        "--set",
                        "max_completion_tokens=10"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("nothing would be sent. Nothing was dropped.", "--set max_cost_usd=USD");
        assertThat(bucket.written()).noneMatch(key -> key.startsWith("inbox/more"));
    }

    private Estimate estimate() throws IOException {
        return new Estimator(Objects.requireNonNull(providers), DeployedProviders.ALL, bucket)
                .of(DropBuilder.build(folder.resolve("more/pairs.csv"), null, Map.of(), null), Deadline.NONE)
                .orElseThrow();
    }

    private void stopped(JobState state, SegmentTotals segments) {
        Job job = Jobs.simulated(Jobs.judged(Jobs.in(state), 0, 0));
        bucket.put("jobs/" + Jobs.ID + "/" + JobFiles.FAILED_PAIRS, HEADER);
        jobs.clear();
        jobs.list(job);
        jobs.then(new JobSnapshot(job, segments));
    }

    private static Job job(JobState state) {
        return Jobs.simulated(Jobs.judged(Jobs.in(state), 2, 1));
    }

    private Iterable<String> inbox() {
        return bucket.written().stream().filter(key -> key.startsWith("inbox/")).toList();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Deployment simulated() {
        return Deployed.with(providers);
    }

    private App app() {
        return new App(
                new Console(
                        new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL),
                stack -> simulated(),
                stack -> new Session(stack, jobs, bucket, Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new UnsupportedOperationException();
                },
                folder,
                folder,
                time,
                time,
                new FakeLive(simulated()));
    }

    private int execute(String... args) {
        App app = app();
        int status = PairbatchCommand.commandLine(app).execute(args);
        app.console().out().flush();
        app.console().err().flush();
        return status;
    }
}
