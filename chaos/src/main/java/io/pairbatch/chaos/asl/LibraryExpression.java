package io.pairbatch.chaos.asl;

import com.dashjoin.jsonata.Jsonata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An expression evaluated by the JSONata library.
///
/// The library returns Java's null both for JSON's null and for nothing, and writes its nulls into its input. So it
/// evaluates an object with one field, which is missing if there is nothing, and gets copies. It also keeps the
/// variables of one evaluation for the next (0.9.9), so it parses the text again each time. That is slow, and only done
/// for what [ExpressionParser] does not support.
final class LibraryExpression implements Expression {

    private static final String FIELD = "value";

    private final String inAnObject;
    private final Set<String> variables;

    /// @param variables what the expression reads, without the sign
    LibraryExpression(String text, Set<String> variables) {
        this.variables = variables;
        Jsonata alone = Jsonata.jsonata(text);
        if (alone.getErrors() != null) {
            throw new IllegalArgumentException(alone.getErrors().toString());
        }
        inAnObject = "{'" + FIELD + "': (" + text + "\n)}";
    }

    @Override
    public @Nullable Object evaluate(Bindings bindings) throws ExpressionFailed {
        Jsonata jsonata = Jsonata.jsonata(inAnObject);
        Jsonata.Frame frame = jsonata.createFrame();
        for (String name : variables) {
            Object value = bindings.variable(name);
            if (value != null) {
                frame.bind(name, copy(value));
            }
        }
        Map<?, ?> answer;
        try {
            answer = (Map<?, ?>) jsonata.evaluate(null, frame);
        } catch (RuntimeException e) {
            // Anything that the library throws; some of its type errors are Java's own.
            throw new ExpressionFailed(String.valueOf(e.getMessage()), e);
        }
        return answer.containsKey(FIELD) ? plain(answer.get(FIELD)) : null;
    }

    private static Object copy(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
            map.forEach((key, field) -> copy.put(key, copy(field)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(item -> copy.add(copy(item)));
            return copy;
        }
        return value;
    }

    private static Object plain(@Nullable Object value) throws ExpressionFailed {
        if (value == null) {
            return Values.NULL;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = LinkedHashMap.newLinkedHashMap(map.size());
            for (Map.Entry<?, ?> field : map.entrySet()) {
                plain.put((String) field.getKey(), plain(field.getValue()));
            }
            return plain;
        }
        if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>(list.size());
            for (Object item : list) {
                plain.add(plain(item));
            }
            return plain;
        }
        if (value instanceof Number number) {
            return Values.number(number);
        }
        if (value instanceof String || value instanceof Boolean || value.equals(Values.NULL)) {
            return value;
        }
        throw new ExpressionFailed("a function is not a value");
    }
}
