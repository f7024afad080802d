package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionTest {

    private static final String GOOD = """
            {"Comment": "c", "QueryLanguage": "JSONata", "Version": "1.0", "StartAt": "A", "States": {
              "A": {"Type": "Task", "Comment": "c", "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": "${Fn}"}, "TimeoutSeconds": 5, "Assign": {"x": 1},
                "Retry": [{"Comment": "c", "ErrorEquals": ["E"], "IntervalSeconds": 1, "MaxAttempts": 1, "BackoffRate": 1.5,
                  "MaxDelaySeconds": 9, "JitterStrategy": "NONE"}, {"ErrorEquals": ["States.ALL"]}],
                "Catch": [{"ErrorEquals": ["F"], "Output": 1, "Next": "B"}, {"ErrorEquals": ["States.ALL"], "Next": "B"}],
                "Next": "B"},
              "B": {"Type": "Choice", "Choices": [{"Condition": "{% $x = 1 %}", "Next": "C"}], "Default": "D"},
              "C": {"Type": "Map", "Items": [1], "MaxConcurrency": 2, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "I", "States": {"I": {"Type": "Wait", "Seconds": 1,
                  "Assign": {"y": "{% $x %}"}, "End": true}}}, "End": true},
              "D": {"Type": "Fail", "Error": "E", "Cause": "c"}}}""";

    private static StateMachine parse(String json) {
        return StateMachine.parse(json, Map.of("Fn", "arn of \"fn\""));
    }

    @Test
    void aDefinitionWithEverythingSupportedIsRead() {
        assertThatCode(() -> parse(GOOD)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                "QueryLanguage": "JSONata", | | has no QueryLanguage
                "JSONata" | "JSONPath" | QueryLanguage is not JSONata
                "Version": "1.0" | "Version": "2.0" | Version is not 1.0
                "Version": "1.0" | "TimeoutSeconds": 5 | unsupported field: TimeoutSeconds
                "StartAt": "A" | "StartAt": "Z" | no state is called Z
                "StartAt": "A" | "StartAt": "B" | nothing leads to A
                "StartAt": "I" | "StartAt": "A" | no state is called A
                "StartAt": "A", | | has no StartAt
                "Next": "C" | "Next": "I" | no state is called I
                "Default": "D" | "Default": "E" | no state is called E
                "I": { | "A": { | called A
                "Type": "Fail" | "Type": "Parallel" | an unsupported type: Parallel
                "Error": "E" | "Error": "E", "End": true | D: has an unsupported field: End
                "Cause": "c" | "Reason": "c" | D: has an unsupported field: Reason
                "Error": "E" | "Error": "E", "Error": "F" | not JSON
                "Default": "D" | "Default": "D", "End": true | B: has an unsupported field: End
                "Seconds": 1 | "Timestamp": "2026-01-01T00:00:00Z" | I: has no Seconds
                "End": true} | "End": true, "Next": "I"} | I: has neither or both of Next and End
                "End": true} | "End": false} | I: has neither or both of Next and End
                "End": true} | "End": 1} | I: End is not a boolean
                lambda:invoke | lambda:invoke.waitForTaskToken | an unsupported resource
                "Resource": "arn:aws:states:::lambda:invoke", | | A: has no Resource
                "TimeoutSeconds": 5 | "HeartbeatSeconds": 5 | unsupported field: HeartbeatSeconds
                "ErrorEquals": ["E"] | "ErrorEquals": [] | ErrorEquals is not a list of at least one
                "ErrorEquals": ["E"] | "ErrorEquals": [1] | ErrorEquals has an item that is not a string
                "ErrorEquals": ["E"], | | Retry[0]: has no ErrorEquals
                "ErrorEquals": ["E"] | "ErrorEquals": ["States.ALL"] | Retry[0]: States.ALL is not alone
                "ErrorEquals": ["F"] | "ErrorEquals": ["F", "States.ALL"] | Catch[0]: States.ALL is not alone
                "IntervalSeconds": 1 | "IntervalSeconds": 0 | IntervalSeconds is not an integer of at least 1
                "MaxAttempts": 1 | "MaxAttempts": -1 | MaxAttempts is not an integer of at least 0
                "MaxAttempts": 1 | "MaxAttempts": "{% 1 %}" | MaxAttempts is not an integer
                "BackoffRate": 1.5 | "BackoffRate": 0.5 | BackoffRate is not a number of at least 1
                "MaxDelaySeconds": 9 | "MaxDelaySeconds": 1 | MaxDelaySeconds is not above IntervalSeconds
                "JitterStrategy": "NONE" | "JitterStrategy": "HALF" | an unknown JitterStrategy: HALF
                "JitterStrategy": "NONE" | "Jitter": "NONE" | Retry[0]: has an unsupported field: Jitter
                "Output": 1, "Next": "B"} | "ResultPath": "$", "Next": "B"} | Catch[0]: has an unsupported field
                "Output": 1, "Next": "B"} | "Output": 1} | Catch[0]: has no Next
                "Condition": "{% $x = 1 %}", | | Choices[0]: has no Condition
                "Condition": "{% $x = 1 %}" | "Condition": "$x = 1" | Condition is not an expression
                {% $x = 1 %} | {% $x = %} | not a JSONata expression
                {% $x = 1 %} | {% $x = 1 | an expression is a whole string
                {% $x = 1 %} | {% $z = 1 %} | $z: no state assigns this variable
                {% $x = 1 %} | {% $y = 1 %} | $y: no state assigns this variable
                "y": "{% $x %}" | "x": 2 | $x: a variable of an outer level is assigned in an inner one
                "Assign": {"x": 1} | "Assign": {"x": 1, "x.y": 1} | not a variable name: x.y
                "Assign": {"x": 1} | "Assign": {"x": 1, "states": 1} | not a variable name: states
                "Mode": "INLINE" | "Mode": "DISTRIBUTED" | Mode is not INLINE
                "MaxConcurrency": 2 | "ToleratedFailureCount": 2 | unsupported field: ToleratedFailureCount
                ${Fn} | ${Function} | no value for ${Function}
                "States": { "A" | "States": [ "A" | not JSON""")
    void anInvalidDefinitionIsRefused(String found, String instead, String message) {
        String changed = GOOD.replaceAll("\\s+", " ").replace(found, instead == null ? "" : instead);
        assertThat(changed).isNotEqualTo(GOOD.replaceAll("\\s+", " "));
        assertThatThrownBy(() -> parse(changed))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aSubstitutionIsTextOfTheDefinition() {
        Script script = new Script().always("invoke", call -> Script.lambda("1"));
        new Execution(parse(GOOD), Machines.ID, Script.json("{}"), script, Trace.NONE).run();
        assertThat(script.calls.getFirst().arguments().path("FunctionName").stringValue())
                .isEqualTo("arn of \"fn\"");
    }
}
