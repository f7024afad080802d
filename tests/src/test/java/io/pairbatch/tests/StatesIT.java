package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.chaos.asl.StateCase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InspectionErrorDetails;
import software.amazon.awssdk.services.sfn.model.InspectionLevel;
import software.amazon.awssdk.services.sfn.model.MockResponseValidationMode;
import software.amazon.awssdk.services.sfn.model.TestStateResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Each state of the workflow alone, by Step Functions' TestState: the same cases that the simulated world's
/// interpreter passes. It runs no state that waits, and does not show what a state assigns: [RunsIT] does.
@Tag(OnLocalStack.ONLY)
class StatesIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode DEFINITION = StateCase.definition();
    private static final SfnClient SFN = TestStack.shared().testing();

    static List<StateCase> all() {
        return StateCase.all().stream().filter(one -> !type(one).equals("Wait")).toList();
    }

    @AfterAll
    static void close() {
        SFN.close();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theStateGoesWhereTheCaseSays(StateCase one) {
        TestStateResponse seen = SFN.testState(request -> {
            request.definition(alone(one))
                    .input(one.input().toString())
                    .variables(one.variables().toString())
                    .context(context(one))
                    .inspectionLevel(InspectionLevel.DEBUG);
            JsonNode result = one.result();
            JsonNode error = one.error();
            if (error != null) {
                request.stateConfiguration(c -> {
                    c.retrierRetryCount(one.retries());
                    if (type(one).equals("Map")) {
                        c.errorCausedByState(
                                state(one).at("/ItemProcessor/StartAt").asString(""));
                    }
                });
                request.mock(m -> m.fieldValidationMode(MockResponseValidationMode.NONE)
                        .errorOutput(e -> e.error(text(error, "Error")).cause(text(error, "Cause"))));
            } else if (result != null) {
                request.mock(m ->
                        m.fieldValidationMode(MockResponseValidationMode.NONE).result(result.toString()));
            }
        });

        assertThat(way(one, seen)).isEqualTo(one.way());
        if (one.leaves()) {
            assertThat(JSON.readTree(seen.output())).isEqualTo(one.output());
        }
        if (one.arguments() != null && type(one).equals("Task")) {
            assertThat(JSON.readTree(seen.inspectionData().afterArguments())).isEqualTo(one.arguments());
        }
    }

    private static String way(StateCase one, TestStateResponse seen) {
        return switch (seen.status()) {
            case SUCCEEDED, CAUGHT_ERROR -> seen.nextState() == null ? "ends" : "to " + seen.nextState();
            case RETRIABLE -> "retry after " + pause(one, seen.inspectionData().errorDetails()) + " s";
            case FAILED -> "fails " + seen.error() + ": " + seen.cause();
            case UNKNOWN_TO_SDK_VERSION -> seen.statusAsString();
        };
    }

    /// LocalStack tells the interval without its limit.
    private static int pause(StateCase one, InspectionErrorDetails details) {
        JsonNode retrier = state(one).required("Retry").required(details.retryIndex());
        return Math.min(
                details.retryBackoffIntervalSeconds(),
                retrier.path("MaxDelaySeconds").asInt(Integer.MAX_VALUE));
    }

    /// The state's own part of the definition: the whole of it is read ten times as long.
    private static String alone(StateCase one) {
        return ((ObjectNode) state(one).deepCopy())
                .put("QueryLanguage", "JSONata")
                .toString();
    }

    private static JsonNode state(StateCase one) {
        JsonNode states = DEFINITION.required("States");
        return states.has(one.state())
                ? states.required(one.state())
                : states.valueStream()
                        .map(map -> map.at("/ItemProcessor/States").path(one.state()))
                        .filter(JsonNode::isObject)
                        .findFirst()
                        .orElseThrow();
    }

    private static String type(StateCase one) {
        return text(state(one), "Type");
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }

    /// The execution that the cases name.
    private static String context(StateCase one) {
        ObjectNode context = JSON.createObjectNode();
        context.putObject("Execution")
                .put("Id", "arn:aws:states:us-east-1:000000000000:execution:cases:one")
                .put("Name", "one")
                .put("RoleArn", "arn:aws:iam::000000000000:role/cases")
                .put("StartTime", "2026-01-01T00:00:00.000Z")
                .putObject("Input")
                .putObject("detail")
                .putObject("object")
                .put("key", "inbox/a/pairs.csv");
        context.putObject("StateMachine")
                .put("Id", "arn:aws:states:us-east-1:000000000000:stateMachine:cases")
                .put("Name", "cases");
        context.putObject("State")
                .put("Name", one.state())
                .put("EnteredTime", "2026-01-01T00:00:00.000Z")
                .put("RetryCount", one.retries());
        return context.toString();
    }
}
