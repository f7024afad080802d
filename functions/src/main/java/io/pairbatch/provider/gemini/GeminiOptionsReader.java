package io.pairbatch.provider.gemini;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.spec.OptionsReader;
import io.pairbatch.spec.ProviderOptions;
import io.pairbatch.spec.SpecFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Contract 4.3, and further fields of a request as https://ai.google.dev/api/generate-content documents them
/// (2026-11-22), in snake_case.
enum GeminiOptionsReader implements OptionsReader {
    INSTANCE;

    private static final Set<String> LEVELS = Set.of("minimal", "low", "medium", "high");
    private static final Set<String> RESERVED = Set.of("model", "contents", "key");

    private static final Set<String> MIME_TYPES = Set.of("text/plain", "application/json", "text/x.enum");
    private static final Set<String> THRESHOLDS = Set.of(
            "BLOCK_LOW_AND_ABOVE",
            "BLOCK_MEDIUM_AND_ABOVE",
            "BLOCK_ONLY_HIGH",
            "BLOCK_NONE",
            "OFF",
            "HARM_BLOCK_THRESHOLD_UNSPECIFIED");
    private static final int MOST_STOPS = 5;
    private static final int MOST_LOGPROBS = 20;
    private static final int MAX_INSTRUCTION = 100_000;

    @Override
    public Set<String> texts() {
        return Set.of("thinking_level", "custom_id_prefix", "api_version", "response_mime_type", "system_instruction");
    }

    @Override
    public Set<String> others() {
        return Set.of(
                "thinking_budget",
                "include_thoughts",
                "temperature",
                "top_p",
                "top_k",
                "max_output_tokens",
                "candidate_count",
                "stop_sequences",
                "seed",
                "presence_penalty",
                "frequency_penalty",
                "response_schema",
                "response_json_schema",
                "response_logprobs",
                "logprobs",
                "safety_settings",
                "provider_options");
    }

    @Override
    public ProviderOptions read(SpecFields fields) {
        String level = fields.text("thinking_level");
        boolean known = level == null
                || fields.accepted(
                                "thinking_level",
                                node -> LEVELS.contains(node.stringValue()),
                                "minimal, low, medium or high")
                        != null;
        String version = fields.text("api_version", "v1beta");
        if (!version.matches("v\\d[a-z0-9]{0,15}")) {
            fields.invalid("api_version", fields.find("api_version"), "a version such as v1beta");
        }
        return new GeminiOptions(
                known ? level : null,
                whole(fields, "thinking_budget", -1),
                fields.flag("include_thoughts", false),
                fields.decimal("temperature", 0, 2),
                fields.decimal("top_p", 0, 1),
                whole(fields, "top_k", 1),
                whole(fields, "max_output_tokens", 1),
                fields.text("custom_id_prefix", "GEM"),
                version,
                bodyFields(fields),
                OptionsReader.providerOptions(fields, RESERVED));
    }

    private static @Nullable Integer whole(SpecFields fields, String name, int min) {
        return fields.find(name) == null ? null : Integer.valueOf(fields.whole(name, min, min, Integer.MAX_VALUE));
    }

    private static Map<String, JsonNode> bodyFields(SpecFields fields) {
        Map<String, JsonNode> body = new LinkedHashMap<>();
        Predicate<JsonNode> one = node -> node.isIntegralNumber() && node.canConvertToInt() && node.intValue() == 1;
        take(fields, body, "candidate_count", one, "1: one answer of each request is read");
        take(
                fields,
                body,
                "stop_sequences",
                node -> isTexts(node) && !node.isEmpty() && node.size() <= MOST_STOPS,
                "a list of 1 to " + MOST_STOPS + " texts");
        take(
                fields,
                body,
                "seed",
                node -> node.isIntegralNumber() && node.canConvertToInt(),
                "a whole number of 32 bits");
        for (String penalty : List.of("presence_penalty", "frequency_penalty")) {
            JsonNode node = fields.find(penalty);
            if (node != null && fields.decimal(penalty, -2, 2) != null) {
                body.put(penalty, node);
            }
        }
        formatFields(fields, body);
        logprobs(fields, body);
        take(
                fields,
                body,
                "safety_settings",
                GeminiOptionsReader::isSafety,
                "a list of objects such as {\"category\": \"HARM_CATEGORY_HARASSMENT\", \"threshold\": \"BLOCK_NONE\"}");
        take(
                fields,
                body,
                "system_instruction",
                GeminiOptionsReader::isInstruction,
                "a text, or an object whose `parts` are objects with a `text`");
        return body;
    }

    private static void formatFields(SpecFields fields, Map<String, JsonNode> body) {
        take(
                fields,
                body,
                "response_mime_type",
                node -> node.isString() && MIME_TYPES.contains(node.stringValue()),
                "text/plain, application/json or text/x.enum");
        take(fields, body, "response_schema", JsonNode::isObject, "an object: a schema");
        take(fields, body, "response_json_schema", JsonNode::isObject, "an object: a JSON schema");
        JsonNode type = body.get("response_mime_type");
        boolean plain = type == null || type.stringValue().equals("text/plain");
        for (String schema : List.of("response_schema", "response_json_schema")) {
            if (body.containsKey(schema) && plain) {
                fields.problem(
                        ErrorCode.SPEC_CONFLICT,
                        schema,
                        "a schema of plain text",
                        "`response_mime_type` application/json or text/x.enum beside it");
            }
        }
        if (body.containsKey("response_schema") && body.containsKey("response_json_schema")) {
            fields.problem(
                    ErrorCode.SPEC_CONFLICT, "response_json_schema", "`response_schema` beside it", "one of the two");
        }
    }

    private static void logprobs(SpecFields fields, Map<String, JsonNode> body) {
        take(fields, body, "response_logprobs", JsonNode::isBoolean, "true or false");
        take(
                fields,
                body,
                "logprobs",
                node -> node.isIntegralNumber()
                        && node.canConvertToInt()
                        && node.intValue() >= 0
                        && node.intValue() <= MOST_LOGPROBS,
                "a whole number from 0 to " + MOST_LOGPROBS);
        JsonNode asked = body.get("response_logprobs");
        if (body.containsKey("logprobs") && (asked == null || !asked.booleanValue())) {
            fields.problem(
                    ErrorCode.SPEC_CONFLICT,
                    "logprobs",
                    "a number without `response_logprobs`",
                    "`response_logprobs` true beside it");
        }
    }

    private static void take(
            SpecFields fields, Map<String, JsonNode> body, String name, Predicate<JsonNode> fits, String expected) {
        JsonNode node = fields.accepted(name, fits, expected);
        if (node != null) {
            body.put(name, node);
        }
    }

    private static boolean isTexts(JsonNode node) {
        return node.isArray() && node.valueStream().allMatch(JsonNode::isString);
    }

    private static boolean isSafety(JsonNode node) {
        return node.isArray()
                && !node.isEmpty()
                && node.valueStream()
                        .allMatch(setting -> setting.size() == 2
                                && setting.path("category").asString("").matches("HARM_CATEGORY_[A-Z_]+")
                                && THRESHOLDS.contains(setting.path("threshold").asString("")));
    }

    private static boolean isInstruction(JsonNode node) {
        if (node.isString()) {
            return !node.stringValue().isBlank() && node.stringValue().length() <= MAX_INSTRUCTION;
        }
        JsonNode parts = node.path("parts");
        return parts.isArray()
                && !parts.isEmpty()
                && parts.valueStream().allMatch(part -> part.path("text").isString());
    }
}
