package io.pairbatch.chaos.asl;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Each state of the real workflow alone, in this interpreter.
class StateCasesTest {

    /// The names of functions and topic are left as they stand.
    private static final StateMachine REAL = StateMachine.parse(
            Workflow.text(),
            Workflow.SUBSTITUTED.keySet().stream()
                    .collect(toMap(name -> name, name -> name.equals("Partition") ? "aws" : "${" + name + "}")));

    static List<StateCase> all() {
        return StateCase.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theStateGoesWhereTheCaseSays(StateCase one) {
        StateRun.Seen seen = StateRun.of(one, REAL, way -> {});
        assertThat(seen.way()).isEqualTo(one.way());
        assertThat(seen.assigns()).isEqualTo(one.assigns());
        assertThat(seen.output()).isEqualTo(one.leaves() ? one.output() : null);
        if (one.arguments() != null) {
            assertThat(seen.arguments()).isEqualTo(one.arguments());
        }
    }

    @Test
    void everyWayOutOfEveryStateHasACase() {
        Set<String> open = new TreeSet<>();
        ways(StateCase.definition(), open);
        int all = open.size();
        for (StateCase one : StateCase.all()) {
            StateRun.of(one, REAL, way -> open.removeAll(List.of(one.state() + " " + way, named(one, way))));
        }
        System.out.println("Ways out of the workflow's states: " + all + ", without a case: " + open);
        assertThat(open).as("ways that no case in statemachine/cases goes").isEmpty();
        assertThat(all).isGreaterThan(90);
    }

    @Test
    void theArgumentsOfEveryCallAreInACase() {
        List<String> calls = new ArrayList<>();
        states(StateCase.definition()).forEach(state -> {
            if (state.node().has("Arguments") || state.node().has("Items")) {
                calls.add(state.name());
            }
        });
        assertThat(StateCase.all())
                .filteredOn(one -> one.arguments() != null)
                .extracting(StateCase::state)
                .containsAll(calls);
    }

    private static String named(StateCase one, String way) {
        JsonNode error = one.error();
        return one.state() + " " + way
                + (error == null ? "" : " " + error.required("Error").stringValue());
    }

    private record Named(String name, JsonNode node) {}

    private static List<Named> states(JsonNode level) {
        List<Named> states = new ArrayList<>();
        level.required("States").properties().forEach(each -> {
            states.add(new Named(each.getKey(), each.getValue()));
            if (each.getValue().has("ItemProcessor")) {
                states.addAll(states(each.getValue().required("ItemProcessor")));
            }
        });
        return states;
    }

    /// Every way out of the definition's states, as the interpreter names them; a retrier once for each error that it
    /// names. One with no attempts cannot be gone, only be exhausted.
    private static void ways(JsonNode definition, Set<String> ways) {
        for (Named state : states(definition)) {
            String prefix = state.name() + " ";
            JsonNode node = state.node();
            if (node.has("Choices")) {
                ways.add(prefix + "Default");
            } else {
                ways.add(prefix + (node.has("Next") ? "Next" : "End"));
            }
            for (int i = 0; i < node.path("Choices").size(); i++) {
                ways.add(prefix + "Choices[" + i + "]");
            }
            for (int i = 0; i < node.path("Catch").size(); i++) {
                ways.add(prefix + "Catch[" + i + "]");
            }
            for (int i = 0; i < node.path("Retry").size(); i++) {
                JsonNode retrier = node.required("Retry").get(i);
                String retry = prefix + "Retry[" + i + "]";
                ways.add(retry + " exhausted");
                if (retrier.path("MaxAttempts").asInt(1) > 0) {
                    StreamSupport.stream(retrier.required("ErrorEquals").spliterator(), false)
                            .map(name -> name.stringValue().equals(StateFailure.ALL) ? "" : " " + name.stringValue())
                            .forEach(name -> ways.add(retry + name));
                }
            }
        }
    }
}
