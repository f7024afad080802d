package io.pairbatch.provider.openai;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a request that options other than `provider_options` write: the named ones in the contract's order,
/// then those that are handed through. Numbers are as the job gave them.
final class OpenAiBody {

    /// Keeps zeros at the end of a number.
    private static final JsonNodeFactory NODES = new JsonNodeFactory();

    private OpenAiBody() {}

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
}
