package io.pairbatch.provider.openai;

import io.pairbatch.spec.OptionJson;
import io.pairbatch.spec.ProviderOptions;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// The options of an OpenAI job as the user gave them (contract 4.1); null means not set. What is sent follows from
/// these and the model's family.
///
/// @param endpoint `chat.completions` or `responses`
/// @param idPrefix `request_id_prefix`, default `EXP`
/// @param bodyFields by [OpenAiBodyField], in the order in which they are sent
/// @param metadata the user's own metadata of the batch; sixteen entries at most less the ones we need
public record OpenAiOptions(
        @Nullable String endpoint,
        boolean includeThoughts,
        boolean includeRaw,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Boolean logprobs,
        @Nullable String reasoning,
        String idPrefix,
        Map<String, String> metadata,
        Map<String, JsonNode> bodyFields,
        Map<String, JsonNode> providerOptions)
        implements ProviderOptions {

    @Override
    public void write(JsonGenerator json) {
        json.writeStringProperty("endpoint", endpoint);
        json.writeBooleanProperty("include_thoughts", includeThoughts);
        json.writeBooleanProperty("include_raw", includeRaw);
        json.writeNumberProperty("temperature", temperature);
        json.writeNumberProperty("top_p", topP);
        OptionJson.flag(json, "logprobs", logprobs);
        json.writeStringProperty("reasoning", reasoning);
        json.writeStringProperty("request_id_prefix", idPrefix);
        json.writeObjectPropertyStart("metadata");
        metadata.forEach(json::writeStringProperty);
        json.writeEndObject();
        OptionJson.bodyFields(json, this);
    }
}
