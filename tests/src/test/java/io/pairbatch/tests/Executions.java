package io.pairbatch.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/// The executions of the deployed state machine.
final class Executions {

    private final TestStack stack = TestStack.shared();
    private final SfnClient sfn = stack.sfn();

    /// Starts an execution with the event for an object that was put into the inbox.
    String start(String key) {
        String input = """
                {"detail": {"bucket": {"name": "%s"}, "object": {"key": "%s"}}}
                """.formatted(stack.deployment().bucket(), key);
        return sfn.startExecution(r ->
                        r.stateMachineArn(stack.deployment().stateMachineArn()).input(input))
                .executionArn();
    }

    ExecutionStatus status(String arn) {
        return sfn.describeExecution(r -> r.executionArn(arn)).status();
    }

    /// How often the execution entered a state.
    long entered(String arn, String state) {
        return sfn.getExecutionHistoryPaginator(r -> r.executionArn(arn)).events().stream()
                .map(HistoryEvent::stateEnteredEventDetails)
                .filter(entered -> entered != null && entered.name().equals(state))
                .count();
    }

    /// The longest text passed between two states, in characters.
    int longestPayload(String arn) {
        List<String> payloads = new ArrayList<>();
        sfn.getExecutionHistoryPaginator(r -> r.executionArn(arn).includeExecutionData(true))
                .events()
                .forEach(e -> Executions.payloads(e).filter(Objects::nonNull).forEach(payloads::add));
        if (payloads.isEmpty()) {
            throw new IllegalStateException("the history of " + arn + " shows no data");
        }
        return payloads.stream().mapToInt(String::length).max().orElse(0);
    }

    private static Stream<String> payloads(HistoryEvent event) {
        List<String> found = new ArrayList<>();
        if (event.stateEnteredEventDetails() != null) {
            found.add(event.stateEnteredEventDetails().input());
        }
        if (event.stateExitedEventDetails() != null) {
            found.add(event.stateExitedEventDetails().output());
        }
        if (event.taskScheduledEventDetails() != null) {
            found.add(event.taskScheduledEventDetails().parameters());
        }
        if (event.taskSucceededEventDetails() != null) {
            found.add(event.taskSucceededEventDetails().output());
        }
        return found.stream();
    }
}
