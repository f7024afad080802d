package io.pairbatch.provider.openai;

import io.pairbatch.spec.BodyField;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A field of a request that OpenAI documents and that is handed through as the job gives it
/// (https://github.com/openai/openai-openapi, `CreateChatCompletionRequest` and `CreateResponse`, as of 2026-08-21).
/// Left out is what would change the number or the kind of answers: `n`, `stream`, tools, audio,
/// conversations.
///
/// @param on the endpoints that take it
record OpenAiBodyField(On on, BodyField field) {

    /// In the order in which they are sent.
    private static final List<OpenAiBodyField> ALL = List.of(
            chat(BodyField.whole("max_completion_tokens", 1, Integer.MAX_VALUE)),
            chat(BodyField.whole("max_tokens", 1, Integer.MAX_VALUE)),
            responses(BodyField.whole("max_output_tokens", 16, Integer.MAX_VALUE)),
            responses(BodyField.text("instructions")),
            chat(BodyField.oneOf("reasoning_effort", "none", "minimal", "low", "medium", "high", "xhigh", "max")),
            chat(BodyField.oneOf("verbosity", "low", "medium", "high")),
            responses(BodyField.object("text")),
            chat(BodyField.of(
                    "response_format",
                    "an object with `type` text, json_object or json_schema",
                    node -> node.isObject()
                            && BodyField.isOneOf(node.path("type"), "text", "json_object", "json_schema"))),
            chat(BodyField.of(
                    "stop", "a text, or a list of 1 to 4 texts", node -> node.isString() || isListOfTexts(node, 4))),
            chat(BodyField.of("seed", "a whole number", node -> node.isIntegralNumber() && node.canConvertToLong())),
            chat(BodyField.number("frequency_penalty", -2, 2)),
            chat(BodyField.number("presence_penalty", -2, 2)),
            chat(BodyField.of("logit_bias", "an object of whole numbers from -100 to 100", OpenAiBodyField::isBias)),
            both(BodyField.whole("top_logprobs", 0, 20)),
            responses(BodyField.of("include", "a list of texts", node -> isListOfTexts(node, Integer.MAX_VALUE))),
            responses(BodyField.oneOf("truncation", "auto", "disabled")),
            both(BodyField.oneOf("service_tier", "auto", "default", "flex", "scale", "priority", "fast")),
            both(BodyField.flag("store")),
            both(BodyField.text("user")),
            both(BodyField.text(
                    "safety_identifier",
                    "a text of 64 characters at most",
                    node -> node.isString() && node.stringValue().length() <= 64)),
            both(BodyField.text("prompt_cache_key")),
            both(BodyField.oneOf("prompt_cache_retention", "in_memory", "24h")),
            both(BodyField.object("prompt_cache_options")));

    /// The endpoints that take a field.
    enum On {
        CHAT,
        RESPONSES,
        BOTH
    }

    private static OpenAiBodyField chat(BodyField field) {
        return new OpenAiBodyField(On.CHAT, field);
    }

    private static OpenAiBodyField responses(BodyField field) {
        return new OpenAiBodyField(On.RESPONSES, field);
    }

    private static OpenAiBodyField both(BodyField field) {
        return new OpenAiBodyField(On.BOTH, field);
    }

    static List<BodyField> all() {
        return ALL.stream().map(OpenAiBodyField::field).toList();
    }

    /// The field with this name.
    static Optional<OpenAiBodyField> of(String name) {
        return ALL.stream().filter(f -> f.field.name().equals(name)).findFirst();
    }

    /// Whether requests to `/v1/responses` may hold it (true), or those to `/v1/chat/completions` (false).
    boolean isFieldOf(boolean responses) {
        return on == On.BOTH || (on == On.RESPONSES) == responses;
    }

    private static boolean isListOfTexts(JsonNode node, int most) {
        return !node.isEmpty() && BodyField.isListOf(node, most, JsonNode::isString);
    }

    private static boolean isBias(JsonNode node) {
        return node.isObject()
                && node.values().stream()
                        .allMatch(bias -> bias.isIntegralNumber() && BodyField.isBetween(bias, -100, 100));
    }
}
