package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.registry.JobState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/// What `reread` takes for the end of reading.
class RereadCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();

    @TempDir
    private Path folder;

    @Test
    void theResultsFromBeforeAreNotTakenForNewOnes() {
        Job done = Jobs.in(JobState.DONE);
        jobs.then(Jobs.snapshot(JobState.DONE))
                .then(new JobSnapshot(
                        done, SegmentTotals.NONE, List.of(), Waits.NONE, List.of("The answers\u001b were deleted.")));

        assertThat(execute()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err).hasToString("""
                Job essays-3f2a91bc was not read again: its results are those from before.
                  The answers  were deleted.
                """);
        assertThat(out.toString()).doesNotContain("Results in");
        assertThat(folder.resolve("results")).doesNotExist();
    }

    @Test
    void newResultsAreFetched() {
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", "ID1,ID2,better_id\na,b,a\na,c,c\n");
        bucket.put("jobs/essays-3f2a91bc/failed_pairs.csv", "ID1,ID2,error_code,error_detail\n");
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": 2, \"rejected\": 0, \"observed\": 2, \"failed\": 0}}");
        bucket.put(Jobs.SOURCE, "ID1,ID2\na,b\na,c\n");
        Job again = Jobs.created(Jobs.in(JobState.DONE), FakeTime.START.plusSeconds(1));
        jobs.then(Jobs.snapshot(JobState.DONE)).then(new JobSnapshot(again, SegmentTotals.NONE));

        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("Results in results/essays-3f2a91bc/");
    }

    private int execute() {
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
        RereadCommand command = new RereadCommand(
                app, stack -> event -> JsonMapper.shared().createObjectNode().put("outcome", "started"));
        int status = new CommandLine(command).execute(Jobs.ID, "--tag-mode", "exact");
        console.out().flush();
        console.err().flush();
        return status;
    }
}
