package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/// What `recover` asks for and says, and what `rescue` refuses before it opens a stack.
class RecoverCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();
    private final List<String> asked = new ArrayList<>();
    private String answer = "{\"step\":\"recover\",\"outcome\":\"started\",\"found\":\"5 segments: 3 restored from S3,"
            + " 2 whole\",\"segments\":{\"in_list\":0}}";

    @TempDir
    private Path folder;

    @BeforeEach
    void aFolder() {
        bucket.put("jobs/essays-3f2a91bc/job.json", "{}");
        bucket.put("jobs/essays-4f2a91bc/job.json", "{}");
    }

    @Test
    void whatWasFoundIsSaidAndTheJobGoesOn() {
        jobs.then(Jobs.snapshot(JobState.FAILED));
        assertThat(recover("essays-3f")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(asked).containsExactly("{\"job_id\":\"essays-3f2a91bc\",\"recover\":true}");
        assertThat(out).hasToString("""
                Job essays-3f2a91bc: 5 segments: 3 restored from S3, 2 whole
                Job essays-3f2a91bc continues
                To follow it: ./pairbatch watch essays-3f2a91bc
                """);
    }

    @Test
    void aJobThatTheRegistryHasLostIsFoundByItsFolder() {
        assertThat(recover("essays-4f2a91bc")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("2 whole; the job itself was not in the registry");
    }

    @Test
    void anIdThatIsNoneOrSeveralAsksForAnother() {
        assertThat(recover("essays")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("There are 2 jobs");
        assertThat(recover("other")).isEqualTo(ExitStatus.USAGE);
        assertThat(asked).isEmpty();
    }

    @Test
    void aRefusalAndAnOlderStackAreSaid() {
        answer = "{\"step\":\"recover\",\"outcome\":\"refused\",\"message\":\"The job is done, and its registry lacks"
                + " nothing.\",\"remedy\":\"-\",\"found\":\"2 segments: 2 whole\"}";
        assertThat(recover("essays-3f")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("lacks nothing. Its registry has 2 segments: 2 whole.");
        answer = "{\"step\":\"continue\",\"outcome\":\"started\"}";
        assertThat(recover("essays-3f")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("The stack is older than this command");
    }

    @Test
    void aRegistryThatDoesNotFitIsRefusedBeforeAStackIsOpened() throws IOException {
        Path table = Files.writeString(folder.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,x,b,y\na,x,c,z\na,x,d,w\n");
        Path registry = Files.writeString(
                folder.resolve("jobs_registry.csv"),
                "segment_index,provider,model,batch_id,done\n1,openai,gpt-4.1,b1,FALSE\n2,openai,gpt-4.1,b2,FALSE\n");
        Path job = Files.writeString(folder.resolve("job.json"), "{\"model\": \"gpt-5\", \"batch_size\": 2}");
        String[] files = {registry.toString(), "--pairs", table.toString()};
        assertThat(rescue(files, "--job", job.toString())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("has the model gpt-5, and the registry has gpt-4.1");
        assertThat(rescue(files, "--batch-size", "1")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString())
                .contains("The registry has 2 segments, and the table's 3 rows in batches of 1 make 3.");
        assertThat(rescue(files, "--set", "backend=gemini")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("has the backend gemini, and the registry has openai");
    }

    @Test
    void aWrongJobFileAndAWrongTableAreToldAtOnce() throws IOException {
        Path table = Files.writeString(folder.resolve("pairs.csv"), "id_a,essay_a,id_b,essay_b\na,x,b,y\n");
        Path registry = Files.writeString(
                folder.resolve("jobs_registry.csv"),
                "segment_index,provider,model,batch_id,done\n1,openai,gpt-4.1,b1,FALSE\n");
        Path job = Files.writeString(folder.resolve("mine.json"), "{\"batch_size\": 1, \"trait\": \"organization\"}");
        String[] files = {registry.toString(), "--pairs", table.toString()};
        assertThat(rescue(files, "--job", job.toString())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("SPEC_UNKNOWN_FIELD", "mine.json, field `trait`", "INPUT_COLUMNS");
    }

    private int recover(String id) {
        return execute(
                new RecoverCommand(app(), stack -> event -> {
                    asked.add(event.toString());
                    return JsonMapper.shared().readTree(answer);
                }),
                id,
                "--no-wait");
    }

    private int rescue(String[] files, String... more) {
        List<String> all = new ArrayList<>(List.of(files));
        all.addAll(List.of(more));
        return execute(new RescueCommand(app()), all.toArray(String[]::new));
    }

    private App app() {
        Console console = new Console(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false,
                Glyphs.UNICODE,
                () -> TerminalSize.USUAL);
        FakeTime time = new FakeTime();
        return new App(
                console,
                stack -> Deployed.STACK,
                deployment -> new Session(deployment, jobs, bucket, Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new UnsupportedOperationException();
                },
                folder,
                folder,
                time,
                time,
                new FakeLive(Deployed.STACK));
    }

    private int execute(Object command, String... arguments) {
        return new CommandLine(command)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    err.append(String.valueOf(e.getMessage()));
                    return e instanceof CliException fault ? fault.exitStatus() : ExitStatus.JOB_FAILED;
                })
                .execute(arguments);
    }
}
