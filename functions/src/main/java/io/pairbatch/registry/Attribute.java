package io.pairbatch.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;

/// An attribute of the registry's items: its name in the table and its type. A missing value is null.
///
/// @param <V> text, number, flag, time (ISO 8601 in the table), enum constant (its name), or a list
record Attribute<V>(String name, EnhancedType<V> type) {

    static Attribute<String> text(String name) {
        return new Attribute<>(name, EnhancedType.of(String.class));
    }

    static Attribute<Long> number(String name) {
        return new Attribute<>(name, EnhancedType.of(Long.class));
    }

    static Attribute<Integer> count(String name) {
        return new Attribute<>(name, EnhancedType.of(Integer.class));
    }

    static Attribute<Boolean> flag(String name) {
        return new Attribute<>(name, EnhancedType.of(Boolean.class));
    }

    static Attribute<Instant> time(String name) {
        return new Attribute<>(name, EnhancedType.of(Instant.class));
    }

    static <E extends Enum<E>> Attribute<E> constant(String name, Class<E> type) {
        return new Attribute<>(name, EnhancedType.of(type));
    }

    static Attribute<List<String>> texts(String name) {
        return new Attribute<>(name, EnhancedType.listOf(String.class));
    }

    static Attribute<List<Integer>> counts(String name) {
        return new Attribute<>(name, EnhancedType.listOf(Integer.class));
    }

    boolean isConstant() {
        return type.rawClass().isEnum();
    }

    /// The constant with this name; null if this version has none.
    @Nullable
    V constant(String constant) {
        for (V known : type.rawClass().getEnumConstants()) {
            if (((Enum<?>) known).name().equals(constant)) {
                return known;
            }
        }
        return null;
    }

    /// Sets the attribute; null removes it.
    Change to(@Nullable V value) {
        return value == null ? removed() : new Change.Set<>(this, value);
    }

    /// Sets the attribute if there is a value; otherwise leaves it unchanged.
    Change ifKnown(@Nullable V value) {
        return value == null ? Change.NONE : new Change.Set<>(this, value);
    }

    /// Sets the attribute if the item has none; the first value is kept.
    Change first(V value) {
        return new Change.First<>(this, value);
    }

    /// Adds one; an item without the attribute counts as 0.
    Change oneMore() {
        return new Change.OneMore(this);
    }

    /// Nothing for 0.
    static Change plus(Attribute<Long> number, long delta) {
        return delta == 0 ? Change.NONE : new Change.Added(number, delta);
    }

    Change removed() {
        return new Change.Removed(this);
    }

    Condition is(V value) {
        return new Condition.Compared<>(this, "=", value);
    }

    Condition isNot(V value) {
        return new Condition.Compared<>(this, "<>", value);
    }

    Condition below(V value) {
        return new Condition.Compared<>(this, "<", value);
    }

    Condition atMost(V value) {
        return new Condition.Compared<>(this, "<=", value);
    }

    Condition above(V value) {
        return new Condition.Compared<>(this, ">", value);
    }

    Condition atLeast(V value) {
        return new Condition.Compared<>(this, ">=", value);
    }

    Condition isEither(V one, V other) {
        return new Condition.OneOf<>(this, List.of(one, other));
    }

    Condition beginsWith(V prefix) {
        return new Condition.BeginsWith<>(this, prefix);
    }

    Condition exists() {
        return new Condition.Exists(this, true);
    }

    Condition isMissing() {
        return new Condition.Exists(this, false);
    }
}
