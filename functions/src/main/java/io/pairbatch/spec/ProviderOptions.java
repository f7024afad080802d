package io.pairbatch.spec;

import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// What a job asks of its provider besides the prompt (contract 4), as the user gave it; what is sent follows from this
/// and the model.
public interface ProviderOptions {

    /// Whether the model's thoughts are asked for.
    boolean includeThoughts();

    /// The prefix of the `custom_id` column.
    String idPrefix();

    /// The user's own metadata of each batch; empty where the provider takes none.
    default Map<String, String> metadata() {
        return Map.of();
    }

    /// Documented fields of the request body that we hand through as they are, by name.
    Map<String, JsonNode> bodyFields();

    /// `provider_options`: fields of the request body that this version does not know.
    Map<String, JsonNode> providerOptions();

    /// Writes every option as a field of the object that is open, named as in job.json; one that is not set is null.
    void write(JsonGenerator json);
}
