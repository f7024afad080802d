package io.pairbatch.provider.gemini;

import io.pairbatch.spec.OptionJson;
import io.pairbatch.spec.ProviderOptions;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// The options of a Gemini job as the user gave them (contract 4.3); null means not set.
///
/// @param thinkingLevel `minimal`, `low`, `medium` or `high`
/// @param thinkingBudget tokens for thinking
/// @param idPrefix `custom_id_prefix`, default `GEM`
/// @param apiVersion the first part of every path, default `v1beta`
public record GeminiOptions(
        @Nullable String thinkingLevel,
        @Nullable Integer thinkingBudget,
        boolean includeThoughts,
        boolean includeRaw,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Integer topK,
        @Nullable Integer maxOutputTokens,
        String idPrefix,
        String apiVersion,
        Map<String, JsonNode> bodyFields,
        Map<String, JsonNode> providerOptions)
        implements ProviderOptions {

    @Override
    public void write(JsonGenerator json) {
        json.writeStringProperty("thinking_level", thinkingLevel);
        OptionJson.whole(json, "thinking_budget", thinkingBudget);
        json.writeBooleanProperty("include_thoughts", includeThoughts);
        OptionJson.unlessFalse(json, "include_raw", includeRaw);
        json.writeNumberProperty("temperature", temperature);
        json.writeNumberProperty("top_p", topP);
        OptionJson.whole(json, "top_k", topK);
        OptionJson.whole(json, "max_output_tokens", maxOutputTokens);
        json.writeStringProperty("custom_id_prefix", idPrefix);
        json.writeStringProperty("api_version", apiVersion);
        OptionJson.bodyFields(json, this);
    }
}
