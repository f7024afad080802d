package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The limits of AWS that the workflow must not exceed.
class LimitsTest {

    private static final int LARGEST = 256 * 1024;

    private final Script script = new Script();

    @ParameterizedTest
    @CsvSource({"Output, 0, true", "Output, 1, false", "Assign, 0, true", "Assign, 1, false"})
    void anOutputAndVariablesHaveAtMost256Kib(String field, int above, boolean fits) {
        // Two quotes, or {"x":""} around the text.
        String text = "é".repeat((LARGEST - (field.equals("Output") ? 2 : 8)) / 2) + "x".repeat(above);
        String states = """
                "A": {"Type": "Pass", FIELD, "Next": "B"}, "B": {"Type": "Succeed", "Output": 1}""".replace(
                        "FIELD",
                        field.equals("Output")
                                ? "\"Output\": \"{% $states.input %}\""
                                : "\"Assign\": {\"x\": \"{% $states.input %}\"}");
        Outcome outcome = Machines.execution(states, "'" + text + "'", script).run();
        if (fits) {
            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        } else {
            assertThat(((Outcome.Failed) outcome).error()).isEqualTo("States.DataLimitExceeded");
        }
    }

    @Test
    void aResultThatIsTooLargeIsNotCaughtByStatesAllButByItsName() {
        script.always("s", call -> Script.lambda("'" + "x".repeat(LARGEST) + "'"));
        assertThat(Machines.failure(caught("States.ALL"), "1", script).error()).isEqualTo("States.DataLimitExceeded");
        assertThat(Machines.output(caught("States.DataLimitExceeded"), "1", script)
                        .path("Error")
                        .stringValue())
                .isEqualTo("States.DataLimitExceeded");
    }

    @Test
    void argumentsThatAreTooLargeCallNothing() {
        assertThat(Machines.failure(caught("States.ALL"), "'" + "x".repeat(LARGEST) + "'", script)
                        .error())
                .isEqualTo("States.DataLimitExceeded");
        assertThat(script.calls).isEmpty();
    }

    private static String caught(String error) {
        return """
                "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                  "Arguments": {"Payload": {"step": "s", "in": "{% $states.input %}"}},
                  "Catch": [{"ErrorEquals": ["ERROR"], "Next": "Z"}], "End": true}, "Z": {"Type": "Succeed"}""".replace("ERROR", error);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[1,-2.5,true,false,null]",
                "{\"a\":{\"b\":[]},\"c\":\"\"}",
                "\"é€😀\\n\\u0001\\\"\\\\\"",
                "[[],[{}],9007199254740993]"
            })
    void bytesAreCountedAsJsonIsWritten(String json) {
        Object value = Values.of(Script.JSON.readTree(json));
        int expected = Script.JSON.writeValueAsString(Values.node(value)).getBytes(StandardCharsets.UTF_8).length;
        assertThat(Values.bytes(value)).isEqualTo(expected);
        assertThat(Values.bytesAtMost(value)).isGreaterThanOrEqualTo(expected);
    }

    private int events(String states, String input) {
        Execution execution = Machines.execution(states, input, script);
        execution.run();
        return execution.events();
    }

    @Test
    void anEventIsCountedForTheStartTheEndAndEachStateEnteredAndExited() {
        assertThat(events("""
                "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 1, "Next": "C"},
                "C": {"Type": "Choice", "Choices": [{"Condition": true, "Next": "D"}]}, "D": {"Type": "Succeed"}""", "1")).isEqualTo(2 + 4 * 2);
    }

    @Test
    void aFailStateIsNotExited() {
        assertThat(events("\"A\": {\"Type\": \"Fail\", \"Error\": \"E\"}", "1")).isEqualTo(3);
    }

    @Test
    void aTaskIsScheduledAndStartedAndReturnsForEachAttempt() {
        String task = """
                "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"Payload": {"step": "s"}},
                  "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}], "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}],
                  "Next": "Z"}, "Z": {"Type": "Succeed"}""";
        script.then("s", "1");
        assertThat(events(task, "1")).isEqualTo(2 + 2 + 5);
        script.fails("s", "E", "").then("s", "1");
        assertThat(events(task, "1")).isEqualTo(2 + 2 + 5 + 3);
        script.fails("s", "E", "").fails("s", "E", "").fails("s", "E", "");
        assertThat(events(task, "1")).isEqualTo(2 + 2 + 2 + 3 * 3);
        script.fails("s", "F", "");
        assertThat(events(task, "1")).isEqualTo(2 + 1 + 3);
    }

    @Test
    void aFailedExpressionIsAnEvent() {
        assertThat(events("\"A\": {\"Type\": \"Pass\", \"Output\": \"{% $states.input.x %}\", \"End\": true}", "1"))
                .isEqualTo(2 + 1 + 1);
    }

    @Test
    void aMapStartsAndSucceedsAndEachOfItsIterations() {
        String map = """
                "A": {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {
                  "I": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input = 'x' %}", "Next": "F"}], "Default": "J"},
                  "J": {"Type": "Succeed"}, "F": {"Type": "Fail", "Error": "E"}}},
                  "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}], "Next": "Z"}, "Z": {"Type": "Succeed"}""";
        assertThat(events(map, "[]")).isEqualTo(2 + 4 + 2);
        assertThat(events(map, "[1, 2]")).isEqualTo(2 + 4 + 2 * (2 + 4) + 2);
        assertThat(events(map, "['x']")).isEqualTo(2 + 4 + 2 + 2 + 1 + 2);
    }

    /// 12,498 rounds are 24,997 events including the first; `more` states follow them.
    private static String rounds(int more) {
        StringBuilder states = new StringBuilder("""
                "A": {"Type": "Pass", "Assign": {"n": 1}, "Next": "B"},
                "B": {"Type": "Choice", "Choices": [{"Condition": "{% $n < 12496 %}", "Assign": {"n": "{% $n + 1 %}"}, "Next": "B"}],
                  "Default": "Z0"}""");
        for (int i = 0; i < more; i++) {
            states.append(", \"Z" + i + "\": {\"Type\": \"Pass\", \"Next\": \"Z" + (i + 1) + "\"}");
        }
        return states + ", \"Z" + more + "\": {\"Type\": \"Succeed\"}";
    }

    @Test
    void theLastEventOfAllMayBeSuccess() {
        Execution execution = Machines.execution(rounds(0), "1", script);
        assertThat(execution.run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(execution.events()).isEqualTo(24_998);
        execution = Machines.execution(rounds(1), "1", script);
        assertThat(execution.run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(execution.events()).isEqualTo(25_000);
    }

    @Test
    void anyOtherLastEventEndsTheExecution() {
        Execution execution = Machines.execution(rounds(2), "1", script);
        assertThat(execution.run())
                .isEqualTo(new Outcome.Failed(
                        "States.Runtime", "The execution reached the maximum number of history events (25000)."));
        assertThat(execution.events()).isEqualTo(25_000);
    }

    @Test
    void theEndOfTheHistoryCannotBeCaught() {
        Execution execution = Machines.execution("""
                "A": {"Type": "Map", "Items": [1], "ItemProcessor": {"StartAt": "I", "States": {
                  "I": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": {},
                    "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 100000}], "End": true}}},
                  "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}], "Next": "Z"}, "Z": {"Type": "Succeed"}""", "1", script.always("publish", call -> {
            throw new TaskFailed("E", "");
        }));
        assertThat(((Outcome.Failed) execution.run()).error()).isEqualTo("States.Runtime");
        assertThat(execution.events()).isEqualTo(25_000);
    }
}
