package io.pairbatch.job;

import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// What a job asks of its provider besides the prompt (contract 4), as the user gave it; what is sent follows from this
/// and the model.
public sealed interface ProviderOptions permits OpenAiOptions, AnthropicOptions, GeminiOptions {

    /// Whether the model's thoughts are asked for.
    boolean includeThoughts();

    /// The prefix of the `custom_id` column.
    String idPrefix();

    /// Documented fields of the request body that we hand through as they are, by name.
    Map<String, JsonNode> bodyFields();

    /// `provider_options`: fields of the request body that this version does not know.
    Map<String, JsonNode> providerOptions();

    /// Writes every option as a field of the object that is open, named as in job.json; one that is not set is null.
    void write(JsonGenerator json);
}
