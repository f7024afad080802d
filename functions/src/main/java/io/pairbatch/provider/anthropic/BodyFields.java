package io.pairbatch.provider.anthropic;

import io.pairbatch.provider.http.ProviderHttp;
import io.pairbatch.store.JsonLine;
import io.pairbatch.text.Unicode;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a request that are handed through: the documented ones, then those of `provider_options`.
final class BodyFields {

    private BodyFields() {}

    /// Whether one object can take in the other, none of its members being there already.
    static boolean canMerge(JsonNode own, JsonNode other) {
        return own.isObject()
                && other.isObject()
                && other.propertyNames().stream().noneMatch(own::has);
    }

    /// Appends `,"name":value` for each.
    static void write(JsonLine json, AnthropicOptions options) {
        Map<String, JsonNode> fields = new LinkedHashMap<>(options.bodyFields());
        options.providerOptions().forEach((name, value) -> fields.merge(name, value, BodyFields::merged));
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
