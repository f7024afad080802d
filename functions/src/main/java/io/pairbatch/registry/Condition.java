package io.pairbatch.registry;

import java.util.List;

/// What must hold of an item, or of the lack of one, for a write to happen, or for a query to tell it.
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
