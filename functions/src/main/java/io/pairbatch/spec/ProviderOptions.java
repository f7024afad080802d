package io.pairbatch.spec;

import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// What a job requests from its provider besides the prompt (contract 4), as the user set it; what is sent depends on
/// this and the model.
public interface ProviderOptions {

    /// Whether the model's thoughts are requested.
    boolean includeThoughts();

    /// Whether the results repeat the provider's lines.
    boolean includeRaw();

    /// The prefix of the `custom_id` column.
    String idPrefix();

    /// The user's own metadata for each batch; empty if the provider does not support any.
    default Map<String, String> metadata() {
        return Map.of();
    }

    /// Documented fields of the request body that we pass through unchanged, by name.
    Map<String, JsonNode> bodyFields();

    /// `provider_options`: fields of the request body that this version does not know.
    Map<String, JsonNode> providerOptions();

    /// Writes every option as a field of the current object, named as in job.json; an option that is not set is null.
    void write(JsonGenerator json);
}
