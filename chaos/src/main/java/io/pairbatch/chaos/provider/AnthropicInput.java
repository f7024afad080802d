package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Batch.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// Reads the body of a create as Anthropic does: IDs at once, params later, request by request.
final class AnthropicInput {

    private static final int MOST_REQUESTS = 100_000;
    private static final Set<String> FIELDS = Set.of(
            "model",
            "max_tokens",
            "messages",
            "system",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "metadata",
            "thinking",
            "output_config",
            "service_tier",
            "cache_control",
            "tools",
            "tool_choice",
            "context_management",
            "inference_geo",
            "mcp_servers",
            "container");
    /// Fields that this version of the API, and later ones, do not accept.
    private static final Set<String> REMOVED = Set.of("temperature", "top_p", "top_k");

    private static final String REMOVED_SINCE = "2026-10-21";

    private final byte[] body;
    private final String version;
    private final Predicate<String> served;
    private final int most;
    private final List<Item> items = new ArrayList<>();
    private final Set<String> customIds = new HashSet<>();

    private AnthropicInput(byte[] body, String version, Predicate<String> served, int most) {
        this.body = body;
        this.version = version;
        this.served = served;
        this.most = Math.min(most, MOST_REQUESTS);
    }

    /// The requests.
    ///
    /// @param most the maximum number of requests
    /// @throws Refusal if the batch is refused
    static List<Item> read(byte[] body, String version, Predicate<String> served, int most) {
        AnthropicInput input = new AnthropicInput(body, version, served, most);
        try (JsonParser json = Json.MAPPER.createParser(body)) {
            input.read(json);
        } catch (JacksonException e) {
            throw AnthropicErrors.invalid("The request body is not valid JSON");
        }
        return input.items;
    }

    private void read(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw AnthropicErrors.invalid("Input should be a valid dictionary");
        }
        boolean seen = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            if (!name.equals("requests")) {
                throw AnthropicErrors.invalid(name + ": Extra inputs are not permitted");
            }
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw AnthropicErrors.invalid("requests: Input should be a valid list");
            }
            seen = true;
            requests(json);
        }
        if (!seen) {
            throw AnthropicErrors.invalid("requests: Field required");
        }
        if (json.nextToken() != null) {
            throw AnthropicErrors.invalid("The request body is not valid JSON");
        }
        if (items.isEmpty() || items.size() > most) {
            throw AnthropicErrors.invalid(
                    "requests: List should have 1 to " + most + " items after validation, not " + items.size());
        }
    }

    private void requests(JsonParser json) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            int from = (int) json.currentTokenLocation().getByteOffset();
            json.skipChildren();
            int to = (int) json.currentLocation().getByteOffset();
            String at = "requests." + items.size() + ".";
            JsonNode request = Json.read(body, from, to);
            if (request == null || !request.isObject()) {
                throw AnthropicErrors.invalid(at + ": Input should be a valid dictionary");
            }
            for (String name : request.propertyNames()) {
                if (!name.equals("custom_id") && !name.equals("params")) {
                    throw AnthropicErrors.invalid(at + name + ": Extra inputs are not permitted");
                }
            }
            String customId = Json.text(request, "custom_id");
            checkId(at + "custom_id", customId);
            JsonNode params = request.path("params");
            if (!params.isObject()) {
                throw AnthropicErrors.invalid(at + "params: Field required");
            }
            items.add(item(customId, Dice.digest(body, from, to), params, version, served));
        }
    }

    private void checkId(String at, String id) {
        if (id.isEmpty() || id.length() > 64) {
            throw AnthropicErrors.invalid(at + ": String should have 1 to 64 characters");
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean legal =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            if (!legal) {
                throw AnthropicErrors.invalid(at + ": String should match pattern '^[a-zA-Z0-9_-]{1,64}$'");
            }
        }
        if (!customIds.add(id)) {
            throw AnthropicErrors.invalid(
                    "requests: custom_id's must be unique within a batch. Duplicate custom_id found: " + id);
        }
    }

    /// A request with these params.
    static Item item(String customId, long digest, JsonNode params, String version, Predicate<String> served) {
        StringBuilder prompt = new StringBuilder();
        OpenAiInput.collect(params.path("system"), prompt);
        OpenAiInput.collect(params.path("messages"), prompt);
        return new Item(
                customId, digest, Json.text(params, "model"), prompt.toString(), problem(params, version, served));
    }

    private static @Nullable Problem problem(JsonNode params, String version, Predicate<String> served) {
        String model = Json.text(params, "model");
        if (model.isEmpty()) {
            return invalid("model: Field required");
        }
        if (!served.test(model)) {
            return new Problem("not_found_error", "model: " + model, null, 0);
        }
        for (String name : params.propertyNames()) {
            if (!FIELDS.contains(name)) {
                return invalid(name + ": Extra inputs are not permitted");
            }
            if (REMOVED.contains(name) && version.compareTo(REMOVED_SINCE) >= 0) {
                return invalid(name + ": is not supported in version " + version);
            }
        }
        JsonNode maxTokens = params.path("max_tokens");
        if (!maxTokens.isIntegralNumber() || maxTokens.intValue() < 1) {
            return invalid("max_tokens: Input should be greater than or equal to 1");
        }
        JsonNode messages = params.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            return invalid("messages: at least one message is required");
        }
        if (!Json.text(messages.path(0), "role").equals("user")) {
            return invalid("messages: first message must use the \"user\" role");
        }
        JsonNode content = messages.path(0).path("content");
        boolean empty =
                content.isEmpty() && Json.text(messages.path(0), "content").isEmpty();
        return empty ? invalid("messages.0: user messages must have non-empty content") : null;
    }

    private static Problem invalid(String message) {
        return new Problem("invalid_request_error", message, null, 0);
    }
}
