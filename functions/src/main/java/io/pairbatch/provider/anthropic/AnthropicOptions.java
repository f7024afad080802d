package io.pairbatch.provider.anthropic;

import io.pairbatch.spec.OptionJson;
import io.pairbatch.spec.ProviderOptions;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// The options of an Anthropic job as the user gave them (contract 4.2); null means not set.
///
/// @param reasoning `none` or `enabled`
/// @param maxTokens 1 or more
/// @param thinkingBudgetTokens tokens for thinking; which values pass depends on `maxTokens`
/// @param anthropicVersion the API version header
/// @param idPrefix `custom_id_prefix`, default `ANTH`
public record AnthropicOptions(
        @Nullable String reasoning,
        boolean includeThoughts,
        boolean includeRaw,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Integer maxTokens,
        @Nullable Integer thinkingBudgetTokens,
        String anthropicVersion,
        String idPrefix,
        Map<String, JsonNode> bodyFields,
        Map<String, JsonNode> providerOptions)
        implements ProviderOptions {

    @Override
    public void write(JsonGenerator json) {
        json.writeStringProperty("reasoning", reasoning);
        json.writeBooleanProperty("include_thoughts", includeThoughts);
        OptionJson.unlessFalse(json, "include_raw", includeRaw);
        json.writeNumberProperty("temperature", temperature);
        json.writeNumberProperty("top_p", topP);
        OptionJson.whole(json, "max_tokens", maxTokens);
        OptionJson.whole(json, "thinking_budget_tokens", thinkingBudgetTokens);
        json.writeStringProperty("anthropic_version", anthropicVersion);
        json.writeStringProperty("custom_id_prefix", idPrefix);
        OptionJson.bodyFields(json, this);
    }
}
