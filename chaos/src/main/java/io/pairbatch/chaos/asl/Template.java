package io.pairbatch.chaos.asl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A JSON value of the definition in which strings of the form `{% … %}` are expressions: `Arguments`, `Output`, the
/// values of `Assign`, and fields such as `Seconds`.
sealed interface Template {

    /// Evaluates the template; fails if one of its expressions yields nothing.
    Object evaluate(Bindings bindings);

    /// Whether it has no expressions.
    default boolean isConstant() {
        return this instanceof Constant;
    }

    /// Reads a template.
    ///
    /// @param field its location in its state, such as `Assign/job`
    /// @param variables receives the names of those that it reads
    static Template read(JsonNode node, String field, Collection<String> variables) {
        if (node.isString()) {
            return text(node.stringValue(), field, variables);
        }
        if (node.isObject()) {
            Map<String, Template> fields = new LinkedHashMap<>();
            node.properties()
                    .forEach(e -> fields.put(e.getKey(), read(e.getValue(), field + "/" + e.getKey(), variables)));
            return fields.values().stream().allMatch(Template::isConstant)
                    ? new Constant(Values.of(node))
                    : new Fields(fields);
        }
        if (node.isArray()) {
            List<Template> items = new ArrayList<>();
            for (JsonNode item : node) {
                items.add(read(item, field + "[" + items.size() + "]", variables));
            }
            return items.stream().allMatch(Template::isConstant) ? new Constant(Values.of(node)) : new Items(items);
        }
        return new Constant(Values.of(node));
    }

    private static Template text(String text, String field, Collection<String> variables) {
        boolean begins = text.startsWith("{%");
        if (begins != text.endsWith("%}")) {
            throw new DefinitionException(field, "an expression is a whole string: " + text);
        }
        if (!begins) {
            return new Constant(text);
        }
        String expression = text.substring(2, text.length() - 2).strip();
        variables.addAll(Expressions.variables(expression, field));
        return new Evaluated(Expressions.read(expression, field), expression, field);
    }

    record Constant(Object value) implements Template {

        @Override
        public Object evaluate(Bindings bindings) {
            return value;
        }
    }

    record Evaluated(Expression expression, String text, String field) implements Template {

        @Override
        public Object evaluate(Bindings bindings) {
            @Nullable Object value;
            try {
                value = expression.evaluate(bindings);
            } catch (ExpressionFailed e) {
                throw StateFailure.query("The JSONata expression '" + text + "' specified for the field '" + field
                        + "' threw an error during evaluation. " + e.getMessage());
            }
            if (value == null) {
                throw StateFailure.query("The JSONata expression '" + text + "' specified for the field '" + field
                        + "' returned nothing (undefined).");
            }
            return value;
        }
    }

    record Fields(Map<String, Template> fields) implements Template {

        @Override
        public Object evaluate(Bindings bindings) {
            Map<String, Object> values = LinkedHashMap.newLinkedHashMap(fields.size());
            for (Map.Entry<String, Template> field : fields.entrySet()) {
                values.put(field.getKey(), field.getValue().evaluate(bindings));
            }
            return values;
        }
    }

    record Items(List<Template> items) implements Template {

        @Override
        public Object evaluate(Bindings bindings) {
            List<Object> values = new ArrayList<>(items.size());
            for (Template item : items) {
                values.add(item.evaluate(bindings));
            }
            return values;
        }
    }
}
