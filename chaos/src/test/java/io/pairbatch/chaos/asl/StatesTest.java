package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatesTest {

    @Test
    void aPassStatePassesItsInputOn() {
        assertThat(Machines.output("""
                "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}""", "{'a': [1, null, 2.5]}")).isEqualTo(Script.json("{'a': [1, null, 2.5]}"));
    }

    @Test
    void anOutputReplacesTheInput() {
        assertThat(Machines.output("""
                "A": {"Type": "Pass", "Output": {"n": "{% $states.input.a + 1 %}", "literal": ["x"]}, "End": true}""", "{'a': 1}")).isEqualTo(Script.json("{'n': 2, 'literal': ['x']}"));
    }

    @Test
    void assignmentsAndTheOutputSeeTheVariablesAsTheyWereBefore() {
        assertThat(Machines.output("""
                "A": {"Type": "Pass", "Assign": {"x": 3, "y": 6}, "Next": "B"},
                "B": {"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Output": "{% $x %}", "Next": "C"},
                "C": {"Type": "Succeed", "Output": ["{% $x %}", "{% $y %}", "{% $states.input %}"]}""", "{}")).isEqualTo(Script.json("[6, 3, 3]"));
    }

    @Test
    void aChoiceFollowsTheFirstRuleThatHolds() {
        String states = """
                "A": {"Type": "Choice", "Choices": [
                  {"Condition": "{% $states.input > 10 %}", "Next": "B"},
                  {"Condition": "{% $states.input > 5 %}", "Output": "above 5", "Next": "C"}], "Default": "D"},
                "B": {"Type": "Pass", "Output": "above 10", "End": true},
                "C": {"Type": "Succeed"},
                "D": {"Type": "Pass", "Output": "low", "End": true}""";
        assertThat(Machines.output(states, "11").stringValue()).isEqualTo("above 10");
        assertThat(Machines.output(states, "6").stringValue()).isEqualTo("above 5");
        assertThat(Machines.output(states, "5").stringValue()).isEqualTo("low");
    }

    @ParameterizedTest
    @CsvSource({"true, rule", "false, state"})
    void aChoiceAssignsItsOwnVariablesOnlyIfNoRuleHolds(String input, String by) {
        assertThat(Machines.output("""
                "A": {"Type": "Pass", "Assign": {"x": "nobody"}, "Next": "B"},
                "B": {"Type": "Choice", "Assign": {"x": "state", "y": "state"}, "Choices": [
                  {"Condition": "{% $states.input %}", "Assign": {"x": "rule"}, "Next": "C"}], "Default": "C"},
                "C": {"Type": "Succeed", "Output": ["{% $x %}", "{% $exists($y) %}"]}""", input)).isEqualTo(Script.json("['" + by + "', " + by.equals("state") + "]"));
    }

    @Test
    void aChoiceWithoutADefaultFailsIfNoRuleHolds() {
        Outcome.Failed failed = Machines.failure("""
                "A": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input %}", "Next": "B"}]},
                "B": {"Type": "Succeed"}""", "false");
        assertThat(failed.error()).isEqualTo("States.Runtime");
        assertThat(failed.text())
                .isEqualTo("An error occurred while executing the state 'A' (entered at the event id #2). Failed to "
                        + "transition out of the state. The state does not point to a next state.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "'true'", "null", "[true]"})
    void aConditionThatIsNotABooleanFails(String input) {
        Outcome.Failed failed = Machines.failure("""
                "A": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input %}", "Next": "B"}], "Default": "B"},
                "B": {"Type": "Succeed"}""", input);
        assertThat(failed.error()).isEqualTo("States.QueryEvaluationError");
        assertThat(failed.text()).contains("'Condition'", "Expected 'boolean'");
    }

    @Test
    void aWaitTakesTheSecondsOfItsExpression() {
        Script script = new Script();
        assertThat(Machines.output("""
                "A": {"Type": "Wait", "Seconds": "{% $states.input * 2 %}", "Next": "B"},
                "B": {"Type": "Wait", "Seconds": 0, "Output": "{% $states.context.State.EnteredTime %}", "End": true}""", "45", script).stringValue()).isEqualTo("2026-01-01T00:01:30.000Z");
        assertThat(script.sleeps).containsExactly(Duration.ofSeconds(90), Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "'5'", "null", "100000000"})
    void aWaitAcceptsOnlyWholeSeconds(String input) {
        assertThat(Machines.failure("""
                "A": {"Type": "Wait", "Seconds": "{% $states.input %}", "End": true}""", input).error()).isEqualTo("States.QueryEvaluationError");
    }

    @Test
    void aFailStateReturnsItsErrorAndCauseUnchanged() {
        assertThat(Machines.failure("""
                "A": {"Type": "Fail", "Error": "{% $states.input.code %}", "Cause": "{% 'was ' & $states.input.n %}"}""", "{'code': 'KEY', 'n': 2}")).isEqualTo(new Outcome.Failed("KEY", "was 2"));
    }

    @Test
    void aFailStateAcceptsOnlyAStringAsCause() {
        assertThat(Machines.failure("""
                "A": {"Type": "Fail", "Error": "E", "Cause": "{% $states.input %}"}""", "{'code': 'KEY'}").error()).isEqualTo("States.QueryEvaluationError");
    }

    @Test
    void anExpressionThatFindsNothingFailsItsState() {
        Outcome.Failed failed = Machines.failure("""
                "A": {"Type": "Pass", "Assign": {"x": ["{% $states.input.absent %}"]}, "End": true}""", "{}");
        assertThat(failed.error()).isEqualTo("States.QueryEvaluationError");
        assertThat(failed.text())
                .isEqualTo("An error occurred while executing the state 'A' (entered at the event id #2). The JSONata "
                        + "expression '$states.input.absent' specified for the field 'Assign/x[0]' returned nothing "
                        + "(undefined).");
    }

    @Test
    void nullIsAValueAndNotNothing() {
        assertThat(Machines.output("""
                "A": {"Type": "Pass", "Assign": {"x": "{% $states.input.a %}"}, "Next": "B"},
                "B": {"Type": "Succeed", "Output": ["{% $x %}", "{% $x = null %}", "{% $exists($x) %}", "{% {'k': $x} %}"]}""", "{'a': null}")).isEqualTo(Script.json("[null, true, true, {'k': null}]"));
    }

    @Test
    void anExpressionThatCannotHandleItsValuesFailsItsState() {
        Outcome.Failed failed = Machines.failure("""
                "A": {"Type": "Pass", "Output": "{% $states.input + 1 %}", "End": true}""", "'a'");
        assertThat(failed.error()).isEqualTo("States.QueryEvaluationError");
        assertThat(failed.text()).contains("'$states.input + 1'", "'Output'", "threw an error");
    }

    @Test
    void onlyAWholeStringIsAnExpression() {
        assertThat(Machines.output("""
                "A": {"Type": "Pass", "Output": ["a {% 1 %} b", "{%1+1%}"], "End": true}""", "{}")).isEqualTo(Script.json("['a {% 1 %} b', 2]"));
    }

    @Test
    void theContextNamesTheExecutionTheMachineAndTheState() {
        assertThat(Machines.output("""
                "A": {"Type": "Wait", "Seconds": 1, "Next": "B"},
                "B": {"Type": "Succeed", "Output": ["{% $states.context.Execution.Id %}",
                  "{% $states.context.Execution.Name %}", "{% $states.context.Execution.Input.i %}",
                  "{% $states.context.Execution.StartTime %}", "{% $states.context.StateMachine.Id %}",
                  "{% $states.context.State.Name %}", "{% $states.context.State.EnteredTime %}",
                  "{% $exists($states.context.Map) %}", "{% $states.context.State.RetryCount %}"]}""", "{'i': 'in'}"))
                .isEqualTo(Script.json("['arn:aws:states:eu-west-1:1:execution:small:run', 'run', 'in', "
                        + "'2026-01-01T00:00:00.000Z', 'arn:aws:states:eu-west-1:1:stateMachine:small', 'B', "
                        + "'2026-01-01T00:00:01.000Z', false, 0]"));
    }

    @Test
    void theWholeContextAndAllOfStatesCanBeRead() {
        assertThat(Machines.output("""
                "A": {"Type": "Succeed", "Output": ["{% $states %}", "{% $states.context.State %}"]}""", "1")).isEqualTo(Script.json("""
                        [{'input': 1, 'context': {
                          'Execution': {'Id': 'arn:aws:states:eu-west-1:1:execution:small:run', 'Input': 1, 'Name': 'run',
                            'StartTime': '2026-01-01T00:00:00.000Z'},
                          'StateMachine': {'Id': 'arn:aws:states:eu-west-1:1:stateMachine:small'},
                          'State': {'Name': 'A', 'EnteredTime': '2026-01-01T00:00:00.000Z', 'RetryCount': 0}}},
                         {'Name': 'A', 'EnteredTime': '2026-01-01T00:00:00.000Z', 'RetryCount': 0}]"""));
    }
}
