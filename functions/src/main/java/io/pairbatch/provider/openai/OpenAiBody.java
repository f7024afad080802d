package io.pairbatch.provider.openai;

import io.pairbatch.provider.http.ProviderHttp;
import io.pairbatch.store.JsonLine;
import io.pairbatch.text.Unicode;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a request besides model and prompt: the named options in the contract's order, then those that are
/// handed through, then those of `provider_options`. Numbers as the job gave them.
final class OpenAiBody {

    /// Keeps zeros at the end of a number.
    private static final JsonNodeFactory NODES = new JsonNodeFactory();

    private OpenAiBody() {}

    /// The fields that options of their own write.
    static Map<String, JsonNode> named(OpenAiOptions options, RequestShape shape) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        if (shape.responses() && shape.effort() != null) {
            ObjectNode reasoning = NODES.objectNode().put("effort", shape.effort());
            fields.put("reasoning", shape.summary() ? reasoning.put("summary", "auto") : reasoning);
        }
        if (shape.temperature() != null) {
            fields.put("temperature", NODES.numberNode(shape.temperature()));
        }
        if (shape.topP() != null) {
            fields.put("top_p", NODES.numberNode(shape.topP()));
        }
        if (shape.logprobs() != null) {
            fields.put("logprobs", NODES.booleanNode(shape.logprobs()));
        }
        fields.putAll(options.bodyFields());
        return fields;
    }

    /// Appends `,"name":value` for each field.
    static void write(JsonLine json, OpenAiOptions options, RequestShape shape) {
        Map<String, JsonNode> fields = named(options, shape);
        options.providerOptions().forEach((name, value) -> fields.merge(name, value, OpenAiBody::merged));
        fields.forEach((name, value) -> json.raw(",")
                .string(name)
                .raw(":")
                .raw(Unicode.wellFormed(ProviderHttp.JSON.writeValueAsString(value))));
    }

    /// Whether one object can take in the other, none of its members being there already.
    static boolean canMerge(JsonNode own, JsonNode other) {
        return own.isObject()
                && other.isObject()
                && other.propertyNames().stream().noneMatch(own::has);
    }

    private static JsonNode merged(JsonNode own, JsonNode other) {
        ObjectNode both = ((ObjectNode) own).deepCopy();
        both.setAll((ObjectNode) other);
        return both;
    }
}
