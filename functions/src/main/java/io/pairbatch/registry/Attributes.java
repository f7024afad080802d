package io.pairbatch.registry;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Reads and builds DynamoDB items.
final class Attributes {

    private final Map<String, AttributeValue> values;

    Attributes(Map<String, AttributeValue> values) {
        this.values = values;
    }

    /// A builder of an item or of an expression's values; nulls are left out.
    static Attributes empty() {
        return new Attributes(new LinkedHashMap<>());
    }

    static AttributeValue string(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    Attributes with(String name, @Nullable String value) {
        if (value != null) {
            values.put(name, string(value));
        }
        return this;
    }

    Attributes with(String name, @Nullable Instant value) {
        return with(name, value == null ? null : value.toString());
    }

    Attributes with(String name, Enum<?> value) {
        return with(name, value.name());
    }

    Attributes with(String name, long value) {
        values.put(name, number(value));
        return this;
    }

    Attributes with(String name, AttributeValue value) {
        values.put(name, value);
        return this;
    }

    Attributes with(String name, boolean value) {
        values.put(name, AttributeValue.fromBool(value));
        return this;
    }

    Map<String, AttributeValue> map() {
        return values;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    String text(String name) {
        AttributeValue value = values.get(name);
        return value == null ? null : value.s();
    }

    String required(String name) {
        String value = text(name);
        if (value == null) {
            throw new IllegalStateException("registry item without " + name);
        }
        return value;
    }

    long number(String name, long ifAbsent) {
        AttributeValue value = values.get(name);
        return value == null || value.n() == null ? ifAbsent : Long.parseLong(value.n());
    }

    List<Integer> numbers(String name) {
        AttributeValue value = values.get(name);
        return value == null || !value.hasL()
                ? List.of()
                : value.l().stream().map(n -> Integer.valueOf(n.n())).toList();
    }

    List<String> texts(String name) {
        AttributeValue value = values.get(name);
        return value == null || !value.hasL()
                ? List.of()
                : value.l().stream().map(AttributeValue::s).toList();
    }

    boolean flag(String name) {
        AttributeValue value = values.get(name);
        return value != null && Boolean.TRUE.equals(value.bool());
    }

    @Nullable
    Instant time(String name) {
        String value = text(name);
        return value == null ? null : Instant.parse(value);
    }
}
