package io.pairbatch.chaos.asl;

import com.dashjoin.jsonata.JException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the expressions between `{%` and `%}`.
final class Expressions {

    /// The functions that JSONata has and Step Functions keeps, without those that return something else each time. The
    /// functions that Step Functions adds (`$partition`, `$range`, `$hash`, `$uuid`, `$parse`) are not used here; it
    /// forbids `$eval`.
    private static final Set<String> FUNCTIONS = Set.of(
            "abs",
            "append",
            "average",
            "base64decode",
            "base64encode",
            "boolean",
            "ceil",
            "contains",
            "count",
            "distinct",
            "each",
            "error",
            "exists",
            "filter",
            "floor",
            "formatBase",
            "formatInteger",
            "formatNumber",
            "fromMillis",
            "join",
            "keys",
            "length",
            "lookup",
            "lowercase",
            "map",
            "match",
            "max",
            "merge",
            "min",
            "not",
            "number",
            "pad",
            "parseInteger",
            "power",
            "reduce",
            "replace",
            "reverse",
            "round",
            "sift",
            "single",
            "sort",
            "split",
            "spread",
            "sqrt",
            "string",
            "substring",
            "substringAfter",
            "substringBefore",
            "sum",
            "toMillis",
            "trim",
            "type",
            "uppercase",
            "zip");

    /// A literal or a quoted name, which is skipped; or a variable, which may be called as a function or bound here.
    private static final Pattern NAMES =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|\\$(\\w*)\\s*(\\(|:=)?");

    private Expressions() {}

    /// @param field the expression's location, for messages
    static Expression read(String text, String field) {
        Set<String> variables = variables(text, field);
        try {
            Expression library = new LibraryExpression(text, variables);
            Node node = ExpressionParser.parse(text);
            return node == null ? library : new DirectExpression(node);
        } catch (JException | IllegalArgumentException e) {
            throw new DefinitionException(field, "not a JSONata expression: " + text + ": " + e.getMessage(), e);
        }
    }

    /// The variables that an expression reads, without the sign.
    static Set<String> variables(String text, String field) {
        Set<String> variables = new LinkedHashSet<>();
        Matcher names = NAMES.matcher(text);
        while (names.find()) {
            String name = names.group(1);
            if (name == null) {
                continue;
            }
            if (name.isEmpty()) {
                throw new DefinitionException(field, "$ and $$ are not variables of a state: " + text);
            }
            String after = names.group(2);
            if (after == null) {
                if (FUNCTIONS.contains(name)) {
                    throw new DefinitionException(field, "a variable that is called as a function is: $" + name);
                }
                variables.add(name);
            } else if (after.equals(":=")) {
                throw new DefinitionException(field, "variables of an expression's own are not used here: " + text);
            } else if (!FUNCTIONS.contains(name)) {
                throw new DefinitionException(field, "no function that is used here: $" + name);
            }
        }
        return variables;
    }
}
