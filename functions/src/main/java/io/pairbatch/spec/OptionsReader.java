package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads one provider's options from the fields of a job, of one that a user wrote as of one that was frozen
/// ([SpecFields#isFrozen]).
public interface OptionsReader {

    /// The names of its options that are texts.
    Set<String> texts();

    /// The names of its other options.
    Set<String> others();

    /// The options; what is wrong with them is noted in `fields`.
    ProviderOptions read(SpecFields fields);

    /// `provider_options`, whose members may be any JSON but those that we write ourselves.
    ///
    /// @param reserved members that decide what is asked, of which model, and by which id
    static Map<String, JsonNode> providerOptions(SpecFields fields, Set<String> reserved) {
        JsonNode node = fields.find("provider_options");
        Map<String, JsonNode> options = new LinkedHashMap<>();
        if (node == null) {
            return options;
        }
        if (!node.isObject()) {
            fields.invalid("provider_options", node, "an object: fields of the request body");
            return options;
        }
        node.properties().forEach(entry -> {
            if (reserved.contains(entry.getKey()) && !fields.isFrozen()) {
                fields.problem(
                        ErrorCode.SPEC_CONFLICT,
                        "provider_options",
                        "`" + entry.getKey() + "`",
                        "other fields of the request: this one is written by Pairbatch");
            } else {
                options.put(entry.getKey(), entry.getValue());
            }
        });
        return options;
    }
}
