package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The real workflow from its first state to its last, in this interpreter.
class RunCasesTest {

    static List<RunCase> all() {
        return RunCase.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theRunGoesAsItsFileSays(RunCase one) {
        Answers answers = new Answers(one);
        Execution execution = new Execution(Workflow.read(), StateRun.ID, Workflow.INPUT, answers, answers);
        String end = switch (execution.run()) {
            case Outcome.Succeeded it -> "SUCCEEDED";
            case Outcome.Failed it -> "FAILED " + it.error() + ": " + it.text();
        };
        assertThat(answers.entered).isEqualTo(one.states());
        assertThat(end).isEqualTo(one.end());
        assertThat(execution.variables()).isEqualTo(one.variables());
    }

    @Test
    void everyWaitIsInARun() {
        List<String> waits = new ArrayList<>();
        StateCase.definition().required("States").properties().forEach(state -> {
            if (state.getValue().path("Type").asString("").equals("Wait")) {
                waits.add(state.getKey());
            }
        });
        TreeSet<String> entered = new TreeSet<>();
        RunCase.all().forEach(run -> entered.addAll(run.states()));
        assertThat(waits).isNotEmpty();
        assertThat(entered).containsAll(waits);
    }

    /// Answers each call of a state with its next answer.
    private static final class Answers implements Services, Trace {

        private final RunCase of;
        private final List<String> entered = new ArrayList<>();
        private final Map<String, Integer> calls = new HashMap<>();

        Answers(RunCase of) {
            this.of = of;
        }

        @Override
        public void entered(Execution execution, String state) {
            entered.add(state);
        }

        @Override
        public Instant now() {
            return Instant.parse("2026-01-01T00:00:00Z");
        }

        @Override
        public void sleep(Duration time) {
            // Nothing here depends on the time.
        }

        @Override
        public double random() {
            return 0;
        }

        @Override
        public JsonNode invoke(String resource, JsonNode arguments, Duration timeout) throws TaskFailed {
            String state = entered.getLast();
            JsonNode answer = of.answers().required(state).required(calls.merge(state, 1, Integer::sum) - 1);
            if (answer.has("error")) {
                JsonNode error = answer.required("error");
                throw new TaskFailed(
                        error.required("Error").stringValue(),
                        error.required("Cause").stringValue());
            }
            return answer.required("result");
        }
    }
}
