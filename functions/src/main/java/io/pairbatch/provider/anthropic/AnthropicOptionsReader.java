package io.pairbatch.provider.anthropic;

import static io.pairbatch.spec.BodyField.isFilledText;
import static io.pairbatch.spec.BodyField.isListOf;
import static io.pairbatch.spec.BodyField.isOneOf;

import io.pairbatch.spec.BodyField;
import io.pairbatch.spec.OptionsReader;
import io.pairbatch.spec.ProviderOptions;
import io.pairbatch.spec.SpecFields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Contract 4.2, and the further fields of a request that the Messages API documents
/// (https://platform.claude.com/docs/en/api/messages/create, as of 2026-11-22).
enum AnthropicOptionsReader implements OptionsReader {
    INSTANCE;

    private static final Set<String> RESERVED = Set.of("model", "messages", "custom_id", "stream");

    /// In the order in which they are sent.
    private static final List<BodyField> BODY_FIELDS = List.of(
            BodyField.whole("top_k", 0, Integer.MAX_VALUE),
            BodyField.of(
                    "stop_sequences",
                    "a list of texts, none of them blank",
                    node -> isListOf(node, Integer.MAX_VALUE, BodyField::isFilledText)),
            BodyField.text(
                    "system",
                    "a text, or a list of text blocks",
                    node -> isFilledText(node)
                            || (!node.isEmpty()
                                    && isListOf(node, Integer.MAX_VALUE, AnthropicOptionsReader::isTextBlock))),
            BodyField.of("metadata", "an object with `user_id`, a text", AnthropicOptionsReader::isMetadata),
            BodyField.oneOf("service_tier", "auto", "standard_only"),
            BodyField.object("output_config"),
            BodyField.text("inference_geo", "the name of a region, such as `us`", BodyField::isFilledText),
            BodyField.of(
                    "cache_control",
                    "an object with `type` `ephemeral`",
                    node -> node.isObject() && isOneOf(node.path("type"), "ephemeral")));

    @Override
    public Set<String> texts() {
        return BodyField.names(BODY_FIELDS, true, "reasoning", "custom_id_prefix", "anthropic_version");
    }

    @Override
    public Set<String> others() {
        return BodyField.names(
                BODY_FIELDS,
                false,
                "include_thoughts",
                "include_raw",
                "temperature",
                "top_p",
                "max_tokens",
                "thinking_budget_tokens",
                "provider_options");
    }

    @Override
    public Set<String> ofCalls() {
        return Set.of("anthropic_version");
    }

    @Override
    public Set<String> ofResults() {
        return Set.of("include_thoughts", "include_raw", "custom_id_prefix");
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
                fields.flag("include_raw", false),
                fields.decimal("temperature", 0, 1),
                fields.decimal("top_p", 0, 1),
                tokens(fields, "max_tokens"),
                tokens(fields, "thinking_budget_tokens"),
                version,
                fields.text("custom_id_prefix", "ANTH"),
                BodyField.read(BODY_FIELDS, fields),
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

    private static boolean isTextBlock(JsonNode node) {
        return node.isObject() && isOneOf(node.path("type"), "text") && isFilledText(node.path("text"));
    }

    private static boolean isMetadata(JsonNode node) {
        return node.isObject()
                && node.propertyNames().stream().allMatch("user_id"::equals)
                && (node.isEmpty() || node.path("user_id").isString());
    }
}
