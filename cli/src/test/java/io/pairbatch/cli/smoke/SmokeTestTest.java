package io.pairbatch.cli.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationRequest;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

class SmokeTestTest {

    private static final String SOURCE = "inbox/smoke-paused-split-1/pairs.csv";
    private static final String RESULTS = "jobs/" + Jobs.ID + "/";
    private static final int ROWS = 10;
    private static final Region REGION = Region.US_EAST_1;

    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final MemoryJobSource jobs = new MemoryJobSource();
    private final FakeWorkings workings = new FakeWorkings();
    private final List<String> said = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void aJobWhoseRowsAddUpAndWhoseSegmentsWereSentOncePasses() throws Exception {
        ends(JobState.DONE, ROWS - 1);

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.DONE);
        assertThat(said())
                .contains("paused-split  passed  10 rows = 9 judged + 1 failed + 0 rejected, split in 5 calls")
                .contains("./pairbatch delete " + Jobs.ID);
        assertThat(workings.settings).containsExactly("splitter 10", "splitter 600");
    }

    @Test
    void aLostRowIsAFailureWithItsOwnExitCode() throws Exception {
        ends(JobState.DONE, ROWS - 2);

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.RECOUNT);
        assertThat(said())
                .contains("paused-split  failed")
                .contains("10 rows ≠ 8 judged + 1 failed + 0 rejected")
                .contains("Look into s3://data/" + RESULTS);
    }

    @Test
    void aSegmentThatWasSentTwiceIsAFailure() throws Exception {
        ends(JobState.DONE, ROWS - 1);
        workings.batches = new ArrayList<>(workings.batches);
        workings.batches.add(new Workings.Batch(2, "batch_6"));

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said()).contains("has 5 segments, and the registry 6 batches for 5 of them.");
    }

    @Test
    void aBatchAtTheProviderThatBelongsToNoSegmentIsAFailure() throws Exception {
        ends(JobState.DONE, ROWS - 1);
        workings.strays = 1;

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said()).contains("at the provider 1 more belong to no segment");
    }

    @Test
    void aSplitThatDidNotPauseIsAFailureAndOneThatCannotBeSeenIsNone() throws Exception {
        ends(JobState.DONE, ROWS - 1);
        workings.entered = 1;
        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said()).contains("it did not pause");

        workings.entered = 0;
        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.DONE);
        assertThat(said()).contains("paused-split  skipped").contains("smoke --only paused-split --run 2");
    }

    @Test
    void aTimeoutIsPutBackThoughTheCaseFails() throws Exception {
        bucket.onPut(key -> {
            if (key.equals(SOURCE)) {
                jobs.list(Jobs.at(JobState.SPLITTING, SOURCE))
                        .thenThrow(Bench.failed("The registry is gone.", "Look."));
            }
        });

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said()).contains("The registry is gone.");
        assertThat(workings.settings).containsExactly("splitter 10", "splitter 600");
    }

    @Test
    void aTimeoutThatCannotBePutBackIsAFailureThatSaysTheCommand() throws Exception {
        ends(JobState.DONE, ROWS - 1);
        workings.refusesToPutBack = true;

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said())
                .contains("could not be put back to 600 s")
                .contains("aws lambda update-function-configuration --function-name Pairbatch-splitter --timeout 600"
                        + " --region us-east-1");
        // The exit tries once more.
        workings.refusesToPutBack = false;
    }

    @Test
    void whatAnEarlierTestHasLeftLoweredIsToldAndNotTakenForUsual() throws Exception {
        workings.usual = 10;

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said()).contains("The timeout of Pairbatch-splitter is 10 s already");
        assertThat(workings.settings).isEmpty();
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void aRefusedRightIsASkipThatNamesIt() throws Exception {
        LambdaClient refusing = new LambdaClient() {
            @Override
            public GetFunctionConfigurationResponse getFunctionConfiguration(GetFunctionConfigurationRequest asked) {
                return GetFunctionConfigurationResponse.builder().timeout(600).build();
            }

            @Override
            public UpdateFunctionConfigurationResponse updateFunctionConfiguration(
                    UpdateFunctionConfigurationRequest asked) {
                throw LambdaException.builder()
                        .statusCode(403)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("AccessDeniedException")
                                .build())
                        .build();
            }

            @Override
            public String serviceName() {
                return "lambda";
            }

            @Override
            public void close() {}
        };
        try (SfnClient sfn = SfnClient.builder().region(REGION).build();
                DynamoDbClient dynamo = DynamoDbClient.builder().region(REGION).build();
                S3Client s3 = S3Client.builder().region(REGION).build()) {
            Workings inside = new AwsWorkings(Deployed.STACK, refusing, sfn, dynamo, s3, time);

            assertThat(run(bench(inside, Deployed.STACK, Duration.ofHours(1)), new PausedSplitCase()))
                    .isEqualTo(ExitStatus.DONE);
        }
        assertThat(said())
                .contains(
                        "paused-split  skipped  AWS refused lambda:UpdateFunctionConfiguration on Pairbatch-splitter.")
                .doesNotContain("could not be put back");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void aJobThatTakesLongerThanAnybodyWaitsIsNeitherPassedNorFailed() throws Exception {
        ends(JobState.RUNNING, 0);

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said()).contains("paused-split  waiting").contains("Type the same command later");
    }

    @Test
    void aJobThatIsDoneIsNotDroppedAgain() throws Exception {
        ends(JobState.DONE, ROWS - 1);
        run(new PausedSplitCase());
        int written = bucket.written().size();
        workings.settings.clear();

        assertThat(run(new PausedSplitCase())).isEqualTo(ExitStatus.DONE);
        assertThat(bucket.written()).hasSize(written);
        assertThat(workings.settings).isEmpty();
        assertThat(said()).contains("is there from before: done");
    }

    @Test
    void theOtherCasesGoOnWhenOneFails() throws Exception {
        ends(JobState.DONE, ROWS - 1);
        SmokeTest test = new SmokeTest(
                bench(workings, Deployed.STACK, Duration.ofHours(1)),
                List.of(new Broken(), new PausedSplitCase(), new PoliciesCase()));
        test.prepare();

        assertThat(test.run()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said())
                .contains("broken        failed   It is broken.")
                .contains("paused-split  passed")
                .contains("policies      skipped  The stack on this machine has no users");
    }

    /// Fails when its job is to begin.
    private static final class Broken implements Case {

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String shows() {
            return "nothing";
        }

        @Override
        public SmokeJob prepare(Bench bench) throws IOException {
            return SmokeJob.of(
                    bench,
                    name(),
                    name(),
                    Tables.write(bench, name(), 1, 0),
                    null,
                    Tables.fields(1),
                    new SmokeJob.Size(1, 1, 1));
        }

        @Override
        public void begin(SmokeJob job) {
            throw Bench.failed("It is broken.", "Mend it.");
        }

        @Override
        public String check(SmokeJob job) {
            throw new IllegalStateException("not begun");
        }
    }

    @Test
    void whatItCostsAtMostIsSaidBeforeAnythingIsDropped() throws Exception {
        Deployment live = Deployed.with(
                Map.of(Backend.ANTHROPIC, "arn"),
                new Deployment.Providers(
                        false, Backend.COPIED_CODE, Deployment.each(Backend::url), "{\"backend\": \"anthropic\"}"));
        Bench bench = bench(workings, live, Duration.ofHours(1));
        assertThat(bench.judge().backend()).isEqualTo(Backend.ANTHROPIC);

        new SmokeTest(bench, List.of(new ExampleCase(), new PausedSplitCase())).prepare();

        assertThat(said().replaceAll("\\s+", " "))
                .contains("(191 requests)")
                .contains("(11 requests)")
                .containsPattern("at most 202 requests and USD \\d+\\.\\d\\d at the provider")
                .contains("are lowered, for minutes, and put back");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void theLengthOfAnswersIsLimitedHoweverTheProviderCallsIt() throws Exception {
        for (Backend backend : Backend.values()) {
            Judge judge = Judge.of(Deployed.STACK, backend, backend.demoModel(), 1, example());
            assertThat(judge.model()).isEqualTo(backend.demoModel());
            assertThat(judge.fields()).containsEntry("run", "1001");
        }
        assertThat(Judge.of(Deployed.STACK, Backend.OPENAI, "gpt-4.1", 1, example())
                        .fields())
                .containsEntry("max_completion_tokens", "4096");
        assertThat(Judge.of(Deployed.STACK, Backend.OPENAI, "gpt-5-pro", 1, example())
                        .fields())
                .containsEntry("max_output_tokens", "4096");
        assertThat(Judge.of(Deployed.STACK, Backend.ANTHROPIC, null, 1, example())
                        .fields())
                .doesNotContainKeys("max_completion_tokens", "max_output_tokens");
    }

    /// What the stack makes of the drop: a job in that state, with so many observed rows and one failed.
    private void ends(JobState state, int observed) {
        workings.oneBatchEach(5);
        bucket.onPut(key -> {
            if (key.equals(SOURCE)) {
                Job job = Jobs.at(state, SOURCE);
                jobs.list(job).then(new JobSnapshot(job, Jobs.snapshot(state).segments()));
            }
        });
        bucket.put(RESULTS + "combined_results.csv", "ID1,ID2,better_id\n" + "a,b,a\n".repeat(observed));
        bucket.put(RESULTS + "failed_pairs.csv", "ID1,ID2,error_code,error_detail\na,c,http_error,\n");
        bucket.put(
                RESULTS + "summary.json",
                "{\"conservation\": {\"input_rows\": 10, \"rejected\": 0, \"observed\": 9, \"failed\": 1}}");
    }

    private int run(Case each) throws Exception {
        return run(bench(workings, Deployed.STACK, Duration.ofHours(1)), each);
    }

    private static int run(Bench bench, Case each) throws Exception {
        SmokeTest test = new SmokeTest(bench, List.of(each));
        test.prepare();
        return test.run();
    }

    private Bench bench(Workings inside, Deployment deployment, Duration patience) throws IOException {
        return new Bench(
                new Session(deployment, jobs, bucket, Pacing.EMBEDDED, () -> {}),
                null,
                inside,
                () -> {
                    throw new UnsupportedOperationException();
                },
                Judge.of(deployment, null, null, 1, example()),
                Project.find().root(),
                folder,
                time,
                time,
                said::add,
                100,
                time.instant().plus(patience),
                null);
    }

    private static Path example() {
        return Project.find().root().resolve("examples/essays/pairs.csv");
    }

    private String said() {
        return String.join("\n", said);
    }
}
