package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TraceTest {

    private static final String STATES = """
            "A": {"Type": "Pass", "Assign": {"n": 1}, "Next": "B"},
            "B": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": {}, "Assign": {"n": 2},
              "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}],
              "Catch": [{"ErrorEquals": ["F"], "Assign": {"n": 3}, "Next": "Z"}], "Next": "B2"},
            "B2": {"Type": "Choice", "Choices": [{"Condition": true, "Next": "B"}]},
            "Z": {"Type": "Succeed"}""";

    private final List<String> told = new ArrayList<>();

    private final Trace trace = new Trace() {
        @Override
        public void entered(Execution execution, String state) {
            told.add(state + " " + execution.variables());
        }

        @Override
        public void answered(Execution execution, String state, JsonNode result) {
            told.add(state + " answered " + result);
        }

        @Override
        public void failed(Execution execution, String state, String error, @Nullable String text) {
            told.add(state + " failed " + error + " " + text);
        }

        @Override
        public void retrying(Execution execution, String state, Duration pause) {
            told.add(state + " again in " + pause);
        }

        @Override
        public void caught(Execution execution, String state, String error, String next) {
            told.add(state + " caught " + error + " to " + next);
        }
    };

    @Test
    void aTraceReceivesAllEventsAndMayReadTheVariables() {
        Script script = new Script()
                .fails("publish", "E", "e")
                .then("publish", call -> Script.json("7"))
                .then("publish", call -> {
                    throw TaskFailed.timeout();
                });
        Execution execution = new Execution(
                Machines.of(STATES.replace("\"F\"", "\"States.Timeout\"")),
                Machines.ID,
                Script.json("{}"),
                script,
                trace);
        execution.run();
        assertThat(told)
                .containsExactly(
                        "A {}",
                        "B {\"n\":1}",
                        "B failed E e",
                        "B again in PT1S",
                        "B answered 7",
                        "B2 {\"n\":2}",
                        "B {\"n\":2}",
                        "B failed States.Timeout null",
                        "B caught States.Timeout to Z",
                        "Z {\"n\":3}");
    }

    @Test
    void anExecutionRunsOnce() {
        Execution execution = Machines.execution("\"A\": {\"Type\": \"Succeed\"}", "1", new Script());
        execution.run();
        assertThatThrownBy(execution::run).isInstanceOf(IllegalStateException.class);
    }
}
