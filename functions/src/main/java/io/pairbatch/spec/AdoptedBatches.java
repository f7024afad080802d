package io.pairbatch.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The list of batches that a job takes over, in a job file and in a frozen job.
final class AdoptedBatches {

    /// As many as a job may have segments.
    static final int MOST = 20_000;

    private static final String ROWS = "rows";
    private static final String ID = "batch_id";
    private static final String EXPECTED =
            "a list of {\"rows\": 1 or more, \"batch_id\": an id of 200 characters at most"
                    + " without blanks, or null}, each id once and one of them at least";

    private AdoptedBatches() {}

    static Kind<List<AdoptedBatch>> kind() {
        return new Kind<>(
                false,
                "list of objects",
                AdoptedBatches::constrain,
                AdoptedBatches::read,
                AdoptedBatches::write,
                AdoptedBatches::thaw);
    }

    private static void constrain(ObjectNode schema) {
        schema.put("type", "array").put("maxItems", MOST);
        ObjectNode batch = schema.putObject("items").put("type", "object").put("additionalProperties", false);
        batch.putArray("required").add(ROWS);
        ObjectNode members = batch.putObject("properties");
        members.putObject(ROWS).put("type", "integer").put("minimum", 1).put("maximum", Integer.MAX_VALUE);
        ObjectNode id = members.putObject(ID).put("pattern", "^" + AdoptedBatch.ID.pattern() + "$");
        id.putArray("type").add("string").add("null");
    }

    private static @Nullable List<AdoptedBatch> read(SpecFields fields, String name) {
        JsonNode node = fields.find(name);
        if (node == null) {
            return null;
        }
        if (!isValid(node)) {
            fields.invalid(name, node, EXPECTED);
            return null;
        }
        return thaw(node);
    }

    private static boolean isValid(JsonNode list) {
        Set<String> ids = new HashSet<>();
        return list.isArray()
                && list.size() <= MOST
                && list.valueStream().allMatch(batch -> isBatch(batch, ids))
                && (list.isEmpty() || !ids.isEmpty());
    }

    private static boolean isBatch(JsonNode batch, Set<String> ids) {
        JsonNode id = batch.path(ID);
        boolean none = id.isMissingNode() || id.isNull();
        boolean known = Set.of(ROWS, ID).containsAll(batch.propertyNames());
        boolean rows = batch.path(ROWS).isInt() && batch.path(ROWS).intValue() > 0;
        return known
                && rows
                && (none || (id.isString() && AdoptedBatch.isId(id.stringValue()) && ids.add(id.stringValue())));
    }

    private static void write(JsonGenerator json, String name, List<AdoptedBatch> batches) {
        json.writeArrayPropertyStart(name);
        for (AdoptedBatch batch : batches) {
            json.writeStartObject();
            json.writeNumberProperty(ROWS, batch.rows());
            json.writeStringProperty(ID, batch.batchId());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static List<AdoptedBatch> thaw(JsonNode list) {
        List<AdoptedBatch> batches = new ArrayList<>();
        for (JsonNode batch : list) {
            JsonNode id = batch.path(ID);
            batches.add(new AdoptedBatch(batch.required(ROWS).intValue(), id.isString() ? id.stringValue() : null));
        }
        return List.copyOf(batches);
    }
}
