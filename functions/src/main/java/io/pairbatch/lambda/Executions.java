package io.pairbatch.lambda;

import java.util.function.Supplier;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/// Whether executions of the state machine are running.
final class Executions {

    private final Supplier<SfnClient> client;

    Executions(Supplier<SfnClient> client) {
        this.client = client;
    }

    boolean running(String arn) {
        try (SfnClient sfn = client.get()) {
            return sfn.describeExecution(r -> r.executionArn(arn)).status() == ExecutionStatus.RUNNING;
        } catch (ExecutionDoesNotExistException e) {
            return false;
        }
    }
}
