package io.pairbatch.lambda;

import io.pairbatch.registry.JobItem;
import io.pairbatch.revive.ReviveStep;
import io.pairbatch.time.Sleeper;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import tools.jackson.databind.node.ObjectNode;

/// The executions of the state machine.
final class Executions implements ReviveStep.Executions {

    private static final int LOOKS = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Supplier<SfnClient> client;
    private final String stateMachine;
    private final RandomGenerator random;
    private final Sleeper sleeper;

    /// @param stateMachine its ARN; empty in functions that start no executions
    Executions(Supplier<SfnClient> client, String stateMachine, RandomGenerator random, Sleeper sleeper) {
        this.client = client;
        this.stateMachine = stateMachine;
        this.random = random;
        this.sleeper = sleeper;
    }

    /// What AWS says of an execution lags behind
    /// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html). One that has just
    /// been started may not be known yet, so it is asked for again before its job is taken from it. One that has just
    /// ended may still be shown as running: then its job is left alone, and the next round looks again.
    @Override
    public boolean running(String arn) {
        try (SfnClient sfn = client.get()) {
            for (int look = 1; ; look++) {
                try {
                    return sfn.describeExecution(r -> r.executionArn(arn)).status() == ExecutionStatus.RUNNING;
                } catch (ExecutionDoesNotExistException e) {
                    if (look == LOOKS) {
                        return false;
                    }
                    sleeper.sleep(PAUSE);
                }
            }
        }
    }

    /// A name cannot be reused for 90 days, even if its execution died before it took its epoch; so each execution gets
    /// a new name.
    @Override
    public void start(String jobId, long epoch, ObjectNode wish) {
        ObjectNode input =
                StepHandler.JSON.createObjectNode().put("job_id", jobId).put("epoch", epoch);
        execute(jobId, epoch, input.setAll(wish));
    }

    @Override
    public void drop(JobItem job) {
        execute(job.jobId(), job.epoch() + 1, created(job.sourceBucket(), job.sourceKey()));
    }

    /// Starts an execution like the creation of an object in the inbox did whose event was lost.
    void dropLost(String bucket, String key) {
        execute("lost", 1, created(bucket, key));
    }

    /// The part of S3's event that the claim reads.
    private static ObjectNode created(String bucket, String key) {
        ObjectNode input = StepHandler.JSON.createObjectNode();
        ObjectNode detail = input.putObject("detail");
        detail.putObject("bucket").put("name", bucket);
        detail.putObject("object").put("key", key);
        return input;
    }

    private void execute(String jobId, long epoch, ObjectNode input) {
        String suffix = HexFormat.of().toHexDigits(random.nextInt(), 4);
        try (SfnClient sfn = client.get()) {
            sfn.startExecution(r -> r.stateMachineArn(stateMachine)
                    .name(jobId + "-" + epoch + "-" + suffix)
                    .input(input.toString()));
        }
    }
}
