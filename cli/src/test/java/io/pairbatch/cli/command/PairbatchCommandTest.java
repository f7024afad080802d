package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.StackHandle;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.OutageException;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.OpenBatch;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.pairs.Unjudged;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import io.pairbatch.spec.Filing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairbatchCommandTest {

    private static final String TEXTS = "ID1,text1,ID2,text2,error_code\n";
    private static final String NONE = "ID1,ID2,error_code,error_detail\n";
    private static final String FAILED = NONE + "a,c,http_error,Rate limit reached.\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();
    private final FakeLive live = new FakeLive(Deployed.STACK);
    private boolean stopped;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeExample() throws IOException {
        Path example = Files.createDirectories(folder.resolve("examples/essays"));
        Files.writeString(example.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,x,b,y\na,x,c,z\n");
        Files.writeString(example.resolve("job.json"), "{\"model\": \"gpt-4.1\"}");
    }

    @Test
    void runEndsWithTheResultsAndTheRecountedRows() {
        finishesWith("ID1,ID2,better_id\na,b,a\na,c,c\n", NONE, 2, 0);

        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("Dropped into s3://data/inbox/essays/\nJob essays-3f2a91bc\n")
                .endsWith("""
                Results in results/essays-3f2a91bc/ (4 files, 176 B), copied from
                s3://data/jobs/essays-3f2a91bc/
                2 rows = 2 judged + 0 failed + 0 rejected
                """);
        assertThat(err.toString()).isEmpty();
        assertThat(folder.resolve("results/essays-3f2a91bc/combined_results.csv"))
                .hasContent("ID1,ID2,better_id\na,b,a\na,c,c");
    }

    @Test
    void whatTheJobCostIsToldBelowItsCounts() {
        finishesWith("ID1,ID2,better_id\na,b,a\na,c,c\n", NONE, 2, 0);
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": 2, \"rejected\": 0, \"observed\": 2, \"failed\": 0},"
                        + " \"results\": {\"requests\": 2, \"cost_usd\": 0.02, \"waste_usd\": 0}}");

        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith("2 rows = 2 judged + 0 failed + 0 rejected\ncost: USD 0.02\n");
    }

    @Test
    void aJobThatLostAFewSaysWhyAndWhatToTypeFirst() {
        bucket.put(Jobs.SOURCE, "ID1,text1,ID2,text2\n" + "a,x,b,y\n".repeat(200));
        finishesWith("ID1,ID2,better_id\n" + "a,b,a\n".repeat(198), NONE + "a,c,no_tag,\na,d,expired,\n", 198, 2);
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": 200, \"rejected\": 0, \"observed\": 198, \"failed\": 2}}");
        list(JobState.DONE);

        assertThat(execute("watch", "essays-3f2a91bc")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith("""
                200 rows = 198 judged + 2 failed + 0 rejected
                2 pairs have no winner: 1 expired (the batch ran out of time), 1 no_tag (the answer names no
                winner).
                1 pair failed for a cause that may pass (1 expired). To send it again in the same job:
                  ./pairbatch retry essays-3f2a91bc
                What else can be done: ./pairbatch doctor essays-3f2a91bc
                """);
    }

    @Test
    void aJobThatStoppedNamesTheCommandThatExplainsIt() {
        list(JobState.FAILED);
        assertThat(execute("watch", "essays-3f2a91bc")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .endsWith("\nWhat it means, and what to type next: ./pairbatch doctor essays-3f2a91bc\n");
    }

    @Test
    void runFailsWhenTheFilesDoNotAddUp() {
        finishesWith("ID1,ID2,better_id\n", FAILED, 1, 1);

        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.RECOUNT);
        assertThat(err.toString()).startsWith("""
                The results do not add up.
                  counted in the files: 2 rows ≠ 0 judged + 1 failed + 0 rejected
                  summary.json says:    2 rows = 1 judged + 1 failed + 0 rejected
                """);
    }

    @Test
    void aJobThatLostTooMuchHasItsOwnWordsAndExitCode() {
        finishesWith("ID1,ID2,better_id\na,b,a\n", FAILED, 1, 1);

        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.LOSSES);
        assertThat(out.toString()).endsWith("2 rows = 1 judged + 1 failed + 0 rejected\n");
        assertThat(err).hasToString("""

                Done with losses: 1 of 2 comparisons (50.0%) has no winner.
                Why:
                  1  the provider had too many requests (rate_limit, http_error): Rate limit reached.
                All of them, with the reason for each: results/essays-3f2a91bc/failed_pairs.csv
                1 pair failed for a cause that may pass (1 rate_limit). To send it again in the same job:
                  ./pairbatch retry essays-3f2a91bc
                To judge them in another way, as a job of their own (--set FIELD=VALUE):
                  ./pairbatch run results/essays-3f2a91bc/failed_pairs.csv
                Exit code 5; with --allow-losses it is 0.
                """);
    }

    @Test
    void lossesCanBeAllowedAndAreToldAllTheSame() {
        finishesWith("ID1,ID2,better_id\na,b,a\n", FAILED, 1, 1);

        assertThat(execute("run", "--allow-losses", "examples/essays/pairs.csv"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(err.toString())
                .contains("Done with losses: 1 of 2 comparisons")
                .doesNotContain("Exit code");
    }

    @Test
    void aJobThatJudgedNothingIsNeverDone() {
        finishesWith("ID1,ID2,better_id\n", FAILED + "a,b,http_error,\u001b[2JBatch status: failed\n", 0, 2);
        bucket.put(
                "jobs/essays-3f2a91bc/batch_failures.csv",
                "segment_index,status,error_detail\n1,failed,model_not_found: There is no gpt-99.\n");

        assertThat(execute("run", "--allow-losses", "examples/essays/pairs.csv"))
                .isEqualTo(ExitStatus.LOSSES);
        assertThat(err.toString())
                .startsWith("\nNothing was judged: none of the 2 comparisons has a winner.\nWhy:\n")
                .contains(
                        "  2  the provider had too many requests (rate_limit), of these\n",
                        "     1  http_error: Rate limit reached.\n",
                        "  1  failed: model_not_found: There is no gpt-99.\n")
                .endsWith("Exit code 5, also with --allow-losses.\n")
                .doesNotContain("\u001b", "Done");
    }

    @Test
    void whatCameOfOneCauseIsCountedOnceWithItsCodesInside() {
        bucket.put(Jobs.SOURCE, "ID1,text1,ID2,text2\n" + "a,x,b,y\n".repeat(66));
        finishesWith("ID1,ID2,better_id\n", NONE + "a,b,timeout,no answer in time\n".repeat(66), 0, 66);
        bucket.put(
                "jobs/essays-3f2a91bc/failed_attempts.csv",
                "error_code,final,cause,error_detail\n"
                        + "timeout,TRUE,server_error,no answer in time\n".repeat(29)
                        + "http_error,TRUE,server_error,HTTP 500\n".repeat(35)
                        + "http_error,FALSE,server_error,HTTP 500\n".repeat(10)
                        + "http_error,TRUE,rate_limit,HTTP 429\n".repeat(2));
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": 66, \"rejected\": 0, \"observed\": 0, \"failed\": 66}}");
        list(JobState.DONE);

        assertThat(execute("watch", "essays-3f2a91bc")).isEqualTo(ExitStatus.LOSSES);
        assertThat(err.toString()).contains("""
                Why:
                  64  an error of the provider (server_error), of these
                      35  http_error: HTTP 500
                      29  timeout: no answer in time
                   2  the provider had too many requests (rate_limit, http_error): HTTP 429
                """);
        assertThat(err.toString().replaceAll("\\s+", " "))
                .contains("66 pairs failed for a cause that may pass (2 rate_limit, 64 server_error (35 http_error, 29"
                        + " timeout)).");
    }

    @Test
    void whatALimitLeftNoRoomForIsNotRetried() {
        finishesWith("ID1,ID2,better_id\na,b,a\n", NONE + "a,c,budget_reached,\n", 1, 1);
        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.LOSSES);
        assertThat(err.toString())
                .contains("with a higher limit:\n  ./pairbatch continue essays-3f2a91bc --max-cost USD\n")
                .doesNotContain("pairbatch retry");
    }

    @Test
    void whatElseFailedIsRetriedBesideIt() {
        finishesWith("ID1,ID2,better_id\n", FAILED + "a,d,budget_reached,\n", 0, 2);
        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.LOSSES);
        assertThat(err.toString())
                .contains("--max-cost USD\n")
                .contains("1 pair failed for a cause that may pass (1 rate_limit).", "  ./pairbatch retry");
    }

    @Test
    void whatRetryAloneWouldNotSendIsNotLeftToIt() {
        finishesWith("ID1,ID2,better_id\na,b,a\n", NONE + "a,c,no_tag,no tag in the answer\n", 1, 1);
        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.LOSSES);
        assertThat(err.toString())
                .contains("  ./pairbatch retry essays-3f2a91bc --codes no_tag\n")
                .doesNotContain("  ./pairbatch retry essays-3f2a91bc\n");
    }

    @Test
    void afterASampleTheOtherRowsAreNamedByEveryCommandThatEndsWithIt() {
        finishesWith("ID1,ID2,better_id\na,b,a\n", NONE, 1, 0);
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": 2, \"rejected\": 0, \"observed\": 1, \"failed\": 0,"
                        + " \"not_in_sample\": 1}}");
        Job sample = Jobs.judged(Jobs.with(Jobs.in(JobState.DONE), 2, 0, null, null), 1, 0);
        bucket.onPut(key -> jobs.list(sample).then(new JobSnapshot(sample, SegmentTotals.NONE)));
        String more =
                "1 row is not in the sample. To judge it too:\n  ./pairbatch continue essays-3f2a91bc --limit all\n";

        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith(more);
        for (String command : List.of("watch", "results", "doctor")) {
            out.getBuffer().setLength(0);
            assertThat(execute(command, "essays-3f2a91bc")).isEqualTo(ExitStatus.DONE);
            assertThat(out.toString()).as(command).contains(more).doesNotContain("Nothing is left to do");
        }
        assertThat(out.toString()).endsWith("Next: ./pairbatch continue essays-3f2a91bc --limit all\n");
    }

    @Test
    void everyCommandThatEndsWithADoneJobTellsItsLosses() {
        finishesWith("ID1,ID2,better_id\na,b,a\n", FAILED, 1, 1);
        assertThat(execute("demo")).isEqualTo(ExitStatus.LOSSES);
        assertThat(execute("demo", "--allow-losses")).isEqualTo(ExitStatus.DONE);
        assertThat(execute("watch", "essays-3f2a91bc")).isEqualTo(ExitStatus.LOSSES);
        assertThat(out.toString()).containsOnlyOnce("To fetch them: ./pairbatch results essays-3f2a91bc\n");
        assertThat(err.toString()).doesNotContain("To fetch");
        assertThat(execute("watch", "--allow-losses", "essays-3f2a91bc")).isEqualTo(ExitStatus.DONE);

        // The registry has counted 187 with a winner and 3 without one, which is no loss; but for one text it is.
        assertThat(execute("results", "essays-3f2a91bc")).isEqualTo(ExitStatus.DONE);
        bucket.put("jobs/essays-3f2a91bc/failed_pairs.csv", FAILED + "d,a,timeout,\na,e,timeout,\n");
        assertThat(execute("results", "essays-3f2a91bc")).isEqualTo(ExitStatus.LOSSES);
        assertThat(err.toString()).contains("""
                        Done with losses: 3 of 190 comparisons (1.58%) have no winner. One text lost too many of its
                        comparisons: over a fifth and at least three, or all.
                        """).contains("The texts most often without a winner:\n  a  3 of 4\n");
        assertThat(execute("results", "--allow-losses", "essays-3f2a91bc")).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void whoeverFollowsAJobCanAllowLosses() {
        for (String command : List.of("run", "rerun", "continue", "watch", "results", "demo", "collect")) {
            execute(command, "--help");
            assertThat(out.toString()).as(command).contains("--allow-losses");
            out.getBuffer().setLength(0);
        }
    }

    @Test
    void runFailsWhenTheJobIsRejected() {
        bucket.onPut(key -> list(JobState.REJECTED));
        bucket.put("jobs/essays-3f2a91bc/error.json", """
                {"code": "INPUT_COLUMNS", "message": "m", "problems": [{"code": "INPUT_COLUMNS",
                 "where": "pairs.csv, header", "found": "ID1, text1", "expected": "ID1, text1, ID2, text2",
                 "remedy": "Give the table the columns ID1, text1, ID2 and text2."}]}
                """);

        assertThat(execute("run", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("was rejected. Nothing was sent", "expected ID1, text1, ID2, text2");
        assertThat(out.toString()).doesNotContain("observed");
    }

    @Test
    void runCanStartAJobWithoutWaiting() {
        bucket.onPut(key -> list(JobState.SPLITTING));

        assertThat(execute("run", "--no-wait", "examples/essays/pairs.csv")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith("To follow it: ./pairbatch watch essays-3f2a91bc\n");
        assertThat(jobs.questions()).isZero();
    }

    @Test
    void wrongArgumentsAreUsageErrors() {
        assertThat(execute("run")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("run", "nothing.csv")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("run", "examples/essays/pairs.csv", "--job", "none.json"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(execute("run", "examples/essays/pairs.csv", "--name", "Not A Name"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(execute("run", "examples/essays/pairs.csv", "--set", "novalue"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(execute("jobs", "--limit", "0")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("watch", "nobody")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("dance")).isEqualTo(ExitStatus.USAGE);
        assertThat(bucket.written()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run | pairbatch: Missing required parameter: 'FILE'. | ./pairbatch run",
                "jobs --limit abc | pairbatch: --limit is \"abc\"; expected a whole number. | ./pairbatch jobs",
                "resolve x y | pairbatch: SEGMENT is \"y\"; expected a whole number. | ./pairbatch resolve",
                "up --wait-scale x | pairbatch: --wait-scale is \"x\"; expected a number. | ./pairbatch up",
                "demo --provider foo | pairbatch: --provider is \"foo\"; expected one of openai, anthropic, gemini."
                        + " | ./pairbatch demo",
                "run t.csv --set novalue | pairbatch: --set is \"novalue\"; expected FIELD=VALUE. | ./pairbatch run",
            })
    void aWrongArgumentIsNamedInOneLineWithoutTheWholeUsage(String line, String said, String command) {
        assertThat(execute(line.split(" "))).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).isEqualTo(said + "\n  " + command + " --help lists what it takes.\n");
    }

    @Test
    void aFolderIsCalledOne() throws IOException {
        Path other = Files.createDirectories(folder.resolve("examples/folder"));
        String file = folder.resolve("examples/essays/pairs.csv").toString();
        for (List<String> line : List.of(
                List.of("run", file, "--job", other.toString()),
                List.of("split", file, "--job", other.toString(), "--out", "x"),
                List.of("rescue", other.toString(), "--pairs", file),
                List.of("templates", "register", "a", other.toString()),
                List.of("traits", "register", "a", "--file", other.toString()))) {
            err.getBuffer().setLength(0);
            assertThat(execute(line.toArray(String[]::new))).as(line.toString()).isEqualTo(ExitStatus.USAGE);
            assertThat(err.toString()).as(line.toString()).contains(other + " is a folder, not a file.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rnu x.csv, There is no command rnu. Perhaps run?, ./pairbatch --help",
        "run x.csv --limt 5, There is no option --limt of run. Perhaps --set limit=5?, ./pairbatch run --help",
        "run x.csv --limit 5, There is no option --limit of run. It is a field of the job: --set limit=5, ./pairbatch run --help",
        "run x.csv --limit all, There is no option --limit of run. It is a field of the job: --set limit=null, ./pairbatch run --help",
        "split x.csv --out o --max-cost-usd=1.5, There is no option --max-cost-usd of split. It is a field of the job: --set max_cost_usd=1.5, ./pairbatch split --help",
        "run x.csv --design per_sample, There is no option --design of run. It is a field of the job: --set pairing.design=per_sample, ./pairbatch run --help",
        "run x.csv --trait_name {}, There is no option --trait_name of run. It is a field of the job: --set trait_name=VALUE, ./pairbatch run --help",
        "run x.csv --yess, There is no option --yess of run., ./pairbatch run --help",
        "results x --limit 5, There is no option --limit of results., ./pairbatch results --help",
        "run x.csv --jop job.json, There is no option --jop of run. Perhaps --job?, ./pairbatch run --help",
        "templates shwo default, There is no command shwo of templates. Perhaps show?, ./pairbatch templates --help",
        "templates show default more, more is one argument too many., ./pairbatch templates show --help",
        "dance, There is no command dance., ./pairbatch --help",
        "split x.csv --job j, Missing required option: '--out=DIR'., ./pairbatch split --help",
    })
    void whatIsMisspeltOnTheCommandLineIsNamedWithWhatWasPerhapsMeant(String line, String said, String help) {
        assertThat(execute(line.split(" "))).isEqualTo(ExitStatus.USAGE);
        assertThat(err).hasToString("pairbatch: " + said + "\n  " + help + " lists what it takes.\n");
    }

    @Test
    void noCommandShowsTheHelpAsAUsageError() {
        assertThat(execute()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("Usage: pairbatch");
    }

    @Test
    void watchChangesNothingAndCounts() {
        finishesWith("ID1,ID2,better_id\na,b,a\na,c,c\n", NONE, 2, 0);
        list(JobState.DONE);
        bucket.put(Jobs.SOURCE, "ID1,text1,ID2,text2\na,x,b,y\na,x,c,z\n");

        assertThat(execute("watch", "essays-3f2a91bc")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .endsWith("2 rows = 2 judged + 0 failed + 0 rejected\n")
                .doesNotContain("samples");
        bucket.put("jobs/essays-3f2a91bc/parts/design.json", "{\"words\": \"3 samples, all: 3 comparisons\"}");
        out.getBuffer().setLength(0);
        assertThat(execute("watch", "essays-3f2a91bc")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).startsWith("3 samples, all: 3 comparisons\n");
        assertThat(bucket.written()).isEmpty();
        assertThat(folder.resolve("results")).doesNotExist();
    }

    @Test
    void watchSaysHowToGoOnFromAWaitForTheKey() {
        list(JobState.WAITING_FOR_KEY);

        assertThat(execute("watch", "essays-3f2a91bc")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("waits for the provider's API key").contains("Pairbatch/openai");
    }

    @Test
    void aStackThatDoesNotAnswerHasItsOwnExitCode() {
        jobs.thenThrow(new OutageException("No answer.", "Start it.", new IOException()));

        assertThat(execute("watch", "essays-3f2a91bc")).isEqualTo(ExitStatus.UNREACHABLE);
        assertThat(err).hasToString("pairbatch: No answer.\n  Start it.\n");
    }

    @Test
    void stackTracesAreForThoseWhoAsk() {
        jobs.thenThrow(new IllegalStateException("boom"));

        assertThat(execute("watch", "x")).isEqualTo(ExitStatus.INTERNAL);
        assertThat(err.toString()).doesNotContain("\tat ").contains("--debug");
        assertThat(execute("watch", "--debug", "x")).isEqualTo(ExitStatus.INTERNAL);
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void aFolderThatWaitsSaysWhatItLacks() {
        jobs.list(Jobs.with(Jobs.in(JobState.WAITING_FOR_SPEC), 0, 0, null, "job.json is not there yet"));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("waiting for spec").endsWith(" waits: job.json is not there yet\n");
    }

    @Test
    void jobsAreATableNewestFirst() {
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START)).list(Jobs.in(JobState.RUNNING));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("""
                JOB              STATE    MODEL    ROWS  JUDGED  FAILED  REJECTED  CREATED               FINISHED
                essays-3f2a91bc  running  gpt-4.1   190       -       -         0  2026-11-22T18:00:00Z  -
                poems-0badcafe   done     gpt-4.1   190     187       3         0  2026-11-22T18:00:00Z  2026-11-22T18:01:15Z
                """);
    }

    @Test
    void jobsOfSingleJudgesAreListedOnlyIfTheyAreAskedFor() {
        Job panel = Jobs.of(Jobs.in(JobState.DONE), "gpt-4.1", "claude", "warm");
        Job claude = Jobs.judgeOf(Jobs.in(JobState.DONE), panel, "claude");
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START))
                .list(panel)
                .list(claude)
                .list(Jobs.judgeOf(Jobs.in(JobState.DONE), panel, "gpt-4.1"));

        assertThat(execute("jobs", "--limit", "2")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("\nessays-3f2a91bc  done   3 judges  ", "\npoems-0badcafe ")
                .doesNotContain("essays-claude", "There are more");
        out.getBuffer().setLength(0);
        assertThat(execute("jobs", "--judges")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("\n" + claude.id() + "   done   gpt-4.1 ");

        out.getBuffer().setLength(0);
        assertThat(execute("jobs", "--json", "--limit", "1")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains(
                        "\"judges\":[{\"name\":\"gpt-4.1\",\"job_id\":\"essays-gpt-4-1-",
                        "{\"name\":\"claude\",\"job_id\":\"" + claude.id() + "\"}",
                        "\"panel\":null,\"judge\":null");
        out.getBuffer().setLength(0);
        assertThat(execute("jobs", "--json", "--judges")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("\"judges\":[],\"panel\":\"essays-3f2a91bc\",\"judge\":\"claude\"");
    }

    @Test
    void whatTheJudgesHaveReadIsShownBeforeTheirJobHasCountedAnything() {
        Job panel = Jobs.of(Jobs.with(Jobs.in(JobState.RUNNING), 0, 0, null, null), "gpt-4.1", "claude");
        jobs.list(panel).then(new JobSnapshot(Jobs.with(panel, 190, 2, null, null), SegmentTotals.NONE));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("running  2 judges   190       -       -         2");
    }

    @Test
    void theListSaysWhyRowsHaveNoJudgement() {
        Unjudged why = new Unjudged(
                new TreeMap<>(Map.of("missing_text", new TableReport.Rows(1, List.of(7L), ""))),
                new TreeMap<>(Map.of(
                        "http_error", new TableReport.Rows(1, List.of(), ""),
                        "no_tag", new TableReport.Rows(5, List.of(3L, 9L, 14L), ""))));
        jobs.list(Jobs.unjudged(Jobs.in(JobState.DONE), why));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .endsWith("\nessays-3f2a91bc, rejected: 1 missing_text (row 7);"
                        + " failed: 5 no_tag (the answer names no winner; rows 3, 9, 14, …), 1 http_error (the provider"
                        + " refused the request or its batch)\n");
    }

    @Test
    void theListSaysWhichJobsWereCancelledAndWhereToAskWhatCanBeDone() {
        Job cancelled = Jobs.cancelled(Jobs.judged(Jobs.in(JobState.DONE), 100, 90));
        jobs.list(cancelled).then(new JobSnapshot(cancelled, SegmentTotals.NONE));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("  done with losses, cancelled  ")
                .endsWith("\nessays-3f2a91bc, what can be sent again: ./pairbatch doctor essays-3f2a91bc\n");
        assertThat(execute("jobs", "--json")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("\"outcome\":\"done with losses\"", "\"cancelled\":true");
    }

    @Test
    void theListSaysWhichJobWaitsForADeletion() {
        Job waiting = Jobs.waiting(Jobs.in(JobState.RUNNING), "old-0badcafe");
        jobs.list(waiting).then(new JobSnapshot(waiting, SegmentTotals.NONE));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("  waiting for the deletion of old-0badcafe  ");
        assertThat(execute("jobs", "--json")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("\"state\":\"RUNNING\",\"outcome\":null", "\"awaits_deletion\":\"old-0badcafe\"");
    }

    @Test
    void whoDoesNotWaitIsToldThatTheJobDoes() {
        bucket.onPut(key -> {
            if (key.equals(Jobs.SOURCE)) {
                Job waiting = Jobs.waiting(Jobs.in(JobState.RUNNING), "old-0badcafe");
                jobs.list(waiting).then(new JobSnapshot(waiting, SegmentTotals.NONE));
            }
        });
        assertThat(execute("run", "examples/essays/pairs.csv", "--no-wait")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith("""
                Job essays-3f2a91bc is waiting for the deletion of old-0badcafe: nothing is sent before.
                To follow it: ./pairbatch watch essays-3f2a91bc
                """);
    }

    @Test
    void theCountsOfASampledJobAddUpInTheList() {
        jobs.list(Jobs.with(Jobs.named("poems-0badcafe", "k", FakeTime.START), 250, 10, null, null));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("""
                JOB             STATE  MODEL    ROWS  JUDGED  FAILED  REJECTED  NOT IN SAMPLE  CREATED               FINISHED
                poems-0badcafe  done   gpt-4.1   250     187       3        10             50  2026-11-22T18:00:00Z  2026-11-22T18:01:15Z
                """);
    }

    @Test
    void rowsOfASampleThatGrowsAreNotCalledOutsideOfIt() {
        jobs.list(Jobs.with(Jobs.named("poems-0badcafe", "k", FakeTime.START), 250, 10, null, null));
        jobs.list(Jobs.with(Jobs.growing(), 250, 10, null, null));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString().lines().toList().get(1)).matches("essays-3f2a91bc .* 10 +- +2026-11-22.*");
    }

    @Test
    void continuingWhatIsDoneSaysThatNothingIsNew() {
        jobs.then(Jobs.snapshot(JobState.DONE));
        for (String[] command : new String[][] {{"continue", Jobs.ID}, {"continue", Jobs.ID, "--limit", "all"}}) {
            assertThat(execute(command)).isEqualTo(ExitStatus.DONE);
            assertThat(out)
                    .hasToString("Nothing new: job essays-3f2a91bc is done, and has sent all of its 190 rows.\n");
            out.getBuffer().setLength(0);
        }
    }

    @Test
    void norIsAnythingNewInAJobThatWasCancelledWhenAllWasJudged() {
        jobs.then(new JobSnapshot(
                Jobs.cancelled(Jobs.judged(Jobs.in(JobState.DONE), 190, 0)), Jobs.collected(4, 190, 0)));
        assertThat(execute("continue", Jobs.ID)).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("Nothing new: job essays-3f2a91bc is done, and has sent all of its 190 rows.\n");
    }

    @Test
    void aListThatIsCutSaysSo() {
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START)).list(Jobs.in(JobState.RUNNING));

        assertThat(execute("jobs", "--limit", "1")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).doesNotContain("poems-").endsWith("There are more: --limit N lists the N newest.\n");
        assertThat(execute("jobs", "--limit", "2")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith("2026-11-22T18:01:15Z\n");
    }

    @Test
    void allJobsAreDeletedOnlyByAYes() {
        assertThat(execute("down", "--purge")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("--purge deletes every job and result", "Give --yes to agree.");
        live.terminal = true;
        assertThat(execute("down", "--purge")).isEqualTo(ExitStatus.DONE);
        assertThat(live.questions).hasSize(1);
        assertThat(out.toString()).isEqualTo("Nothing was stopped or deleted.\n");
    }

    @Test
    void studyAndLabelsAreShownWhereAJobHasSome() {
        JobTags tags = new JobTags(new Filing("reading", Map.of("wave", "2")), false);
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START)).list(Jobs.filed(Jobs.in(JobState.RUNNING), tags));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString().lines().map(line -> line.replaceFirst(".*  +(?=\\S+  +\\S+$)", "")))
                .containsExactly("STUDY    LABELS", "reading  wave=2", "-        -");

        jobs.then(new JobSnapshot(Jobs.filed(Jobs.in(JobState.RUNNING), tags), SegmentTotals.NONE));
        assertThat(execute("jobs", "--json", "--limit", "1")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("\"study\":\"reading\"", "\"labels\":{\"wave\":\"2\"}");
    }

    @Test
    void jobsOfTheSimulatorAreToldFromPaidOnes() {
        Job simulated = Jobs.simulated(Jobs.in(JobState.RUNNING));
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START)).list(simulated);

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString().lines().map(line -> line.replaceFirst(".*  +", "")))
                .containsExactly("JUDGE", "simulator", "-", "simulator: no model has judged, and nothing was paid");

        jobs.then(new JobSnapshot(simulated, SegmentTotals.NONE));
        assertThat(execute("jobs", "--json", "--limit", "1")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("\"simulated\":true");
    }

    @Test
    void jobsForProgramsAreOneObjectALineWithTheProvidersWords() {
        Job job = Jobs.in(JobState.RUNNING);
        OpenBatch batch = new OpenBatch(2, "batch_7", "finalizing", FakeTime.START, null, Duration.ofDays(1));
        jobs.list(Jobs.named("poems-0badcafe", "k", FakeTime.START)).list(job);
        jobs.then(new JobSnapshot(
                job,
                SegmentTotals.NONE,
                List.of("segment 2: HTTP 429 rate_limit"),
                new Waits(
                        List.of(new Waits.Wait("segment 3 is set aside until 2026")),
                        batch,
                        FakeTime.START.plusSeconds(40)),
                List.of()));

        assertThat(execute("jobs", "--json", "--limit", "1")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(out.toString())
                .startsWith("{\"job_id\":\"essays-3f2a91bc\",\"state\":\"RUNNING\"")
                .contains("\"provider_says\":[\"segment 2: HTTP 429 rate_limit\"]")
                .contains("\"batch_id\":\"batch_7\",\"segment\":2,\"status\":\"finalizing\"")
                .contains("\"should_end_by\":\"2026-11-23T18:00:00Z\"},\"next_look\":\"2026-11-22T18:00:40Z\"")
                .contains("\"overdue_batches\":[]")
                .contains("\"observed\":null,\"failed\":null");
    }

    @Test
    void whatIsOverdueIsToldUnderTheJobsAndToPrograms() {
        OpenBatch batch = new OpenBatch(
                2, "batch_7", "finalizing", FakeTime.START.minusSeconds(90_000), null, Duration.ofDays(1));
        jobs.list(Jobs.in(JobState.RUNNING));
        jobs.then(new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                SegmentTotals.NONE,
                List.of(),
                new Waits(List.of(), batch, null),
                List.of()));

        assertThat(execute("jobs")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .endsWith("essays-3f2a91bc, overdue: batch batch_7 (segment 2): finalizing, it should have ended by"
                        + " 2026-11-22T17:00:00Z\n");
        assertThat(execute("jobs", "--json", "--limit", "1")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("\"overdue_batches\":[{\"batch_id\":\"batch_7\",\"segment\":2,\"status\":\"finalizing\","
                        + "\"reason\":\"past_window\",\"since\":\"2026-11-22T17:00:00Z\"}]");
    }

    @Test
    void resultsSayWhenTheJobIsNotDone() {
        list(JobState.RUNNING);
        bucket.put("jobs/essays-3f2a91bc/job.json", "{}");

        assertThat(execute(
                        "results",
                        "essays-3f2a91bc",
                        "--out",
                        folder.resolve("mine").toString()))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("""
                  job.json     2 B
                1 file in mine/
                The job is not done (running): these are the files so far.
                """);
    }

    @Test
    void theResultsOfSeveralJobsAreJoinedOnceEach() {
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", "ID1,ID2,better_id\na,b,a\na,c,c\n");
        bucket.put("jobs/more-0badcafe/combined_results.csv", "ID1,ID2,better_id\nb,c,c\n");
        jobs.list(Jobs.in(JobState.DONE));
        jobs.list(Jobs.named("more-0badcafe", Jobs.SOURCE, FakeTime.START));

        assertThat(execute("results", "essays-3f2a91bc", "more", "essays", "more-0bad"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(folder.resolve("results/joined-0badcafe-3f2a91bc/combined_results.csv"))
                .hasContent("ID1,ID2,better_id\na,b,a\na,c,c\nb,c,c\n");
        assertThat(out.toString()).endsWith("""
                3 judgements of 2 jobs in results/joined-0badcafe-3f2a91bc/combined_results.csv
                It holds all that was judged, also pairs that a newer table no longer has.
                """);
    }

    @Test
    void columnsThatNotAllJobsHaveAreNamed() {
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", "ID1,ID2,better_id,text1\na,b,a,x\n");
        bucket.put("jobs/more-0badcafe/combined_results.csv", "ID1,ID2,order,better_id\nb,c,1,c\n");
        jobs.list(Jobs.in(JobState.DONE));
        jobs.list(Jobs.named("more-0badcafe", Jobs.SOURCE, FakeTime.START));

        assertThat(execute("results", "essays", "more")).isEqualTo(ExitStatus.DONE);
        assertThat(folder.resolve("results/joined-0badcafe-3f2a91bc/combined_results.csv"))
                .hasContent("ID1,ID2,better_id,text1,order\na,b,a,x,NA\nb,c,c,NA,1\n");
        assertThat(out.toString())
                .endsWith("Columns that not all of the jobs have, NA in the rows of the others: text1, order\n");
    }

    @Test
    void jobsThatCannotBeJoinedLeaveNothingBehind() {
        String summary = "{\"resolved\": {\"trait_name\": \"%s\"}}";
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", "ID1,ID2,better_id\na,b,a\n");
        bucket.put("jobs/more-0badcafe/combined_results.csv", "ID1,ID2,better_id\nb,c,c\n");
        bucket.put("jobs/essays-3f2a91bc/summary.json", summary.formatted("clarity"));
        bucket.put("jobs/more-0badcafe/summary.json", summary.formatted("style"));
        jobs.list(Jobs.in(JobState.DONE));
        jobs.list(Jobs.named("more-0badcafe", Jobs.SOURCE, FakeTime.START));

        assertThat(execute("results", "essays", "more")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("essays-3f2a91bc and more-0badcafe judge in different ways");
        assertThat(folder.resolve("results")).doesNotExist();
    }

    @Test
    void aJobWithoutFilesLeavesNoFolder() {
        list(JobState.SPLITTING);
        assertThat(execute("results", "essays-3f2a91bc")).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("Job essays-3f2a91bc has no files yet.\n");
        assertThat(folder.resolve("results")).doesNotExist();
    }

    @Test
    void theLossesOfJoinedJobsAreThoseOfAllTogether() {
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", "ID1,text1,ID2,text2\na,x,b,y\na,x,c,z\n");
        bucket.put("jobs/essays-3f2a91bc/failed_pairs.csv", TEXTS + "a,x,d,u,timeout\na,x,e,v,timeout\n");
        bucket.put("jobs/more-0badcafe/combined_results.csv", "ID1,text1,ID2,text2\na,x,d,u\nnew,x,b,yy\n");
        bucket.put("jobs/more-0badcafe/failed_pairs.csv", TEXTS);
        jobs.list(Jobs.judged(Jobs.in(JobState.DONE), 2, 2));
        jobs.list(Jobs.judged(Jobs.named("more-0badcafe", Jobs.SOURCE, FakeTime.START), 2, 0));

        assertThat(execute("results", "essays", "more")).isEqualTo(ExitStatus.LOSSES);
        assertThat(out.toString())
                .contains(
                        "4 judgements of 2 jobs",
                        "2 failed in one of the jobs: 1 judged by another or listed already, 1 left in"
                                + " results/joined-0badcafe-3f2a91bc/failed_pairs.csv\n");
        assertThat(err.toString())
                .startsWith("""

                        WARNING: 1 ID stands for more than one text. Comparisons of each version:
                          b: 1 in essays-3f2a91bc, 1 in more-0badcafe
                        """)
                .contains("Done with losses: 1 of 5 comparisons (20.0%) has no winner.")
                .contains("./pairbatch run results/joined-0badcafe-3f2a91bc/failed_pairs.csv --job"
                        + " results/joined-0badcafe-3f2a91bc/more-0badcafe/job.json\n");
    }

    @Test
    void aJobThatIsNotDoneIsNotJoined() {
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", "ID1,ID2,better_id\na,b,a\n");
        bucket.put("jobs/more-0badcafe/combined_results.csv", "ID1,ID2,better_id\nb,c,c\n");
        jobs.list(Jobs.in(JobState.RUNNING));
        jobs.list(Jobs.named("more-0badcafe", Jobs.SOURCE, FakeTime.START));

        assertThat(execute("results", "essays", "more")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(folder.resolve("results/joined-0badcafe-3f2a91bc/combined_results.csv"))
                .hasContent("ID1,ID2,better_id\nb,c,c\n");
        assertThat(out.toString())
                .contains("1 judgement of 1 job in")
                .endsWith("Not joined, because it is not done: job essays-3f2a91bc\n");
    }

    @Test
    void demoStopsItsStackAndEndsWithTheCount() {
        finishesWith("ID1,ID2,better_id\na,b,a\na,c,c\n", NONE, 2, 0);

        assertThat(execute("demo")).isEqualTo(ExitStatus.DONE);
        assertThat(stopped).isTrue();
        assertThat(out.toString())
                .contains("   state machine Pairbatch-pairwise-batch\n", "   a or b? better: a\n")
                .endsWith("2 rows = 2 judged + 0 failed + 0 rejected\n");
    }

    @Test
    void aListOfAllJobsSaysWhichOnesAreStillBeingRestored() {
        jobs.list(Jobs.in(JobState.DONE));
        bucket.put("jobs/essays-3f2a91bc/job.json", "{}");
        bucket.put("jobs/lost-00000001/job.json", "{}");
        bucket.put("jobs/deleted-00000002/batch_01_output.jsonl", "{}");

        for (String command : List.of("jobs", "cost")) {
            assertThat(execute(command)).isEqualTo(ExitStatus.DONE);
            assertThat(err.toString())
                    .as(command)
                    .startsWith("Incomplete: 1 job (lost-00000001) still being restored from the files in S3.");
            err.getBuffer().setLength(0);
        }
        out.getBuffer().setLength(0);
        assertThat(execute("doctor", "lost")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("Job lost-00000001 is being restored from its files in S3.")
                .contains("Next: ./pairbatch doctor lost-00000001");
    }

    @Test
    void demoFailsWithItsJobAndStillStopsItsStack() {
        bucket.onPut(key -> list(JobState.FAILED));

        assertThat(execute("demo")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(stopped).isTrue();
    }

    /// The stack makes a job of the drop that ends with these files, and a summary of two rows.
    private void finishesWith(String combined, String failedPairs, int observed, int failed) {
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", combined);
        bucket.put("jobs/essays-3f2a91bc/failed_pairs.csv", failedPairs);
        bucket.put("jobs/essays-3f2a91bc/failed_attempts.csv", attempts(failedPairs));
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": 2, \"rejected\": 0, \"observed\": %d, \"failed\": %d}}"
                        .formatted(observed, failed));
        bucket.onPut(key -> {
            if (key.equals(Jobs.SOURCE)) {
                list(JobState.DONE);
            }
        });
    }

    /// Of each failed pair the attempt that decided, with the cause that its code stands for here.
    private static String attempts(String failedPairs) {
        StringBuilder attempts = new StringBuilder("error_code,final,cause,error_detail\n");
        failedPairs.lines().skip(1).map(line -> line.split(",", 4)).forEach(pair -> {
            String cause = pair[2].equals("http_error") ? "rate_limit" : pair[2];
            attempts.append(pair[2] + ",TRUE," + cause + "," + pair[3] + "\n");
        });
        return attempts.toString();
    }

    private void list(JobState state) {
        Job job = Jobs.in(state);
        jobs.list(job).then(new JobSnapshot(job, Jobs.snapshot(state).segments()));
    }

    private int execute(String... args) {
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        App app = new App(
                console,
                stack -> Deployed.STACK,
                deployment -> new Session(deployment, jobs, bucket, Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> new FakeStack(),
                folder,
                folder,
                time,
                time,
                live);
        String[] resolved = java.util.Arrays.stream(args)
                .map(arg -> arg.startsWith("examples/") ? folder.resolve(arg).toString() : arg)
                .toArray(String[]::new);
        int status = PairbatchCommand.commandLine(app).execute(resolved);
        console.out().flush();
        console.err().flush();
        return status;
    }

    private final class FakeStack implements StackHandle {

        @Override
        public Deployment deployment() {
            return Deployed.STACK;
        }

        @Override
        public void close() {
            stopped = true;
        }
    }
}
