package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {

    private final Script script = new Script();

    /// A task that calls `step` `s`.
    private static String task(String fields) {
        return """
                "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                  "Arguments": {"FunctionName": "f", "Payload": {"step": "s", "in": "{% $states.input %}",
                    "retry": "{% $states.context.State.RetryCount %}"}},
                  FIELDS}, "Z": {"Type": "Succeed", "Output": "{% {'in': $states.input, 'x': $x} %}"}""".replace("FIELDS", fields);
    }

    private static final String LEAVE = "\"Assign\": {\"x\": \"{% $states.result.Payload %}\"}, \"Next\": \"Z\"";

    private static String retry(String retriers) {
        return task("\"Retry\": [" + retriers + "], " + LEAVE);
    }

    @Test
    void aTaskCallsItsResourceAndReturnsItsResult() {
        script.then("s", "[1, 2]");
        assertThat(Machines.output(task("\"TimeoutSeconds\": 30, " + LEAVE), "'i'", script))
                .isEqualTo(Script.json("{'in': {'StatusCode': 200, 'Payload': [1, 2]}, 'x': [1, 2]}"));
        assertThat(script.calls)
                .containsExactly(new Script.Call(
                        "arn:aws:states:::lambda:invoke",
                        Script.json("{'FunctionName': 'f', 'Payload': {'step': 's', 'in': 'i', 'retry': 0}}"),
                        Duration.ofSeconds(30)));
    }

    @Test
    void aTaskWithoutATimeoutMayTakeThreeYears() {
        script.then("s", "1");
        Machines.output(task(LEAVE), "'i'", script);
        assertThat(script.last("s").timeout()).isEqualTo(Duration.ofSeconds(99_999_999));
    }

    @Test
    void theTimeoutMayBeAnExpression() {
        script.then("s", "1");
        Machines.output(task("\"TimeoutSeconds\": \"{% $states.input * 10 %}\", " + LEAVE), "6", script);
        assertThat(script.last("s").timeout()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void anErrorThatIsNotCaughtEndsTheExecutionUnchanged() {
        script.fails("s", "Lambda.Unknown", "it broke");
        assertThat(Machines.failure(task(LEAVE), "1", script))
                .isEqualTo(new Outcome.Failed("Lambda.Unknown", "it broke"));
    }

    @Test
    void otherExceptionsOfTheServicesArePassedThrough() {
        script.then("s", call -> {
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> Machines.failure(
                        task("\"Catch\": [{\"ErrorEquals\": [\"States.ALL\"], \"Next\": \"Z\"}], " + LEAVE),
                        "1",
                        script))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("killed");
    }

    @Test
    void pausesGrowByTheRateUpToTheMaximum() {
        for (int i = 0; i < 6; i++) {
            script.fails("s", "E", "");
        }
        script.then("s", "1");
        Machines.output(retry("""
                {"ErrorEquals": ["E"], "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 3, "MaxDelaySeconds": 100}"""), "1", script);
        assertThat(script.sleeps).extracting(Duration::toSeconds).containsExactly(2L, 6L, 18L, 54L, 100L, 100L);
    }

    @Test
    void aRetrierTriesThreeTimesAndDoublesOneSecondByDefault() {
        script.always("s", call -> {
            throw new TaskFailed("E", "");
        });
        assertThat(Machines.failure(retry("{\"ErrorEquals\": [\"E\"]}"), "1", script)
                        .error())
                .isEqualTo("E");
        assertThat(script.sleeps).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L);
        assertThat(script.calls)
                .extracting(call -> call.payload().path("retry").intValue())
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void fullJitterTakesAShareOfThePause() {
        script.share = 0.25;
        script.fails("s", "E", "").then("s", "1");
        Machines.output(
                retry("{\"ErrorEquals\": [\"E\"], \"IntervalSeconds\": 2, \"JitterStrategy\": \"FULL\"}"), "1", script);
        assertThat(script.sleeps).containsExactly(Duration.ofMillis(500));
    }

    @Test
    void noJitterTakesTheWholePause() {
        script.share = 0.25;
        script.fails("s", "E", "").then("s", "1");
        Machines.output(retry("{\"ErrorEquals\": [\"E\"], \"JitterStrategy\": \"NONE\"}"), "1", script);
        assertThat(script.sleeps).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void eachRetrierCountsItsOwnAttempts() {
        script.fails("s", "E", "")
                .fails("s", "F", "")
                .fails("s", "E", "")
                .fails("s", "F", "")
                .then("s", "1");
        Machines.output(retry("""
                {"ErrorEquals": ["E"], "MaxAttempts": 2}, {"ErrorEquals": ["F"], "IntervalSeconds": 10, "MaxAttempts": 2}"""), "1", script);
        assertThat(script.sleeps).extracting(Duration::toSeconds).containsExactly(1L, 10L, 2L, 20L);
    }

    @Test
    void onlyTheFirstRetrierThatNamesTheErrorCounts() {
        script.fails("s", "E", "").then("s", "1");
        assertThat(Machines.failure(retry("""
                {"ErrorEquals": ["E"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}"""), "1", script).error()).isEqualTo("E");
        assertThat(script.sleeps).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "States.ALL, E, true",
        "States.ALL, States.Timeout, true",
        "States.ALL, States.DataLimitExceeded, false",
        "States.ALL, States.Runtime, false",
        "States.Runtime, States.Runtime, false",
        "States.DataLimitExceeded, States.DataLimitExceeded, true",
        "States.TaskFailed, E, true",
        "States.TaskFailed, States.Timeout, false",
        "States.TaskFailed, States.QueryEvaluationError, false",
        "States.TaskFailed, States.DataLimitExceeded, false",
        "States.Timeout, States.Timeout, true",
        "States.Timeout, States.HeartbeatTimeout, true",
        "States.Timeout, E, false",
        "E, E, true",
        "E, e, false"
    })
    void anErrorIsMatchedByItsNameOrAWildcard(String name, String error, boolean matched) {
        assertThat(new Errors(List.of("Other", name)).match(StateFailure.given(error, "")))
                .isEqualTo(matched);
    }

    @Test
    void aCatcherSeesTheErrorAndTheStateAssignsNothing() {
        script.fails("s", "E", "it broke");
        assertThat(Machines.output(task("""
                "Assign": {"x": "the state's"}, "Next": "Z",
                "Catch": [{"ErrorEquals": ["F"], "Next": "Z"},
                  {"ErrorEquals": ["States.ALL"], "Assign": {"x": "{% $states.errorOutput %}"},
                   "Output": "{% $states.input & ': ' & $states.errorOutput.Cause %}", "Next": "Z"}]"""), "'i'", script))
                .isEqualTo(Script.json("{'in': 'i: it broke', 'x': {'Error': 'E', 'Cause': 'it broke'}}"));
    }

    @Test
    void theOutputOfACatcherWithoutOneIsTheError() {
        script.fails("s", "E", "it broke");
        assertThat(Machines.output(task(LEAVE + """
                , "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}]"""), "'i'", script))
                .isEqualTo(Script.json("{'in': {'Error': 'E', 'Cause': 'it broke'}}"));
    }

    @Test
    void aTimeoutHasNoCause() {
        script.then("s", call -> {
            throw TaskFailed.timeout();
        });
        assertThat(Machines.output(task(LEAVE + """
                , "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Z"}]"""), "'i'", script))
                .isEqualTo(Script.json("{'in': {'Error': 'States.Timeout'}}"));
    }

    @Test
    void anErrorIsCaughtOnceItsRetriesAreUsedUp() {
        script.fails("s", "E", "").fails("s", "E", "the last");
        assertThat(Machines.output(task(LEAVE + """
                , "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}],
                "Catch": [{"ErrorEquals": ["E"], "Output": "{% $states.errorOutput.Cause %}", "Next": "Z"}]"""), "'i'", script)).isEqualTo(Script.json("{'in': 'the last'}"));
        assertThat(script.calls).hasSize(2);
    }

    @Test
    void aMissingFieldInTheResponseIsAnErrorOfTheTask() {
        script.then("s", "1").then("s", "{'a': 2}");
        assertThat(Machines.output(task("""
                "Assign": {"x": "{% $states.result.Payload.a %}"}, "Output": 0, "Next": "Z",
                "Retry": [{"ErrorEquals": ["States.ALL"]}]"""), "1", script)).isEqualTo(Script.json("{'in': 0, 'x': 2}"));
    }

    @Test
    void nothingIsLeftOfAResponseThatCouldNotBeRead() {
        script.then("s", "1");
        assertThat(Machines.output(task("""
                "Assign": {"x": 1}, "Output": "{% $states.result.Payload.absent %}", "Next": "Z",
                "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"],
                  "Output": "{% $exists($states.result) %}", "Next": "Z"}]"""), "1", script)).isEqualTo(Script.json("{'in': false}"));
    }

    @Test
    void argumentsThatFindNothingCallNothing() {
        assertThat(Machines.failure("""
                "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                  "Arguments": {"Payload": "{% $states.input.absent %}"}, "End": true}""", "1", script).text()).contains("'Arguments/Payload'");
        assertThat(script.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "1.5", "'a'"})
    void aTimeoutThatIsNotANumberCallsNothing(String input) {
        assertThat(Machines.failure(task("\"TimeoutSeconds\": \"{% $states.input %}\", " + LEAVE), input, script)
                        .error())
                .isEqualTo("States.QueryEvaluationError");
        assertThat(script.calls).isEmpty();
    }
}
