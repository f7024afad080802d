package io.pairbatch.spec;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// Options as JSON properties; an option that is not set is null.
public final class OptionJson {

    private OptionJson() {}

    /// A flag.
    public static void flag(JsonGenerator json, String name, @Nullable Boolean value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeBooleanProperty(name, value);
        }
    }

    /// An option that jobs did not have once: those that leave it out stay the jobs that they were.
    public static void unlessFalse(JsonGenerator json, String name, boolean value) {
        if (value) {
            json.writeBooleanProperty(name, true);
        }
    }

    /// A whole number.
    public static void whole(JsonGenerator json, String name, @Nullable Integer value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, value.intValue());
        }
    }

    /// The fields that are passed through, in addition to the options that we know; then `provider_options`.
    public static void bodyFields(JsonGenerator json, ProviderOptions options) {
        nodes(json, options.bodyFields());
        json.writeObjectPropertyStart("provider_options");
        nodes(json, options.providerOptions());
        json.writeEndObject();
    }

    private static void nodes(JsonGenerator json, Map<String, JsonNode> nodes) {
        nodes.forEach((name, value) -> {
            json.writeName(name);
            json.writePOJO(value);
        });
    }
}
