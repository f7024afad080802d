package io.pairbatch.registry;

/// What an update does to one attribute.
sealed interface Change {

    /// Nothing.
    Change NONE = new Nothing();

    record Set<V>(Attribute<V> attribute, V value) implements Change {}

    /// Sets an attribute that is not set yet.
    record First<V>(Attribute<V> attribute, V value) implements Change {}

    record OneMore(Attribute<?> attribute) implements Change {}

    /// Adds to a number; an item without the attribute counts as 0.
    record Added(Attribute<Long> attribute, long delta) implements Change {}

    record Removed(Attribute<?> attribute) implements Change {}

    record Nothing() implements Change {}
}
