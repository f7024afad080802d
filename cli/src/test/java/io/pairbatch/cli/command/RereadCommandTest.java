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
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.job.Waits;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpecJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What `reread` takes for the end of reading.
class RereadCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();

    private StackFunction reviver =
            event -> JsonMapper.shared().createObjectNode().put("outcome", "started");

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
        isReadAgain();

        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("Results in results/essays-3f2a91bc/");
    }

    private void isReadAgain() {
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", "ID1,ID2,better_id\na,b,a\na,c,c\n");
        bucket.put("jobs/essays-3f2a91bc/failed_pairs.csv", "ID1,ID2,error_code,error_detail\n");
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": 2, \"rejected\": 0, \"observed\": 2, \"failed\": 0}}");
        bucket.put(Jobs.SOURCE, "ID1,ID2\na,b\na,c\n");
        Job again = Jobs.created(Jobs.in(JobState.DONE), FakeTime.START.plusSeconds(1));
        jobs.then(Jobs.snapshot(JobState.DONE)).then(new JobSnapshot(again, SegmentTotals.NONE));
    }

    @Test
    void theCommandThatTakesItBackIsPrinted() throws Exception {
        isReadAgain();
        Files.writeString(folder.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,one,b,two\n");
        Files.writeString(
                folder.resolve("job.json"),
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\", \"tag_mode\": \"tolerant\"}");
        new OfflineSplit("0.1.0", time)
                .run(folder.resolve("pairs.csv"), folder.resolve("job.json"), folder.resolve("done"));
        bucket.put("jobs/" + Jobs.ID + "/job.json", Files.readString(folder.resolve("done/job.json")));
        reviver = event -> {
            takeRules((ObjectNode) event.path("reading"));
            return JsonMapper.shared().createObjectNode().put("outcome", "started");
        };

        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("Pairs with a winner: 187 before, 187 now.\n"
                        + "To read them as before (nothing is sent): ./pairbatch reread essays-3f2a91bc --tag-mode"
                        + " tolerant\n");
    }

    /// As the splitter does.
    private void takeRules(ObjectNode rules) {
        try (InputStream frozen =
                bucket.open("jobs/" + Jobs.ID + "/job.json", null).orElseThrow()) {
            ResolvedJob job = ResolvedJob.read(frozen, Providers::options);
            bucket.put(
                    "jobs/" + Jobs.ID + "/policy.json",
                    job.policy(JobSpecJson.readBy(job.spec(), rules, Providers::options)),
                    "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        RereadCommand command = new RereadCommand(app, stack -> reviver);
        int status = new CommandLine(command).execute(Jobs.ID, "--tag-mode", "exact");
        console.out().flush();
        console.err().flush();
        return status;
    }
}
