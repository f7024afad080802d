package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.registry.JobState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What `retry`, and `continue` of a cancelled job, ask for, and what they say before.
class RetryCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();
    private final List<String> asked = new ArrayList<>();
    private ObjectNode answer = JsonMapper.shared().createObjectNode().put("outcome", "started");

    @TempDir
    private Path folder;

    @BeforeEach
    void aFinishedJob() {
        jobs.then(Jobs.snapshot(JobState.DONE));
        bucket.put("jobs/essays-3f2a91bc/failed_attempts.csv", """
                error_code,final,row,cause
                http_error,FALSE,1,server_error
                http_error,TRUE,1,server_error
                http_error,TRUE,2,expired
                http_error,TRUE,4,expired
                backend_missing_fields,TRUE,3,refused
                """);
    }

    @Test
    void byDefaultWhatMayPassIsSentAgain() {
        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(asked).singleElement().asString().contains("\"expired\",").doesNotContain("refused");
        assertThat(out).hasToString("""
                Job essays-3f2a91bc sends 3 pairs again: 2 expired, 1 server_error
                Not sent again: 1 pair (1 refused); --codes names others, or all
                To follow it: ./pairbatch watch essays-3f2a91bc
                """);
    }

    @Test
    void allIsEveryCauseThatThereIs() {
        assertThat(execute("--codes", "all")).isEqualTo(ExitStatus.DONE);
        assertThat(asked)
                .containsExactly(
                        "{\"job_id\":\"essays-3f2a91bc\",\"retry\":[\"expired\",\"refused\",\"server_error\"]}");
        assertThat(out.toString()).startsWith("Job essays-3f2a91bc sends 4 pairs again: ");
    }

    @Test
    void whatIsPaidForAndLostIsSentAgainOnlyIfItIsNamed() {
        bucket.put("jobs/essays-3f2a91bc/failed_attempts.csv", """
                error_code,final,row,cause
                batch_lost,TRUE,1,batch_lost
                backend_missing_fields,TRUE,3,no_tag
                """);
        assertThat(execute("--codes", "all")).isEqualTo(ExitStatus.DONE);
        assertThat(execute("--codes", "batch_lost")).isEqualTo(ExitStatus.DONE);
        assertThat(asked)
                .containsExactly(
                        "{\"job_id\":\"essays-3f2a91bc\",\"retry\":[\"no_tag\"]}",
                        "{\"job_id\":\"essays-3f2a91bc\",\"retry\":[\"batch_lost\"]}");
        assertThat(out.toString()).contains("Not sent again: 1 pair (1 batch_lost)", "these are paid for");
    }

    @Test
    void allLeavesOutWhatAHigherLimitSendsWhereThereIsSomethingElse() {
        String had = "error_code,final,row,cause\nbudget_reached,TRUE,1,budget_reached\n";
        bucket.put("jobs/essays-3f2a91bc/failed_attempts.csv", had + "backend_missing_fields,TRUE,3,no_tag\n");
        assertThat(execute("--codes", "all")).isEqualTo(ExitStatus.DONE);
        bucket.put("jobs/essays-3f2a91bc/failed_attempts.csv", had);
        assertThat(execute("--codes", "all")).isEqualTo(ExitStatus.DONE);
        assertThat(asked)
                .containsExactly(
                        "{\"job_id\":\"essays-3f2a91bc\",\"retry\":[\"no_tag\"]}",
                        "{\"job_id\":\"essays-3f2a91bc\",\"retry\":[\"budget_reached\"]}");
        assertThat(out.toString())
                .contains("Not sent again: 1 pair (1 budget_reached)", "continue essays-3f2a91bc --max-cost USD");
    }

    @Test
    void anErrorCodeIsACodeToo() {
        assertThat(execute("--codes", "http_error")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).startsWith("Job essays-3f2a91bc sends 3 pairs again: 2 expired, 1 server_error\n");
    }

    @Test
    void nothingIsStartedForPairsThatAreNotThere() {
        assertThat(execute("--codes", "no_tag")).isEqualTo(ExitStatus.DONE);
        assertThat(asked).isEmpty();
        assertThat(out.toString())
                .startsWith(
                        "Nothing new: none of the 4 pairs without a winner failed with no_tag. They failed with 2 expired, 1 refused, 1 server_error.\n")
                .contains("  ./pairbatch retry essays-3f2a91bc\n");
        assertThat(execute("--codes", "expird")).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void whatTheStackHasNothingToDoForIsNoError() {
        answer = JsonMapper.shared()
                .createObjectNode()
                .put("outcome", "refused")
                .put("code", "JOB_NOTHING_TO_DO")
                .put("message", "Every pair of the job has a winner.")
                .put("remedy", "Nothing has to be sent again.");
        assertThat(execute()).isEqualTo(ExitStatus.DONE);
        assertThat(execute(ContinueCommand::new, "--max-cost", "1")).isEqualTo(ExitStatus.DONE);
        assertThat(err.toString()).contains("Nothing new: Every pair of the job has a winner.");
        answer.put("code", "JOB_BUSY");
        assertThat(execute()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void aCancelledJobHasSomethingLeftToSend() {
        assertThat(execute(ContinueCommand::new)).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).startsWith("Nothing new: ");
        assertThat(asked).isEmpty();

        JobSnapshot cancelled = new JobSnapshot(Jobs.cancelled(Jobs.in(JobState.DONE)), SegmentTotals.NONE);
        jobs.then(cancelled).then(cancelled);
        // The one before.
        jobs.read(Jobs.ID);
        assertThat(execute(ContinueCommand::new)).isEqualTo(ExitStatus.DONE);
        assertThat(asked).containsExactly("{\"job_id\":\"essays-3f2a91bc\"}");
    }

    @Test
    void aHigherLimitOfAJobThatWaitsIsTakenAtItsNextLookWhichIsTold() {
        answer = JsonMapper.shared()
                .createObjectNode()
                .put("outcome", "noted")
                .put("message", "The job is at work, and goes on within the new limit.");
        JobSnapshot waits = new JobSnapshot(
                Jobs.in(JobState.RUNNING),
                SegmentTotals.NONE,
                List.of(),
                new Waits(List.of(), null, FakeTime.START.plusSeconds(300)),
                List.of());
        jobs.then(waits).then(waits);
        jobs.read(Jobs.ID);
        assertThat(execute(ContinueCommand::new, "--max-cost", "2.50")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("The job is at work, and goes on within the new limit.\nIt sends at its next look at the"
                        + " provider, in 5 min, at 2026-11-22T18:05:00Z.\n");
    }

    @Test
    void aHigherLimitIsAskedOfTheStackAndAWrongOneIsNot() {
        assertThat(execute(ContinueCommand::new, "--max-cost", "2.50")).isEqualTo(ExitStatus.DONE);
        assertThat(execute(ContinueCommand::new, "--max-cost", "none")).isEqualTo(ExitStatus.DONE);
        assertThat(asked)
                .containsExactly(
                        "{\"job_id\":\"essays-3f2a91bc\",\"max_cost\":\"2.50\"}",
                        "{\"job_id\":\"essays-3f2a91bc\",\"max_cost\":null}");
        for (String wrong : List.of("0", "-1", "5 USD", "1000001", "0.0000001")) {
            assertThat(execute(ContinueCommand::new, "--max-cost=" + wrong)).isEqualTo(ExitStatus.USAGE);
        }
        assertThat(execute(ContinueCommand::new, "--max-cost", "5", "--limit", "3"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(asked).hasSize(2);
    }

    private int execute(String... more) {
        return execute(RetryCommand::new, more);
    }

    private int execute(BiFunction<App, Function<Deployment, StackFunction>, Object> commands, String... more) {
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        App app = new App(
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
        Object command = commands.apply(app, stack -> event -> {
            asked.add(event.toString());
            return answer;
        });
        List<String> args = new ArrayList<>(List.of(Jobs.ID, "--no-wait"));
        args.addAll(List.of(more));
        int status = new CommandLine(command)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    err.append(String.valueOf(e.getMessage()));
                    return e instanceof CliException fault ? fault.exitStatus() : ExitStatus.JOB_FAILED;
                })
                .execute(args.toArray(String[]::new));
        console.out().flush();
        console.err().flush();
        return status;
    }
}
