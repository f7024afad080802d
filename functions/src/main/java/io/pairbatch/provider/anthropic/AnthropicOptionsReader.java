package io.pairbatch.provider.anthropic;

import io.pairbatch.spec.OptionsReader;
import io.pairbatch.spec.ProviderOptions;
import io.pairbatch.spec.SpecFields;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Contract 4.2, and the further fields of a request that the Messages API documents
/// (https://platform.claude.com/docs/en/api/messages/create, as of 2026-11-22).
enum AnthropicOptionsReader implements OptionsReader {
    INSTANCE;

    private static final Set<String> RESERVED = Set.of("model", "messages", "custom_id", "stream");

    /// A field that is handed through as it is.
    ///
    /// @param expected what is accepted, in words
    private record BodyField(String name, String expected, Predicate<JsonNode> accepted) {}

    /// In the order in which they are sent.
    private static final List<BodyField> BODY_FIELDS = List.of(
            new BodyField("top_k", "a whole number, 0 or more", AnthropicOptionsReader::isCount),
            new BodyField(
                    "stop_sequences",
                    "a list of texts, none of them blank",
                    node -> isListOf(
                            node, item -> item.isString() && !item.stringValue().isBlank())),
            new BodyField(
                    "system",
                    "a text, or a list of text blocks",
                    node -> isFilledText(node)
                            || (!node.isEmpty() && isListOf(node, AnthropicOptionsReader::isTextBlock))),
            new BodyField("metadata", "an object with `user_id`, a text", AnthropicOptionsReader::isMetadata),
            new BodyField("service_tier", "auto or standard_only", node -> isOneOf(node, "auto", "standard_only")),
            new BodyField("output_config", "an object", JsonNode::isObject),
            new BodyField("inference_geo", "the name of a region, such as `us`", AnthropicOptionsReader::isFilledText),
            new BodyField(
                    "cache_control",
                    "an object with `type` `ephemeral`",
                    node -> node.isObject() && isOneOf(node.path("type"), "ephemeral")));

    @Override
    public Set<String> texts() {
        return Set.of("reasoning", "custom_id_prefix", "anthropic_version", "system", "service_tier", "inference_geo");
    }

    @Override
    public Set<String> others() {
        return Set.of(
                "include_thoughts",
                "temperature",
                "top_p",
                "max_tokens",
                "thinking_budget_tokens",
                "top_k",
                "stop_sequences",
                "metadata",
                "output_config",
                "cache_control",
                "provider_options");
    }

    @Override
    public ProviderOptions read(SpecFields fields) {
        String reasoning = fields.text("reasoning");
        if (reasoning != null && !reasoning.equals("none") && !reasoning.equals("enabled")) {
            fields.invalid("reasoning", fields.find("reasoning"), "none or enabled");
        }
        String version = fields.text("anthropic_version", "2023-06-01");
        if (!version.matches("\\d{4}-\\d{2}-\\d{2}")) {
            fields.invalid("anthropic_version", fields.find("anthropic_version"), "a version such as 2023-06-01");
        }
        return new AnthropicOptions(
                reasoning,
                fields.flag("include_thoughts", false),
                fields.decimal("temperature", 0, 1),
                fields.decimal("top_p", 0, 1),
                tokens(fields, "max_tokens"),
                tokens(fields, "thinking_budget_tokens"),
                version,
                fields.text("custom_id_prefix", "ANTH"),
                bodyFields(fields),
                OptionsReader.providerOptions(fields, RESERVED));
    }

    /// A count of tokens, a whole number however it is written: `768.0` is one too (contract 4.2).
    private static @Nullable Integer tokens(SpecFields fields, String name) {
        JsonNode node = fields.accepted(name, AnthropicOptionsReader::isTokens, "a whole number, 1 or more");
        return node == null ? null : Integer.valueOf(node.decimalValue().intValueExact());
    }

    private static boolean isTokens(JsonNode node) {
        if (!node.isNumber() || node.asString().length() > 20) {
            return false;
        }
        BigDecimal number = node.decimalValue();
        return number.compareTo(BigDecimal.ONE) >= 0
                && number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
                && number.stripTrailingZeros().scale() <= 0;
    }

    private static Map<String, JsonNode> bodyFields(SpecFields fields) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        for (BodyField field : BODY_FIELDS) {
            JsonNode node = fields.accepted(field.name, field.accepted, field.expected);
            if (node != null) {
                found.put(field.name, node);
            }
        }
        return found;
    }

    private static boolean isCount(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0;
    }

    private static boolean isFilledText(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank();
    }

    private static boolean isOneOf(JsonNode node, String... values) {
        return node.isString() && List.of(values).contains(node.stringValue());
    }

    private static boolean isListOf(JsonNode node, Predicate<JsonNode> item) {
        return node.isArray() && node.values().stream().allMatch(item);
    }

    private static boolean isTextBlock(JsonNode node) {
        return node.isObject() && isOneOf(node.path("type"), "text") && isFilledText(node.path("text"));
    }

    private static boolean isMetadata(JsonNode node) {
        return node.isObject()
                && node.propertyNames().stream().allMatch("user_id"::equals)
                && (node.isEmpty() || node.path("user_id").isString());
    }
}
