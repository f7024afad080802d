package io.pairbatch.registry;

import java.util.List;

/// What must hold for an item, or for its absence, so that a write happens, or that a query returns it.
sealed interface Condition {

    record Compared<V>(Attribute<V> attribute, String operator, V value) implements Condition {}

    record OneOf<V>(Attribute<V> attribute, List<V> values) implements Condition {}

    record BeginsWith<V>(Attribute<V> attribute, V prefix) implements Condition {}

    record Exists(Attribute<?> attribute, boolean exists) implements Condition {}

    record All(List<Condition> conditions) implements Condition {}

    record Any(List<Condition> conditions) implements Condition {}

    default Condition and(Condition other) {
        return new All(List.of(this, other));
    }

    default Condition or(Condition other) {
        return new Any(List.of(this, other));
    }
}
