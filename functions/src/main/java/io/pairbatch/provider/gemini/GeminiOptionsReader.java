package io.pairbatch.provider.gemini;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.spec.BodyField;
import io.pairbatch.spec.OptionsReader;
import io.pairbatch.spec.ProviderOptions;
import io.pairbatch.spec.SpecFields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Contract 4.3, and further fields of a request as https://ai.google.dev/api/generate-content documents them
/// (2026-11-22), in snake_case.
enum GeminiOptionsReader implements OptionsReader {
    INSTANCE;

    private static final Set<String> LEVELS = Set.of("minimal", "low", "medium", "high");
    private static final Set<String> RESERVED = Set.of("model", "contents", "key");

    private static final Set<String> THRESHOLDS = Set.of(
            "BLOCK_LOW_AND_ABOVE",
            "BLOCK_MEDIUM_AND_ABOVE",
            "BLOCK_ONLY_HIGH",
            "BLOCK_NONE",
            "OFF",
            "HARM_BLOCK_THRESHOLD_UNSPECIFIED");
    private static final int MOST_STOPS = 5;
    private static final int MAX_INSTRUCTION = 100_000;

    /// In the order in which they are sent.
    private static final List<BodyField> BODY_FIELDS = List.of(
            BodyField.of(
                    "candidate_count",
                    "1: one answer of each request is read",
                    node -> node.isIntegralNumber() && node.canConvertToInt() && node.intValue() == 1),
            BodyField.of(
                    "stop_sequences",
                    "a list of 1 to " + MOST_STOPS + " texts",
                    node -> !node.isEmpty() && BodyField.isListOf(node, MOST_STOPS, JsonNode::isString)),
            BodyField.of(
                    "seed", "a whole number of 32 bits", node -> node.isIntegralNumber() && node.canConvertToInt()),
            BodyField.number("presence_penalty", -2, 2),
            BodyField.number("frequency_penalty", -2, 2),
            BodyField.oneOf("response_mime_type", "text/plain", "application/json", "text/x.enum"),
            BodyField.of("response_schema", "an object: a schema", JsonNode::isObject),
            BodyField.of("response_json_schema", "an object: a JSON schema", JsonNode::isObject),
            BodyField.flag("response_logprobs"),
            BodyField.whole("logprobs", 0, 20),
            BodyField.of(
                    "safety_settings",
                    "a list of objects such as {\"category\": \"HARM_CATEGORY_HARASSMENT\","
                            + " \"threshold\": \"BLOCK_NONE\"}",
                    GeminiOptionsReader::isSafety),
            BodyField.text(
                    "system_instruction",
                    "a text, or an object whose `parts` are objects with a `text`",
                    GeminiOptionsReader::isInstruction));

    @Override
    public Set<String> texts() {
        return BodyField.names(BODY_FIELDS, true, "thinking_level", "custom_id_prefix", "api_version");
    }

    @Override
    public Set<String> others() {
        return BodyField.names(
                BODY_FIELDS,
                false,
                "thinking_budget",
                "include_thoughts",
                "include_raw",
                "temperature",
                "top_p",
                "top_k",
                "max_output_tokens",
                "provider_options");
    }

    @Override
    public Set<String> ofCalls() {
        return Set.of("api_version");
    }

    @Override
    public Set<String> ofResults() {
        return Set.of("include_thoughts", "include_raw", "custom_id_prefix");
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
                fields.whole("thinking_budget", -1, Integer.MAX_VALUE),
                fields.flag("include_thoughts", false),
                fields.flag("include_raw", false),
                fields.decimal("temperature", 0, 2),
                fields.decimal("top_p", 0, 1),
                fields.whole("top_k", 1, Integer.MAX_VALUE),
                fields.whole("max_output_tokens", 1, Integer.MAX_VALUE),
                fields.text("custom_id_prefix", "GEM"),
                version,
                bodyFields(fields),
                OptionsReader.providerOptions(fields, RESERVED));
    }

    private static Map<String, JsonNode> bodyFields(SpecFields fields) {
        Map<String, JsonNode> body = BodyField.read(BODY_FIELDS, fields);
        checkSchemas(fields, body);
        JsonNode asked = body.get("response_logprobs");
        if (body.containsKey("logprobs") && (asked == null || !asked.booleanValue())) {
            fields.problem(
                    ErrorCode.SPEC_CONFLICT,
                    "logprobs",
                    "a number without `response_logprobs`",
                    "`response_logprobs` true beside it");
        }
        return body;
    }

    private static void checkSchemas(SpecFields fields, Map<String, JsonNode> body) {
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
