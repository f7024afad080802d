package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.text.Spelling;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `columns`, in a job file and in a frozen job: what the table calls the columns that we need, by our names.
final class ColumnsField {

    static final List<String> OF_PAIRS = List.of("ID1", "text1", "ID2", "text2");
    static final List<String> OF_SAMPLES = List.of("ID", "text");
    private static final List<String> NAMES =
            Stream.concat(OF_PAIRS.stream(), OF_SAMPLES.stream()).toList();

    private ColumnsField() {}

    static Kind<Map<String, String>> kind() {
        return new Kind<>(
                false, "object", ColumnsField::constrain, ColumnsField::read, ColumnsField::write, ColumnsField::of);
    }

    private static void constrain(ObjectNode schema) {
        schema.put("type", "object").put("additionalProperties", false);
        ObjectNode members = schema.putObject("properties");
        for (String name : NAMES) {
            ObjectNode member = members.putObject(name);
            member.putArray("type").add("string").add("null");
            member.put("minLength", 1);
        }
    }

    private static @Nullable Map<String, String> read(SpecFields fields, String name) {
        JsonNode node = fields.find(name);
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            fields.invalid(name, node, "an object such as {\"ID1\": \"left\", \"ID2\": \"right\"}");
            return null;
        }
        boolean refused = false;
        Map<String, String> columns = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String column = member.getKey();
            JsonNode value = member.getValue();
            if (!NAMES.contains(column)) {
                refused = true;
                fields.problem(
                        ErrorCode.SPEC_UNKNOWN_FIELD,
                        name,
                        column,
                        "the name of a column that we do not need; our name stands before the table's",
                        Spelling.nearest(column, NAMES)
                                .map(near -> "perhaps `" + name + "." + near + "`")
                                .orElse("one of " + String.join(", ", NAMES)));
            } else if (!value.isNull()
                    && (!value.isString() || value.stringValue().isEmpty())) {
                refused = true;
                fields.problem(
                        ErrorCode.SPEC_INVALID_VALUE,
                        name,
                        column,
                        SpecFields.shown(value),
                        "a text: what the table calls this column");
            } else if (value.isString() && columns.containsValue(value.stringValue())) {
                refused = true;
                fields.problem(
                        ErrorCode.SPEC_CONFLICT,
                        name,
                        column,
                        SpecFields.shown(value) + ", as for another column",
                        "a column of its own for each");
            } else if (value.isString()) {
                columns.put(column, value.stringValue());
            }
        }
        return refused ? null : sorted(columns);
    }

    private static void write(JsonGenerator json, String name, Map<String, String> columns) {
        json.writeObjectPropertyStart(name);
        columns.forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    /// What a job file or a frozen job says, as far as that can be read.
    static Map<String, String> of(JsonNode columns) {
        Map<String, String> read = new LinkedHashMap<>();
        columns.properties().forEach(member -> {
            if (member.getValue().isString()) {
                read.put(member.getKey(), member.getValue().stringValue());
            }
        });
        return sorted(read);
    }

    /// Whatever the order in the file, a job is known again by them.
    private static Map<String, String> sorted(Map<String, String> columns) {
        return Collections.unmodifiableMap(new TreeMap<>(columns));
    }
}
