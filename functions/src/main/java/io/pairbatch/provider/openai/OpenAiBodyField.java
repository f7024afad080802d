package io.pairbatch.provider.openai;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A field of a request that OpenAI documents and that is handed through as the job gives it
/// (https://github.com/openai/openai-openapi, `CreateChatCompletionRequest` and `CreateResponse`, as of 2026-08-21).
/// Left out is what would change the number or the kind of answers: `n`, `stream`, tools, audio,
/// conversations.
///
/// @param code the field's name in job.json and in the request
/// @param text whether it is a text and nothing else
/// @param expected what is accepted, in words
record OpenAiBodyField(String code, boolean text, On on, String expected, Predicate<JsonNode> accepted) {

    /// In the order in which they are sent.
    private static final List<OpenAiBodyField> ALL = List.of(
            new OpenAiBodyField(
                    "max_completion_tokens", false, On.CHAT, "a whole number, 1 or more", node -> isWhole(node, 1)),
            new OpenAiBodyField("max_tokens", false, On.CHAT, "a whole number, 1 or more", node -> isWhole(node, 1)),
            new OpenAiBodyField(
                    "max_output_tokens", false, On.RESPONSES, "a whole number, 16 or more", node -> isWhole(node, 16)),
            new OpenAiBodyField("instructions", true, On.RESPONSES, "a text", JsonNode::isString),
            new OpenAiBodyField(
                    "reasoning_effort",
                    true,
                    On.CHAT,
                    "none, minimal, low, medium, high, xhigh or max",
                    oneOf("none minimal low medium high xhigh max")),
            new OpenAiBodyField("verbosity", true, On.CHAT, "low, medium or high", oneOf("low medium high")),
            new OpenAiBodyField("text", false, On.RESPONSES, "an object", JsonNode::isObject),
            new OpenAiBodyField(
                    "response_format",
                    false,
                    On.CHAT,
                    "an object with `type` text, json_object or json_schema",
                    node -> node.isObject()
                            && oneOf("text json_object json_schema").test(node.path("type"))),
            new OpenAiBodyField("stop", false, On.CHAT, "a text, or a list of 1 to 4 texts", OpenAiBodyField::isStop),
            new OpenAiBodyField(
                    "seed",
                    false,
                    On.CHAT,
                    "a whole number",
                    node -> node.isIntegralNumber() && node.canConvertToLong()),
            new OpenAiBodyField(
                    "frequency_penalty", false, On.CHAT, "a number from -2 to 2", node -> isBetween(node, -2, 2)),
            new OpenAiBodyField(
                    "presence_penalty", false, On.CHAT, "a number from -2 to 2", node -> isBetween(node, -2, 2)),
            new OpenAiBodyField(
                    "logit_bias",
                    false,
                    On.CHAT,
                    "an object of whole numbers from -100 to 100",
                    OpenAiBodyField::isBias),
            new OpenAiBodyField(
                    "top_logprobs",
                    false,
                    On.BOTH,
                    "a whole number from 0 to 20",
                    node -> isWhole(node, 0) && node.intValue() <= 20),
            new OpenAiBodyField(
                    "include", false, On.RESPONSES, "a list of texts", node -> isListOfTexts(node, Integer.MAX_VALUE)),
            new OpenAiBodyField("truncation", true, On.RESPONSES, "auto or disabled", oneOf("auto disabled")),
            new OpenAiBodyField(
                    "service_tier",
                    true,
                    On.BOTH,
                    "auto, default, flex, scale, priority or fast",
                    oneOf("auto default flex scale priority fast")),
            new OpenAiBodyField("store", false, On.BOTH, "true or false", JsonNode::isBoolean),
            new OpenAiBodyField("user", true, On.BOTH, "a text", JsonNode::isString),
            new OpenAiBodyField(
                    "safety_identifier",
                    true,
                    On.BOTH,
                    "a text of 64 characters at most",
                    node -> node.isString() && node.stringValue().length() <= 64),
            new OpenAiBodyField("prompt_cache_key", true, On.BOTH, "a text", JsonNode::isString),
            new OpenAiBodyField("prompt_cache_retention", true, On.BOTH, "in_memory or 24h", oneOf("in_memory 24h")),
            new OpenAiBodyField("prompt_cache_options", false, On.BOTH, "an object", JsonNode::isObject));

    /// The endpoints that take a field.
    enum On {
        CHAT,
        RESPONSES,
        BOTH
    }

    static List<OpenAiBodyField> all() {
        return ALL;
    }

    /// The field with this name.
    static Optional<OpenAiBodyField> of(String code) {
        return ALL.stream().filter(f -> f.code.equals(code)).findFirst();
    }

    /// Whether requests to `/v1/responses` may hold it (true), or those to `/v1/chat/completions` (false).
    boolean isFieldOf(boolean responses) {
        return on == On.BOTH || (on == On.RESPONSES) == responses;
    }

    static Set<String> texts() {
        return codes(field -> field.text);
    }

    static Set<String> others() {
        return codes(field -> !field.text);
    }

    private static Set<String> codes(Predicate<OpenAiBodyField> which) {
        return ALL.stream().filter(which).map(OpenAiBodyField::code).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isWhole(JsonNode node, int min) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= min;
    }

    private static boolean isBetween(JsonNode node, int min, int max) {
        return node.isNumber()
                && node.asString().length() <= 40
                && node.decimalValue().compareTo(BigDecimal.valueOf(min)) >= 0
                && node.decimalValue().compareTo(BigDecimal.valueOf(max)) <= 0;
    }

    private static Predicate<JsonNode> oneOf(String words) {
        List<String> values = List.of(words.split(" ", -1));
        return node -> node.isString() && values.contains(node.stringValue());
    }

    private static boolean isStop(JsonNode node) {
        return node.isString() || isListOfTexts(node, 4);
    }

    private static boolean isListOfTexts(JsonNode node, int most) {
        return node.isArray()
                && !node.isEmpty()
                && node.size() <= most
                && node.values().stream().allMatch(JsonNode::isString);
    }

    private static boolean isBias(JsonNode node) {
        return node.isObject()
                && node.values().stream().allMatch(bias -> bias.isIntegralNumber() && isBetween(bias, -100, 100));
    }
}
