package io.pairbatch.provider;

import io.pairbatch.provider.http.ProviderHttp;
import io.pairbatch.store.JsonLine;
import io.pairbatch.text.Unicode;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a request body that Pairbatch writes, and those of `provider_options` merged into them.
public final class MergedFields {

    private MergedFields() {}

    /// Whether one object can take in the other: both are objects, and no member is in both.
    public static boolean canMerge(JsonNode own, JsonNode other) {
        return own.isObject()
                && other.isObject()
                && other.propertyNames().stream().noneMatch(own::has);
    }

    /// Appends `,"name":value` for each.
    public static void write(JsonLine json, Map<String, JsonNode> own, Map<String, JsonNode> others) {
        Map<String, JsonNode> fields = new LinkedHashMap<>(own);
        others.forEach((name, value) -> fields.merge(name, value, MergedFields::merged));
        fields.forEach((name, value) -> json.raw(",")
                .string(name)
                .raw(":")
                .raw(Unicode.wellFormed(ProviderHttp.JSON.writeValueAsString(value))));
    }

    private static JsonNode merged(JsonNode own, JsonNode other) {
        ObjectNode both = ((ObjectNode) own).deepCopy();
        both.setAll((ObjectNode) other);
        return both;
    }
}
