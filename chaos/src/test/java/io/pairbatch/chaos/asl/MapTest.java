package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class MapTest {

    private final Script script = new Script();

    /// A Map over its input whose iterations run `processor`, starting at the state `I`.
    private static String map(String fields, String processor) {
        return """
                "A": {"Type": "Map", FIELDS "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "I",
                  "States": {PROCESSOR}}, "Next": "Z"}, "Z": {"Type": "Succeed"}""".replace("FIELDS", fields).replace("PROCESSOR", processor);
    }

    private static final String CALL = """
            "I": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Arguments": {"Payload": {"step": "{% $states.input %}"}}, "Output": "{% $states.result.Payload %}",
              "End": true}""";

    /// Services that decide themselves how iterations run.
    private abstract class Running implements Services {

        @Override
        public Instant now() {
            return script.now();
        }

        @Override
        public void sleep(Duration time) {
            script.sleep(time);
        }

        @Override
        public double random() {
            return script.random();
        }

        @Override
        public JsonNode invoke(String resource, JsonNode arguments, Duration timeout) throws TaskFailed {
            return script.invoke(resource, arguments, timeout);
        }
    }

    @Test
    void outputsAreInTheOrderOfTheItemsWhicheverEndsFirst() {
        script.then("a", "1").then("b", "2").then("c", "3");
        Services backwards = new Running() {
            @Override
            public void runAll(List<Runnable> iterations, int atMost) {
                iterations.reversed().forEach(Runnable::run);
            }
        };
        assertThat(Machines.output(map("", CALL), "['a', 'b', 'c']", backwards)).isEqualTo(Script.json("[1, 2, 3]"));
        assertThat(script.steps()).containsExactly("c", "b", "a");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 40",
        "'\"MaxConcurrency\": 0,', 40",
        "'\"MaxConcurrency\": 5,', 5",
        "'\"MaxConcurrency\": \"{% $count($states.input) %}\",', 2"
    })
    void aMapLimitsItsConcurrentIterations(String fields, int expected) {
        List<Integer> asked = new ArrayList<>();
        Services services = new Running() {
            @Override
            public void runAll(List<Runnable> iterations, int atMost) {
                asked.add(atMost);
                iterations.forEach(Runnable::run);
            }
        };
        Machines.output(map(fields, "\"I\": {\"Type\": \"Succeed\"}"), "[1, 2]", services);
        assertThat(asked).containsExactly(expected);
    }

    @Test
    void anIterationReadsTheOuterVariablesAndKeepsItsOwn() {
        assertThat(Machines.output("""
                "A": {"Type": "Pass", "Assign": {"outer": 10}, "Next": "M"},
                "M": {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {
                  "I": {"Type": "Pass", "Assign": {"own": "{% $states.input + $outer %}"}, "Next": "J"},
                  "J": {"Type": "Succeed", "Output": ["{% $own %}", "{% $outer %}"]}}}, "Next": "Z"},
                "Z": {"Type": "Succeed"}""", "[1, 2]")).isEqualTo(Script.json("[[11, 10], [12, 10]]"));
    }

    @Test
    void theContextNamesTheItem() {
        assertThat(Machines.output(map("", """
                "I": {"Type": "Pass", "Next": "J"}, "J": {"Type": "Succeed", "Output": ["{% $states.context.Map.Item.Index %}",
                  "{% $states.context.Map.Item.Value %}", "{% $states.input %}"]}"""), "['a', null]"))
                .isEqualTo(Script.json("[[0, 'a', 'a'], [1, null, null]]"));
    }

    @Test
    void aSelectorCreatesTheInputOfEachIteration() {
        assertThat(Machines.output(map("""
                "Items": "{% $states.input.items %}", "ItemSelector": {"i": "{% $states.context.Map.Item.Index %}",
                  "of": "{% $states.input.name %}"},""", "\"I\": {\"Type\": \"Succeed\"}"), "{'items': [7, 8], 'name': 'n'}"))
                .isEqualTo(Script.json("[{'i': 0, 'of': 'n'}, {'i': 1, 'of': 'n'}]"));
    }

    @Test
    void aMapOfNothingReturnsAnEmptyList() {
        assertThat(Machines.output(map("", CALL), "[]", script)).isEqualTo(Script.json("[]"));
        assertThat(script.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "{}", "'a'"})
    void itemsMustBeAList(String input) {
        Outcome.Failed failed = Machines.failure(map("", CALL), input, script);
        assertThat(failed.error()).isEqualTo("States.QueryEvaluationError");
        assertThat(failed.text()).contains("'Items'", "'array'");
    }

    @Test
    void aFailingItemFailsTheMapWithItsErrorAndTheRestIsNotStarted() {
        script.then("a", "1").fails("b", "Lambda.Unknown", "it broke");
        assertThat(Machines.failure(map("", CALL), "['a', 'b', 'c']", script))
                .isEqualTo(new Outcome.Failed("Lambda.Unknown", "it broke"));
        assertThat(script.steps()).containsExactly("a", "b");
    }

    @Test
    void theErrorOfAnItemCanBeCaughtAndRetriedByTheMap() {
        script.fails("a", "E", "1").fails("a", "E", "2");
        assertThat(Machines.output(map("""
                "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}],""", CALL), "['a']", script))
                .isEqualTo(Script.json("{'Error': 'E', 'Cause': '2'}"));
        assertThat(script.sleeps).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void theResultIsAssignedAroundTheMap() {
        script.then("a", "1");
        Execution execution =
                Machines.execution(map("\"Assign\": {\"x\": \"{% $states.result[0] %}\"},", CALL), "['a']", script);
        execution.run();
        assertThat(execution.variables()).isEqualTo(Script.json("{'x': 1}"));
    }

    @Test
    void anIterationThatContinuesAfterAnotherHasFailedEndsAtItsNextStep() {
        List<RuntimeException> left = new ArrayList<>();
        Services services = new Running() {
            // While the first iteration's call is in progress, the second one fails.
            @Override
            public void runAll(List<Runnable> iterations, int atMost) {
                script.then("a", call -> {
                            assertThatThrownBy(iterations.get(1)::run).hasMessageContaining("it broke");
                            return Script.lambda("1");
                        })
                        .fails("b", "E", "it broke");
                for (Runnable iteration : List.of(iterations.get(0), iterations.get(2))) {
                    try {
                        iteration.run();
                    } catch (RuntimeException e) {
                        left.add(e);
                    }
                }
            }
        };
        Execution execution = Machines.execution(map("", CALL), "['a', 'b', 'c']", services);
        assertThat(execution.run()).isEqualTo(new Outcome.Failed("E", "it broke"));
        assertThat(script.steps()).containsExactly("a", "b");
        assertThat(left).hasSize(2).allSatisfy(e -> assertThat(e).isInstanceOf(Iterations.Abandoned.class));
    }

    @Test
    void anIterationWithinAnIterationEndsWithTheOuterMap() {
        Services services = new Running() {
            private boolean outer = true;

            @Override
            public void runAll(List<Runnable> iterations, int atMost) {
                if (!outer) {
                    iterations.getFirst().run();
                    return;
                }
                outer = false;
                script.then("a", call -> {
                            assertThatThrownBy(iterations.get(1)::run).hasMessageContaining("it broke");
                            return Script.lambda("1");
                        })
                        .fails("b", "E", "it broke");
                assertThatThrownBy(iterations.get(0)::run).isInstanceOf(Iterations.Abandoned.class);
            }
        };
        String inner = map("", CALL)
                .replace("\"A\"", "\"I\"")
                .replace("\"Next\": \"Z\"}, \"Z\": {\"Type\": \"Succeed\"}", "\"End\": true}")
                .replace("\"StartAt\": \"I\"", "\"StartAt\": \"K\"")
                .replace("{\"I\": {\"Type\": \"Task\"", "{\"K\": {\"Type\": \"Task\"");
        assertThat(Machines.failure(map("", inner), "[['a'], ['b']]", services))
                .isEqualTo(new Outcome.Failed("E", "it broke"));
    }

    @Test
    void exceptionsOfTheServicesInAnIterationArePassedThrough() {
        script.then("a", call -> {
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> Machines.failure(
                        map("\"Catch\": [{\"ErrorEquals\": [\"States.ALL\"], \"Next\": \"Z\"}],", CALL),
                        "['a']",
                        script))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("killed");
    }

    @Test
    void anIterationThatTheServicesForgetHasNoOutput() {
        Services services = new Running() {
            @Override
            public void runAll(List<Runnable> iterations, int atMost) {}
        };
        assertThatThrownBy(() -> Machines.failure(map("", CALL), "['a']", services))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("not run");
    }
}
