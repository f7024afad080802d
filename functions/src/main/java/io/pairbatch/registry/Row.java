package io.pairbatch.registry;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An item's values, each under its typed attribute.
final class Row {

    private final Map<String, Object> values = new HashMap<>();

    Row() {}

    <V> Row with(Attribute<V> attribute, @Nullable V value) {
        if (value == null) {
            values.remove(attribute.name());
        } else {
            values.put(attribute.name(), value);
        }
        return this;
    }

    /// The value; null if the item has none. Values have the type of their attribute.
    @SuppressWarnings("unchecked")
    <V> @Nullable V get(Attribute<V> attribute) {
        return (V) values.get(attribute.name());
    }

    <V> V get(Attribute<V> attribute, V ifMissing) {
        V value = get(attribute);
        return value == null ? ifMissing : value;
    }

    boolean has(Attribute<?> attribute) {
        return values.containsKey(attribute.name());
    }

    /// @throws IllegalStateException if the item has none
    /// @throws NewerVersionException if it may have one that this version does not know
    <V> V require(Attribute<V> attribute) {
        V value = get(attribute);
        if (value == null) {
            String where =
                    "registry item " + get(Kind.ITEM) + " of " + get(Kind.JOB_ID) + ": no `" + attribute.name() + "`";
            throw attribute.isConstant()
                    ? new NewerVersionException(where + ", or one that this version of Pairbatch does not know")
                    : new IllegalStateException(where);
        }
        return value;
    }
}
