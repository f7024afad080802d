package io.pairbatch.spec;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/// The value of each declared field of one job.
final class FieldValues {

    private final Map<Field<?>, Object> values = new HashMap<>();

    <T> void put(Field<T> field, T value) {
        values.put(field, value);
    }

    void read(Field<?> field, SpecFields fields) {
        values.put(field, field.read(fields));
    }

    /// Reads the fields that have no value yet, in the order of their declaration.
    void readOthers(SpecFields fields) {
        for (Field<?> field : JobFields.all()) {
            if (!values.containsKey(field)) {
                read(field, fields);
            }
        }
    }

    /// The values of a frozen job.
    static FieldValues thaw(JsonNode job) {
        FieldValues thawed = new FieldValues();
        for (Field<?> field : JobFields.all()) {
            thawed.values.put(field, field.thaw(job));
        }
        return thawed;
    }

    // A value is stored only under a field of its own type.
    @SuppressWarnings("unchecked")
    <T> T get(Field<T> field) {
        return (T) Objects.requireNonNull(values.get(field));
    }
}
