package io.pairbatch.chaos.provider;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What OpenAI accepts as the body of a create.
final class OpenAiCreate {

    private static final Set<String> MEMBERS =
            Set.of("input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after");
    private static final Set<String> ENDPOINTS = Set.of(OpenAiInput.CHAT, OpenAiInput.RESPONSES);

    private OpenAiCreate() {}

    /// The validated body of a create.
    static JsonNode body(Inbound request) {
        JsonNode body = json(request);
        check(body);
        return body;
    }

    /// A JSON body.
    static JsonNode json(Inbound request) {
        if (!request.isOfType("application/json")) {
            throw OpenAiErrors.invalid(
                    "Unsupported content type: '" + request.header("content-type")
                            + "'. This API method only accepts 'application/json' requests.",
                    null,
                    "unsupported_content_type");
        }
        JsonNode body = request.object();
        if (body == null) {
            throw OpenAiErrors.invalid("We could not parse the JSON body of your request.", null, null);
        }
        return body;
    }

    private static void check(JsonNode body) {
        for (String member : body.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw OpenAiErrors.unknownParameter(member);
            }
        }
        for (String member : List.of("input_file_id", "endpoint", "completion_window")) {
            if (Json.text(body, member).isEmpty()) {
                throw OpenAiErrors.missing(member);
            }
        }
        if (!ENDPOINTS.contains(Json.text(body, "endpoint"))) {
            throw OpenAiErrors.invalidValue("endpoint", Json.text(body, "endpoint"));
        }
        if (!Json.text(body, "completion_window").equals("24h")) {
            throw OpenAiErrors.invalidValue("completion_window", Json.text(body, "completion_window"));
        }
    }

    /// The metadata; null if there is none.
    static @Nullable Map<String, String> metadata(JsonNode metadata) {
        if (metadata.isMissingNode() || metadata.isNull()) {
            return null;
        }
        if (!metadata.isObject()) {
            throw OpenAiErrors.invalid("Invalid type for 'metadata': expected an object.", "metadata", "invalid_type");
        }
        if (metadata.size() > 16) {
            throw OpenAiErrors.invalid(
                    "Invalid 'metadata': too many properties.", "metadata", "object_above_max_properties");
        }
        Map<String, String> entries = new TreeMap<>();
        metadata.properties().forEach(entry -> {
            String name = "metadata." + entry.getKey();
            if (!entry.getValue().isString()) {
                throw OpenAiErrors.invalid("Invalid type for '" + name + "': expected a string.", name, "invalid_type");
            }
            String value = entry.getValue().stringValue();
            if (entry.getKey().length() > 64 || value.length() > 512) {
                throw OpenAiErrors.invalid("Invalid '" + name + "': string too long.", name, "string_above_max_length");
            }
            entries.put(entry.getKey(), value);
        });
        return entries;
    }
}
