package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pairbatch.chaos.asl.RunCase;
import io.pairbatch.cli.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.DescribeStateMachineResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The deployed workflow from its first state to its last, with mocked answers and real waits: the same runs as the
/// simulated world's interpreter makes. The history shows what each state assigns.
@Tag(OnLocalStack.ONLY)
class RunsIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String NAME = "runs";
    private static final TestStack STACK = TestStack.shared();
    private static final SfnClient SFN = STACK.sfn();

    private static String machine = "";

    static List<RunCase> all() {
        return RunCase.all();
    }

    @BeforeAll
    static void create() throws IOException {
        assumeTrue(LocalStack.isOwn(), "skipped: only a LocalStack that this suite starts reads its mocked answers");
        ObjectNode mocks = JSON.createObjectNode();
        ObjectNode cases = mocks.putObject("StateMachines").putObject(NAME).putObject("TestCases");
        ObjectNode answers = mocks.putObject("MockedResponses");
        for (RunCase run : RunCase.all()) {
            ObjectNode of = cases.putObject(run.name());
            run.answers().properties().forEach(state -> {
                String id = run.name() + "-" + state.getKey();
                of.put(state.getKey(), id);
                ObjectNode calls = answers.putObject(id);
                for (JsonNode answer : state.getValue()) {
                    boolean fails = answer.has("error");
                    calls.putObject(Integer.toString(calls.size()))
                            .set(fails ? "Throw" : "Return", answer.required(fails ? "error" : "result"));
                }
            });
        }
        Files.writeString(LocalStack.mocks(STACK.folder()), mocks.toString());
        DescribeStateMachineResponse deployed = SFN.describeStateMachine(
                r -> r.stateMachineArn(STACK.deployment().stateMachineArn()));
        machine = SFN.createStateMachine(
                        r -> r.name(NAME).definition(deployed.definition()).roleArn(deployed.roleArn()))
                .stateMachineArn();
    }

    @AfterAll
    static void close() {
        SFN.close();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theRunGoesAsItsFileSays(RunCase one) {
        String execution = SFN.startExecution(
                        r -> r.stateMachineArn(machine + "#" + one.name()).input("{\"detail\": {}}"))
                .executionArn();
        DroppedJob.await(
                TestStack.PATIENCE, one.name(), () -> describe(execution).status() != ExecutionStatus.RUNNING);

        List<HistoryEvent> events = SFN.getExecutionHistoryPaginator(r -> r.executionArn(execution)).events().stream()
                .toList();
        assertThat(events.stream().filter(e -> e.stateEnteredEventDetails() != null))
                .extracting(e -> e.stateEnteredEventDetails().name())
                .isEqualTo(one.states());
        DescribeExecutionResponse end = describe(execution);
        assertThat(end.statusAsString() + (end.error() == null ? "" : " " + end.error() + ": " + end.cause()))
                .isEqualTo(one.end());
        assertThat(variables(events)).isEqualTo(one.variables());
    }

    private static DescribeExecutionResponse describe(String execution) {
        return SFN.describeExecution(r -> r.executionArn(execution));
    }

    /// What the states have assigned, the last value of each.
    private static ObjectNode variables(List<HistoryEvent> events) {
        ObjectNode variables = JSON.createObjectNode();
        events.stream()
                .filter(e -> e.stateExitedEventDetails() != null)
                .forEach(e -> e.stateExitedEventDetails()
                        .assignedVariables()
                        .forEach((name, value) -> variables.set(name, JSON.readTree(value))));
        return variables;
    }
}
