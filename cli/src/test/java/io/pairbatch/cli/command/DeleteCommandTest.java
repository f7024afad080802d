package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.OutageException;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the command asks of the function, of the person, and leaves on disk.
class DeleteCommandTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String RECORD =
            "{\"outcome\": \"record\", \"since\": \"2026-11-22T10:00:00Z\", \"backend\": \"openai\","
                    + " \"removed\": {\"object_versions\": 9, \"registry_items\": 0}}";
    private static final String DONE =
            "{\"outcome\": \"done\", \"since\": \"2026-11-22T10:00:00Z\", \"backend\": \"openai\","
                    + " \"removed\": {\"object_versions\": 9, \"registry_items\": 3}}";
    private static final String PAGE = "{\"outcome\": \"page\", \"next\": null, \"provider\": ["
            + "{\"kind\": \"input_file\", \"id\": \"file-1\", \"outcome\": \"deleted\"},"
            + "{\"kind\": \"batch\", \"id\": \"batch_1\", \"outcome\": \"not_deletable\"}]}";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> steps = new ArrayList<>();
    private @Nullable String typed;
    private Deployment deployment = Deployed.STACK;
    private MemoryJobSource jobs = new MemoryJobSource().then(Jobs.snapshot(JobState.DONE));

    @TempDir
    private Path folder;

    @Test
    void aDeletedJobLeavesARecordOnTheScreenAndOnDisk() throws IOException {
        answers.addAll(List.of(
                "{\"outcome\": \"again\", \"message\": \"deleting\", \"wait_seconds\": 3}", RECORD, PAGE, DONE));

        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);

        assertThat(steps).containsExactly("delete", "delete", "record", "finish");
        JsonNode record = JSON.readTree(out.toString());
        assertThat(record).isEqualTo(JSON.readTree(Files.readString(file())));
        assertThat(record.path("removed").path("registry_items").asInt()).isEqualTo(3);
        assertThat(record.path("provider_counts").toString()).isEqualTo("{\"deleted\":1,\"not_deletable\":1}");
        assertThat(record.path("finished_at").isString()).isTrue();
    }

    @Test
    void theJobsOfSeveralJudgesAreDeletedBeforeTheJobThatHasThem() {
        String judge = "essays-gpt-0badcafe";
        answers.addAll(List.of(
                "{\"outcome\": \"judges\", \"judges\": [\"" + judge + "\"]}", RECORD, PAGE, DONE, RECORD, PAGE, DONE));
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);
        assertThat(steps).containsExactly("delete", "delete", "record", "finish", "delete", "record", "finish");
        assertThat(file()).exists();
        assertThat(folder.resolve("deleted-" + judge + ".json")).exists();
        assertThat(err.toString()).contains("Job " + judge + ", of one of the judges:\n");
    }

    @Test
    void aLongWaitMayBeLeft() {
        answers.addAll(List.of(
                "{\"outcome\": \"again\", \"message\": \"until noon\", \"wait_seconds\": 30}", RECORD, PAGE, DONE));
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);
        assertThat(err.toString()).contains("until noon\nCtrl-C is safe: the same command goes on later.\n");
    }

    @Test
    void theRecordInWordsSaysWhatIsGoneWhatIsKeptUntilWhenAndWhichCopiesRemain() throws IOException {
        Path fetched = Files.createDirectories(folder.resolve("results").resolve(Jobs.ID));
        Files.writeString(fetched.resolve("summary.json"), "{}");
        Path elsewhere = Files.createDirectories(folder.resolve("copy"));
        Files.writeString(elsewhere.resolve("job.json"), "{\"job_id\": \"" + Jobs.ID + "\", \"spec\": {}}");
        Path joined = Files.createDirectories(folder.resolve("results/joined").resolve(Jobs.ID));
        Files.writeString(joined.resolve("job.json"), "{\"job_id\": \"" + Jobs.ID + "\", \"spec\": {}}");
        Files.writeString(joined.resolveSibling("combined_results.csv"), "ID1\n");
        Path other = Files.createDirectories(folder.resolve("results/poems-0badcafe"));
        Files.writeString(other.resolve("job.json"), "{\"job_id\": \"poems-0badcafe\", \"spec\": {}}");
        deployment = onAws();
        String page = "{\"outcome\": \"page\", \"next\": null, \"provider\": ["
                + "{\"kind\": \"input_file\", \"id\": \"file-1\", \"outcome\": \"deleted\"},"
                + "{\"kind\": \"output_file\", \"id\": \"file-2\", \"outcome\": \"not_asked\", \"holds\": \"answers\","
                + " \"kept_until\": \"2026-12-22T10:00:00Z\"},"
                + "{\"kind\": \"batch\", \"id\": \"batch_1\", \"outcome\": \"not_deletable\","
                + " \"holds\": \"ids, counts, times and metadata\", \"kept_until\": null}]}";
        answers.addAll(List.of(RECORD, page, DONE));

        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);

        String words = Files.readString(folder.resolve("deleted-" + Jobs.ID + ".txt"));
        assertThat(words)
                .startsWith("Deletion of job " + Jobs.ID + "\n\nBegun:      2026-11-22 10:00 UTC\n")
                .contains(
                        "- 9 stored copies of the job's files (texts, prompts, answers, results)\n",
                        "- 3 entries of the registry",
                        "- at the provider: 1 input file\n",
                        "- output file file-2: holds answers, it was not asked to delete this, kept until 2026-12-22"
                                + " at the latest\n",
                        "- batch batch_1: holds ids, counts, times and metadata, it cannot be deleted, no end is"
                                + " known\n",
                        "- on this machine: copy (1 file), which was fetched",
                        "- on this machine: results/" + Jobs.ID + " (1 file), which was fetched",
                        "- on this machine: results/joined/" + Jobs.ID + " (1 file), which was fetched",
                        "- on this machine: results/joined/combined_results.csv (1 file), which was fetched",
                        "- backups of the registry: ids, counts and times, no texts; gone after 2026-12-27 (35 days)\n")
                .doesNotContain("poems");
        assertThat(JSON.readTree(Files.readString(file())).path("local_copies").size())
                .isEqualTo(4);
        assertThat(err.toString()).contains(".txt");
    }

    @Test
    void theRecordSaysWhatTheJobWasAndWhatIsKeptOfEachBatch() throws IOException {
        String job = ", \"deleted_job\": {\"backend\": \"openai\", \"model\": \"gpt-4.1\", \"simulated\": true,"
                + " \"trait_name\": \"Clarity\", \"study\": \"reading\", \"labels\": {\"wave\": \"2\"}, \"table\":"
                + " {\"name\": \"pairs.csv\", \"sha256\": \"ab12\", \"bytes\": 812, \"etag\": \"e\", \"rows\": 12,"
                + " \"rejected\": 2}, \"same_pairs_in\": [\"copy-0badcafe\"], \"judged\": 9, \"failed\": 1, \"created_at\": \"2026-11-20T10:00:00Z\","
                + " \"finished_at\": \"2026-11-21T11:30:00Z\"}}";
        String kept =
                "\"outcome\": \"not_deletable\", \"holds\": \"requests\", \"kept_until\": \"2026-12-22T10:00:00Z\"}";
        String page = "{\"outcome\": \"page\", \"next\": null, \"provider\": ["
                + "{\"segment\": 1, \"kind\": \"input_file\", \"id\": \"file-1\", " + kept
                + ", {\"segment\": 1, \"kind\": \"batch\", \"id\": \"batch_1\", " + kept
                + ", {\"segment\": 12, \"kind\": \"batch\", \"id\": \"batch_12\", " + kept + "]}";
        answers.addAll(List.of(RECORD.replaceFirst("}$", "") + job, page, DONE));

        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);

        String holds = ": holds requests, it cannot be deleted, kept until 2026-12-22 at the latest";
        assertThat(Files.readString(folder.resolve("deleted-" + Jobs.ID + ".txt")))
                .contains("""
                        Stored in:  the stack on this machine, data
                        Provider:   openai, played by the simulator: nothing was sent to it

                        What the job was

                        - the table pairs.csv: 12 rows, 2 of them rejected; 812 bytes
                        - its SHA-256: ab12
                        - judged by the model gpt-4.1: 9 pairs with a winner, 1 without
                        - the trait: Clarity
                        - the study: reading
                        - labels: wave=2
                        - made 2026-11-20 10:00 UTC, finished 2026-11-21 11:30 UTC
                        """)
                .contains(
                        "- segment 1, batch batch_1" + holds + "; also input file file-1" + holds + "\n",
                        "- segment 12, batch batch_12" + holds + "\n",
                        "job copy-0badcafe, which ended because this one judged its pairs",
                        "- logs of the stack on this machine: ids, counts and codes, no texts; until ./pairbatch down")
                .doesNotContain("s3://", "version of", "logs of functions", "histories", "backups of the registry");
        assertThat(JSON.readTree(Files.readString(file()))
                        .at("/deleted_job/table/sha256")
                        .asString())
                .isEqualTo("ab12");
    }

    @Test
    void theRecordOfAJobOfSamplesCountsSamplesAndComparisons() throws IOException {
        String job = ", \"deleted_job\": {\"table\": {\"name\": \"texts.csv\", \"bytes\": 812, \"samples\": 60,"
                + " \"comparisons\": 300, \"rejected\": 0}}}";
        String page = "{\"outcome\": \"page\", \"next\": null, \"provider\": []}";
        answers.addAll(List.of(RECORD.replaceFirst("}$", "") + job, page, DONE));
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);
        assertThat(Files.readString(folder.resolve("deleted-" + Jobs.ID + ".txt")))
                .contains(
                        "- the table texts.csv: 60 samples, of which a design made 300 comparisons, 0 of them rejected;"
                                + " 812 bytes\n")
                .doesNotContain(" rows");
    }

    @Test
    void theRecordIsOnDiskBeforeTheRegistryIsEmptiedAndGoesOnAfterAnInterruption() throws IOException {
        answers.addAll(List.of(RECORD, PAGE, "broken"));
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.UNREACHABLE);
        assertThat(JSON.readTree(Files.readString(file())).path("finished_at").isNull())
                .isTrue();

        // By now the function has removed what it told before.
        answers.addAll(List.of(RECORD, "{\"outcome\": \"page\", \"next\": null, \"provider\": []}", DONE));
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);
        assertThat(JSON.readTree(Files.readString(file())).path("provider")).hasSize(2);
    }

    @Test
    void aFinishedRecordIsNotWrittenOver() throws IOException {
        Files.writeString(file(), "{\"job_id\": \"" + Jobs.ID + "\", \"finished_at\": \"" + Instant.EPOCH + "\"}");
        answers.addAll(List.of(RECORD, PAGE, DONE));

        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);

        assertThat(Files.readString(file())).contains("1970");
        assertThat(folder.resolve("deleted-" + Jobs.ID + ".2.json")).exists();
        assertThat(execute(Jobs.ID, "--yes", "--record", file().getFileName().toString()))
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void nothingIsAskedOfTheFunctionBeforeTheIdWasTyped() {
        assertThat(execute(Jobs.ID)).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("There is no terminal to ask on.");
        typed = "yes";
        assertThat(execute(Jobs.ID)).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("nothing was deleted");
        assertThat(steps).isEmpty();

        typed = Jobs.ID;
        answers.addAll(List.of(RECORD, PAGE, DONE));
        assertThat(execute(Jobs.ID)).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void aRefusalIsToldWithItsRemedy() {
        answers.add("{\"outcome\": \"refused\", \"message\": \"Job x is running.\", \"remedy\": \"Let it end.\"}");

        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.JOB_FAILED);

        assertThat(err.toString()).contains("Job x is running.", "Let it end.");
        assertThat(file()).doesNotExist();
    }

    @Test
    void anOutageIsWaitedOutButNotForEver() {
        for (int i = 0; i < 9; i++) {
            answers.add("outage");
        }
        answers.addAll(List.of(RECORD, PAGE, DONE));
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);

        for (int i = 0; i < 10; i++) {
            answers.add("outage");
        }
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.UNREACHABLE);
    }

    @Test
    void aJobThatWasDeletedIsSaidToBe() {
        answers.addAll(List.of(RECORD, PAGE, DONE));
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);
        steps.clear();

        jobs = new MemoryJobSource().list(Jobs.named("essays-0badcafe", Jobs.SOURCE, FakeTime.START));
        assertThat(execute(Jobs.ID, "--yes")).isEqualTo(ExitStatus.DONE);

        assertThat(err.toString())
                .contains("Nothing new: Job " + Jobs.ID + " was deleted at 2026-11-22T18:00:00Z. The record is in "
                        + file())
                .doesNotContain("essays-0badcafe");
        assertThat(steps).isEmpty();
        assertThat(execute("poems-3f2a91bc", "--yes")).isEqualTo(ExitStatus.USAGE);
    }

    private static Deployment onAws() {
        Deployment here = Deployed.STACK;
        return new Deployment(
                null,
                here.region(),
                here.bucket(),
                here.table(),
                here.stateMachineArn(),
                here.deleterFunction(),
                here.secretArns(),
                null);
    }

    private Path file() {
        return folder.resolve("deleted-" + Jobs.ID + ".json");
    }

    private JsonNode answer(ObjectNode event) {
        steps.add(event.path("step").asString(""));
        String answer = answers.removeFirst();
        return switch (answer) {
            case "outage" -> throw new OutageException("away", "wait", new IOException());
            case "broken" -> throw new CliException(ExitStatus.UNREACHABLE, "broken", "again");
            default -> JSON.readTree(answer);
        };
    }

    private int execute(String... args) {
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        App app = new App(
                console,
                stack -> deployment,
                deployment -> new Session(deployment, jobs, new MemoryBucket(), Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new UnsupportedOperationException();
                },
                folder,
                folder,
                time,
                time,
                new FakeLive(Deployed.STACK));
        StackFunction deleter = this::answer;
        return new CommandLine(new DeleteCommand(app, deployment -> deleter, () -> typed))
                .setErr(console.err())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    err.write(e.getMessage() + "\n" + (e instanceof CliException told ? told.remedy() : ""));
                    return e instanceof CliException told ? told.exitStatus() : ExitStatus.INTERNAL;
                })
                .execute(args);
    }
}
