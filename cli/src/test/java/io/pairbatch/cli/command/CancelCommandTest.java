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
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.registry.JobState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/// How `cancel` ends: it has done what it was asked for, whatever that costs the job.
class CancelCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();

    @TempDir
    private Path folder;

    @Test
    void theLossesThatItAskedForAreToldAndAreNoFailure() {
        bucket.put(Jobs.SOURCE, "ID1,text1,ID2,text2\na,x,b,y\na,x,c,z\n");
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", "ID1,ID2,better_id\na,b,a\n");
        bucket.put("jobs/essays-3f2a91bc/failed_pairs.csv", """
                ID1,ID2,error_code,error_detail
                a,c,cancelled,Batch status: cancelled
                """);
        bucket.put("jobs/essays-3f2a91bc/failed_attempts.csv", """
                error_code,final,cause,error_detail,segment
                cancelled,TRUE,cancelled,Batch status: cancelled,1
                """);
        bucket.put("jobs/essays-3f2a91bc/batch_failures.csv", """
                segment_index,provider,model,batch_id,status,error_detail,failed_at
                1,openai,gpt-4.1,b1,cancelled,stopped by request,2026-11-22T18:00:00Z
                """);
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": 2, \"rejected\": 0, \"observed\": 1, \"failed\": 1}}");
        then(Jobs.cancelled(Jobs.in(JobState.RUNNING)));
        then(Jobs.cancelled(Jobs.judged(Jobs.in(JobState.DONE), 1, 1)));

        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).doesNotContain("continue essays-3f2a91bc\n", "Nothing is missing");
        assertThat(err.toString())
                .contains("./pairbatch continue essays-3f2a91bc\n")
                .contains("Done with losses: 1 of 2 comparisons", """
                        Batches that did not run to their end (what the provider gives of them counts):
                          1  cancelled: stopped by request
                        """)
                .doesNotContain("Exit code", "as a whole");
    }

    @Test
    void itSaysAtOnceUntilWhenItWaitsAndInTheEndThatNothingIsMissing() {
        ends(200, 0, "");
        JobSnapshot waits = new JobSnapshot(
                Jobs.cancelled(Jobs.in(JobState.RUNNING)),
                Jobs.collected(2, 90, 0),
                List.of(),
                new Waits(List.of(), null, FakeTime.START.plusSeconds(48)),
                List.of());
        jobs.then(waits);
        jobs.then(waits);
        then(Jobs.cancelled(Jobs.judged(Jobs.in(JobState.DONE), 200, 0)));

        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("""
                        Job essays-3f2a91bc is cancelled: nothing more of it is sent.
                        Its 2 open batches are asked to stop at its next look at the provider, in 48 s, at 2026-11-22T18:00:48Z; what has come back by then counts.
                        """)
                .contains("Nothing is missing: every pair had a winner before the cancelling took hold.\n")
                .doesNotContain("continue");
    }

    @ParameterizedTest
    @CsvSource({"openai, gpt-4.1, false", "gemini, gemini-2.5-flash, true"})
    void aProviderThatGivesNothingOfAStoppedBatchIsNamed(String backend, String model, boolean told)
            throws IOException {
        ends(200, 0, "");
        Path file = Files.writeString(
                folder.resolve("job.json"),
                "{\"backend\": \"%s\", \"model\": \"%s\", \"trait_name\": \"organization\"}".formatted(backend, model));
        ByteArrayOutputStream frozen = new ByteArrayOutputStream();
        new ResolvedJob(
                        Jobs.ID,
                        Instant.EPOCH,
                        "0.2.0",
                        new ResolvedJob.Source("b", Jobs.SOURCE, "v", "e", 1),
                        new OfflineSplit("0.2.0", InstantSource.system()).readSpec(OfflineSplit.JobFile.of(file)))
                .write(frozen);
        bucket.put("jobs/essays-3f2a91bc/job.json", frozen.toString(StandardCharsets.UTF_8));
        JobSnapshot open = new JobSnapshot(
                Jobs.cancelled(Jobs.in(JobState.RUNNING)),
                Jobs.collected(2, 90, 0),
                List.of(),
                new Waits(List.of(), null, null),
                List.of());
        jobs.then(open);
        jobs.then(open);
        then(Jobs.cancelled(Jobs.judged(Jobs.in(JobState.DONE), 200, 0)));

        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()
                        .contains(backend
                                + " gives no answer of a batch that it has stopped: what such a batch has worked on"))
                .isEqualTo(told);
    }

    @Test
    void fewPairsThatAreMissingAreSentByACommandThatIsTold() {
        ends(199, 1, "a,last,cancelled,Batch status: cancelled\n");
        then(Jobs.cancelled(Jobs.in(JobState.FAILED)));
        then(Jobs.cancelled(Jobs.judged(Jobs.in(JobState.DONE), 199, 1)));

        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(err.toString()).doesNotContain("losses");
        assertThat(out.toString())
                .contains("It ends as soon as its present step is over; what has come back by then counts.\n")
                .contains("1 pair has no winner (1 ")
                .contains("  ./pairbatch continue essays-3f2a91bc\n")
                .doesNotContain("Nothing is missing");
    }

    /// What the bucket has at the end.
    private void ends(int judged, int failed, String failedPairs) {
        bucket.put(Jobs.SOURCE, "ID1,text1,ID2,text2\n" + "a,x,b,y\n".repeat(judged + failed));
        StringBuilder results = new StringBuilder("ID1,ID2,better_id\n");
        for (int i = 0; i < judged; i++) {
            results.append("a,b").append(i).append(",a\n");
        }
        bucket.put("jobs/essays-3f2a91bc/combined_results.csv", results.toString());
        bucket.put("jobs/essays-3f2a91bc/failed_pairs.csv", "ID1,ID2,error_code,error_detail\n" + failedPairs);
        bucket.put(
                "jobs/essays-3f2a91bc/failed_attempts.csv",
                "error_code,final,cause,error_detail,segment\n"
                        + (failed == 0 ? "" : "cancelled,TRUE,cancelled,Batch status: cancelled,1\n"));
        bucket.put(
                "jobs/essays-3f2a91bc/summary.json",
                "{\"conservation\": {\"input_rows\": %d, \"rejected\": 0, \"observed\": %d, \"failed\": %d}}"
                        .formatted(judged + failed, judged, failed));
    }

    @Test
    void aJobThatOnlyWaitedEndsWithNothingSent() {
        then(Jobs.waiting(Jobs.in(JobState.RUNNING), "old-0badcafe"));
        then(Jobs.cancelled(Jobs.in(JobState.CANCELLED)));

        assertThat(execute()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("Job essays-3f2a91bc is cancelled: nothing of it was sent, and nothing will be.\n")
                .contains(" job essays-3f2a91bc cancelled\n")
                .doesNotContain("continue");
    }

    private void then(Job job) {
        jobs.then(new JobSnapshot(job, SegmentTotals.NONE));
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
        int status = new CommandLine(new CancelCommand(
                        app,
                        deployment ->
                                event -> JsonMapper.shared().createObjectNode().put("outcome", "started")))
                .execute(Jobs.ID);
        console.out().flush();
        console.err().flush();
        return status;
    }
}
