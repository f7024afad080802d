package io.pairbatch.lambda;

import io.pairbatch.registry.JobItem;
import io.pairbatch.revive.ReviveStep;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import tools.jackson.databind.node.ObjectNode;

/// The executions of the state machine.
final class Executions implements ReviveStep.Executions {

    private final Supplier<SfnClient> client;
    private final String stateMachine;
    private final RandomGenerator random;

    /// @param stateMachine its ARN; empty in functions that start no executions
    Executions(Supplier<SfnClient> client, String stateMachine, RandomGenerator random) {
        this.client = client;
        this.stateMachine = stateMachine;
        this.random = random;
    }

    @Override
    public boolean running(String arn) {
        try (SfnClient sfn = client.get()) {
            return sfn.describeExecution(r -> r.executionArn(arn)).status() == ExecutionStatus.RUNNING;
        } catch (ExecutionDoesNotExistException e) {
            return false;
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
        ObjectNode input = StepHandler.JSON.createObjectNode();
        ObjectNode detail = input.putObject("detail");
        detail.putObject("bucket").put("name", job.sourceBucket());
        detail.putObject("object").put("key", job.sourceKey());
        execute(job.jobId(), job.epoch() + 1, input);
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
