package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {

    private static final String NOTHING = "nothing";

    /// What a variable or a field of a response may be, and what it should never be.
    private static final List<String> POOL = List.of(
            NOTHING,
            "null",
            "true",
            "false",
            "0",
            "1",
            "7",
            "12001",
            "1.5",
            "''",
            "'stop'",
            "'quiet'",
            "'collect'",
            "'2026-01-01T00:00:00.000Z'",
            "[]",
            "['s0']",
            "['s0', 's1']",
            "[{'outcome': 'stop', 'failure': {'code': 'A'}}]",
            "[{'outcome': 'collected', 'failure': null}, {'outcome': 'stop', 'failure': {'code': 'B'}}, "
                    + "{'outcome': 'stop', 'failure': null}]",
            "[[1, 2], 'x']",
            "{}",
            "{'job_id': 'a-1', 'epoch': 2, 'Error': 'Lambda.Unknown', 'Cause': {'deep': [1, 2.5]}, "
                    + "'code': 'C', 'message': 'm', 'Payload': {'outcome': 'go', 'to_collect': ['s0']}}",
            "{'Payload': {'to_collect': [], 'failure': null, 'job': {'epoch': 1}}, 'Error': "
                    + "'io.pairbatch.job.RetryableException', 'Cause': '" + "é😀".repeat(1001) + "'}");

    /// The values of all others in the meantime.
    private static final List<String> OTHERS = List.of(NOTHING, "7", POOL.getLast());

    static Set<String> ofTheWorkflow() {
        Set<String> found = new LinkedHashSet<>();
        Pattern.compile("\\{%(.*?)%}")
                .matcher(Workflow.text())
                .results()
                .forEach(m -> found.add(m.group(1).strip()));
        assertThat(found).hasSizeGreaterThan(40);
        return found;
    }

    @ParameterizedTest
    @MethodSource("ofTheWorkflow")
    void everyExpressionOfTheWorkflowIsEvaluatedAsByTheLibrary(String text) {
        Set<String> variables = Expressions.variables(text, "test");
        Expression direct =
                new DirectExpression(Objects.requireNonNull(ExpressionParser.parse(text), "not known to the parser"));
        Expression library = new LibraryExpression(text, variables);
        List<String> names = new ArrayList<>(variables);
        names.remove(Bindings.STATES);
        names.addAll(List.of("states.input", "states.result", "states.errorOutput"));
        for (String name : names) {
            for (String value : POOL) {
                for (String others : OTHERS) {
                    Map<String, String> values = new LinkedHashMap<>();
                    names.forEach(other -> values.put(other, others));
                    values.put(name, value);
                    assertThat(outcome(direct, bindings(values)))
                            .as("%s with %s", text, values)
                            .isEqualTo(outcome(library, bindings(values)));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 + 2 * 3 - 4 / 2 % 3",
                "(1 + 2) * 3",
                "-1 + 0.5",
                "1 = 1.0 and 'a' != \"b\" or false",
                "2 in [1, 2]",
                "[1, [2, 3], $list]",
                "[[1], $list][0]",
                "$list[-1]",
                "$list[1].a",
                "$list.a",
                "$list.b.c",
                "$list[a = 1]",
                "$list[a = 1 or a = 2].a",
                "$list[b.c in [5, 6]][0].b.c",
                "$list[9]",
                "{'a': $list.a, 'none': $list.none}",
                "$count($list.none) + $count('x') + $count($list)",
                "true ? 1",
                "false ? 1",
                "$list ? 'some' : 'none'",
                "$min([3, 1.5, 2]) & $power(2, 0.5)",
                "$substring('abc', 1) & $substring('abc', 1, 1) & $substring('abc', 5)",
                "'a' & 1 & true & null & 2.5 & $list[0] & $list.none",
                "'b' > 'a' and 2 >= 2 and 1.5 < 2 and not_there = 1",
                "$toMillis('2026-01-01T00:00:00.5Z')",
                "$boolean([0, '', null])",
                "$sum($list.a)",
                "$map($list, function($v) {$v.a})"
            })
    void expressionsInGeneralAreEvaluatedAsByTheLibrary(String text) {
        Bindings bindings =
                bindings(Map.of("list", "[{'a': 1, 'b': {'c': 5}}, {'a': 2}, {'a': [3], 'b': [{'c': 6}, {}]}]"));
        Set<String> variables = Set.of("list");
        Node node = ExpressionParser.parse(text);
        Expression used = node == null ? new LibraryExpression(text, variables) : new DirectExpression(node);
        assertThat(outcome(used, bindings)).isEqualTo(outcome(new LibraryExpression(text, variables), bindings));
    }

    @Test
    void theLibraryKeepsNothingBetweenEvaluations() throws ExpressionFailed {
        Expression expression = new LibraryExpression("$keys($a)", Set.of("a"));
        assertThat(expression.evaluate(bindings(Map.of("a", "{'k': 1, 'l': null}"))))
                .isEqualTo(List.of("k", "l"));
        assertThat(expression.evaluate(bindings(Map.of()))).isNull();
    }

    @Test
    void theLibraryDoesNotModifyItsInput() throws ExpressionFailed {
        Bindings bindings = bindings(Map.of("a", "[{'k': null}]"));
        assertThat(new LibraryExpression("$a", Set.of("a")).evaluate(bindings)).isEqualTo(value("[{'k': null}]"));
        assertThat(bindings.variable("a")).isEqualTo(value("[{'k': null}]"));
    }

    @Test
    void functionsOfTheLibraryCanBeUsed() {
        assertThat(Machines.output("""
                "A": {"Type": "Succeed", "Output": "{% $uppercase($join($states.input.x, '-')) %}"}""", "{'x': ['a', 'b']}")).isEqualTo(Script.json("'A-B'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$eval('1')",
                "$now()",
                "$millis ()",
                "$random()",
                "$uuid()",
                "$nothing()",
                "$parse('1')",
                "$",
                "$$.x",
                "($x := 1; $x)"
            })
    void whatStepFunctionsForbidsOrIsNotSupportedHereIsRefused(String text) {
        assertThatThrownBy(() -> Expressions.read(text, "Output"))
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("Output");
    }

    @Test
    void invalidJsonataIsRefused() {
        assertThatThrownBy(() -> Expressions.read("1 +", "Output")).isInstanceOf(DefinitionException.class);
    }

    @Test
    void namesInsideOfStringsAreNotVariables() {
        assertThat(Expressions.variables("$a & '$b()' & \"$c\" & $states.input.`$d` & $string($e)", "Output"))
                .containsExactly("a", "states", "e");
    }

    private static String outcome(Expression expression, Bindings bindings) {
        try {
            Object value = expression.evaluate(bindings);
            return value == null ? NOTHING : Values.node(value).toString();
        } catch (ExpressionFailed e) {
            return "failure";
        }
    }

    private static Bindings bindings(Map<String, String> values) {
        Scope scope = new Scope(null);
        values.forEach((name, value) -> {
            if (!value.equals(NOTHING)) {
                scope.assign(Map.of(name, value(value)));
            }
        });
        String given = values.getOrDefault("states.input", NOTHING);
        Object input = given.equals(NOTHING) ? "input" : value(given);
        Map<String, Object> execution = Map.of("Execution", Map.of("Id", "arn", "Input", input));
        Bindings bindings =
                new Bindings(scope, input, new Context(execution, "S", 1, Instant.ofEpochMilli(90_000_000), null));
        String error = values.getOrDefault("states.errorOutput", NOTHING);
        if (!error.equals(NOTHING)) {
            bindings.failed(StateFailure.given("E", error));
        }
        String result = values.getOrDefault("states.result", NOTHING);
        if (!result.equals(NOTHING)) {
            bindings.answered(value(result));
        }
        return bindings;
    }

    private static Object value(String json) {
        return Values.of(Script.json(json));
    }
}
