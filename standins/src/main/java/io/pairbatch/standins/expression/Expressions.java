package io.pairbatch.standins.expression;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Reads expressions, each only once: a program has few of them, and sends them millions of times.
public final class Expressions {

    private static final int MOST = 10_000;

    private final Map<Key, Read<?>> read = new HashMap<>();

    private record Key(Kind kind, String text, Map<String, String> names) {}

    /// A parsed expression, with the `#names` and `:values` that it uses and the attributes that its paths begin with.
    record Read<T>(T tree, Set<String> names, Set<String> values, Set<String> attributes) {}

    /// The expressions of one request are read with its placeholders.
    ///
    /// @param names the request's, empty if it has none
    /// @param values the request's, empty if it has none
    public Placeholders with(
            boolean hasNames, Map<String, String> names, boolean hasValues, Map<String, AttributeValue> values) {
        return new Placeholders(this, hasNames, names, hasValues, values);
    }

    Read<Condition> condition(Kind kind, String text, Map<String, String> names) {
        return read(kind, text, names, ConditionParser::read);
    }

    Read<Update> update(String text, Map<String, String> names) {
        return read(Kind.UPDATE, text, names, UpdateParser::read);
    }

    Read<Projection> projection(String text, Map<String, String> names) {
        return read(Kind.PROJECTION, text, names, Projection::read);
    }

    @SuppressWarnings("unchecked") // a kind is always read by the same parser
    private <T> Read<T> read(Kind kind, String text, Map<String, String> names, BiFunction<Tokens, Names, T> parser) {
        Key key = new Key(kind, text, names);
        Read<?> known = read.get(key);
        if (known == null) {
            Tokens tokens = new Tokens(kind, text);
            Names used = new Names(tokens, names);
            T tree = parser.apply(tokens, used);
            known = new Read<>(
                    tree, Set.copyOf(used.names()), Set.copyOf(used.values()), Set.copyOf(used.attributes()));
            if (read.size() >= MOST) {
                read.clear();
            }
            read.put(key, known);
        }
        return (Read<T>) known;
    }
}
