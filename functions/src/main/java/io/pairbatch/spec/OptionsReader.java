package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads one provider's options from the fields of a job, whether written by a user or frozen ([SpecFields#isFrozen]).
public interface OptionsReader {

    /// The names of its options that are strings.
    Set<String> texts();

    /// The names of its other options.
    Set<String> others();

    /// Those of its options that stand in a call's path or header, and so in no request's line.
    default Set<String> ofCalls() {
        return Set.of();
    }

    /// Those that say what is kept of an answer, or go with a batch: another value asks for no other answer.
    Set<String> ofResults();

    /// The options; problems are recorded in `fields`.
    ProviderOptions read(SpecFields fields);

    /// `provider_options`, whose members may be any JSON except the fields that we write ourselves.
    ///
    /// @param reserved members that determine what is asked, of which model, and with which ID
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
