package io.pairbatch.simulator.anthropic;

import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The params that the provider accepts, by model: `anthropic-rules.json`, a dated table. A model's fields there:
/// `sampling` (only `one` of temperature and top_p, or only the `default` values), the accepted types of `thinking`,
/// the `calm` ones among them, which do not allow an effort above high, whether it `thinks` by default and `omits` its
/// thoughts by default, its `efforts`, and whether the last message may be the assistant's (`prefill`).
final class AnthropicRules {

    private static final List<String> ROLES = List.of("user", "assistant");
    private static final String THINKING_GUIDE =
            " Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking";

    private final JsonNode table;

    AnthropicRules() {
        try (InputStream in = AnthropicRules.class.getResourceAsStream("anthropic-rules.json")) {
            if (in == null) {
                throw new IllegalStateException("anthropic-rules.json is not on the class path");
            }
            table = Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The dated model name in responses.
    String snapshot(String model) {
        return Json.text(table.path("snapshots"), model, model);
    }

    private Optional<JsonNode> model(String name) {
        return table.path("models")
                .valueStream()
                .filter(model -> name.matches(Json.text(model, "match", "")))
                .findFirst();
    }

    /// Whether the model thinks before it answers. The params must be valid.
    boolean thinks(JsonNode params) {
        boolean unasked = model(Json.text(params, "model", "")).orElseThrow().has("thinks");
        return switch (Json.text(params.path("thinking"), "type", "")) {
            case "enabled", "adaptive" -> true;
            case "" -> unasked;
            default -> false;
        };
    }

    /// Whether the response shows the model's thoughts. The params must be valid.
    boolean showsThoughts(JsonNode params) {
        boolean omits = model(Json.text(params, "model", "")).orElseThrow().has("omits");
        return Json.text(params.path("thinking"), "display", omits ? "omitted" : "summarized")
                .equals("summarized");
    }

    /// Whether this API version exists.
    boolean knowsVersion(String version) {
        return table.path("versions").has(version);
    }

    /// The error for invalid params, as the service writes it into the results; empty if they are valid.
    ///
    /// @param version the API version that the batch was created with
    Optional<AnthropicError> check(JsonNode params, String version) {
        return removed(params, version).or(() -> taken(params));
    }

    private Optional<AnthropicError> removed(JsonNode params, String version) {
        return strings(table.path("versions").path(version).path("removed")).stream()
                .filter(params::has)
                .findFirst()
                .map(name -> AnthropicError.invalid(name + ": Extra inputs are not permitted"));
    }

    private Optional<AnthropicError> taken(JsonNode params) {
        return fields("", params, table.path("params"))
                .or(() -> messages(params.path("messages")))
                .or(() -> stopSequences(params.path("stop_sequences")))
                .or(() -> thinkingFields(params.path("thinking")))
                .or(() -> stream(params))
                .or(() -> byModel(params));
    }

    private static Optional<AnthropicError> fields(String at, JsonNode object, JsonNode rules) {
        for (JsonNode required : rules.path("required")) {
            if (!object.has(required.stringValue())) {
                return refusal(at + required.stringValue() + ": Field required");
            }
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode rule = rules.path("fields").path(field.getKey());
            String name = at + field.getKey();
            if (rule.isMissingNode()) {
                return refusal(name + ": Extra inputs are not permitted");
            }
            Optional<AnthropicError> wrong = value(name, field.getValue(), rule);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static Optional<AnthropicError> value(String name, JsonNode value, JsonNode rule) {
        List<String> types = strings(rule.path("types"));
        String type = Json.typeOf(value);
        if (!types.contains(type) && !(type.equals("integer") && types.contains("number"))) {
            return refusal(name + ": Input should be a valid " + typeName(types.getFirst()));
        }
        if (value.isNumber()
                && rule.has("min")
                && value.doubleValue() < rule.path("min").doubleValue()) {
            return refusal(name + ": Input should be greater than or equal to " + rule.path("min"));
        }
        if (value.isNumber()
                && rule.has("max")
                && value.doubleValue() > rule.path("max").doubleValue()) {
            return refusal(name + ": Input should be less than or equal to " + rule.path("max"));
        }
        List<String> values = strings(rule.path("values"));
        if (value.isString() && !values.isEmpty() && !values.contains(value.stringValue())) {
            return refusal(name + ": Input should be " + oneOf(values));
        }
        return value.isObject() && rule.has("fields") ? fields(name + ".", value, rule) : Optional.empty();
    }

    private static String typeName(String type) {
        return switch (type) {
            case "object" -> "dictionary";
            case "array" -> "list";
            default -> type;
        };
    }

    private static String oneOf(List<String> values) {
        String last = "'" + values.getLast() + "'";
        return values.size() == 1 ? last : quoted(values.subList(0, values.size() - 1)) + " or " + last;
    }

    private static String quoted(List<String> values) {
        return "'" + String.join("', '", values) + "'";
    }

    private Optional<AnthropicError> messages(JsonNode messages) {
        if (messages.isEmpty()) {
            return refusal("messages: at least one message is required");
        }
        return IntStream.range(0, messages.size())
                .mapToObj(i -> message("messages." + i, messages.get(i)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<AnthropicError> message(String at, JsonNode message) {
        if (!message.isObject()) {
            return refusal(at + ": Input should be a valid dictionary");
        }
        Optional<AnthropicError> wrong = fields(at + ".", message, table.path("message"));
        if (wrong.isPresent()) {
            return wrong;
        }
        String role = Json.text(message, "role", "");
        if (!ROLES.contains(role)) {
            return refusal("messages: Unexpected role \"" + role + "\". Allowed roles are \"user\" or \"assistant\".");
        }
        JsonNode content = message.path("content");
        if (content.isString() ? content.stringValue().isEmpty() : content.isEmpty()) {
            return refusal(
                    at + ": all messages must have non-empty content except for the optional final assistant message");
        }
        return IntStream.range(0, content.isArray() ? content.size() : 0)
                .mapToObj(i -> block(at + ".content." + i, content.get(i)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<AnthropicError> block(String at, JsonNode block) {
        String type = Json.text(block, "type", "");
        if (type.isEmpty()) {
            return refusal(at + ".type: Field required");
        }
        if (!type.equals("text")) {
            return Optional.empty();
        }
        JsonNode text = block.path("text");
        if (!text.isString()) {
            return refusal(
                    at + ".text.text: " + (text.isMissingNode() ? "Field required" : "Input should be a valid string"));
        }
        return text.stringValue().isBlank()
                ? refusal("messages: text content blocks must contain non-whitespace text")
                : Optional.empty();
    }

    private static Optional<AnthropicError> stopSequences(JsonNode sequences) {
        return sequences
                        .valueStream()
                        .anyMatch(one -> !one.isString() || one.stringValue().isBlank())
                ? refusal("stop_sequences: each stop sequence must contain non-whitespace")
                : Optional.empty();
    }

    private Optional<AnthropicError> thinkingFields(JsonNode thinking) {
        if (thinking.isMissingNode()) {
            return Optional.empty();
        }
        String type = Json.text(thinking, "type", "");
        JsonNode rules = table.path("thinking").path(type);
        if (rules.isMissingNode()) {
            return refusal("thinking: Input tag '" + type
                    + "' found using 'type' does not match any of the expected tags: "
                    + quoted(List.copyOf(table.path("thinking").propertyNames())));
        }
        return fields("thinking." + type + ".", thinking, rules);
    }

    private static Optional<AnthropicError> stream(JsonNode params) {
        return params.path("stream").booleanValue(false)
                ? refusal("\"stream=True\" is not supported in the Message Batches API")
                : Optional.empty();
    }

    private Optional<AnthropicError> byModel(JsonNode params) {
        String name = Json.text(params, "model", "");
        JsonNode model = model(name).orElse(null);
        if (model == null) {
            return Optional.of(AnthropicError.notFound("model: " + name));
        }
        long limit = model.path("max_tokens").longValue();
        long wanted = params.path("max_tokens").longValue(0);
        if (wanted > limit) {
            return refusal("max_tokens: " + wanted + " > " + limit
                    + ", which is the maximum allowed number of output tokens for " + snapshot(name));
        }
        return thinking(params, model).or(() -> effort(params, model)).or(() -> sampling(params, model));
    }

    private Optional<AnthropicError> thinking(JsonNode params, JsonNode model) {
        String type = Json.text(params.path("thinking"), "type", "");
        List<String> taken = strings(model.path("thinking"));
        if (!type.isEmpty() && !taken.contains(type)) {
            return refusal(
                    type.equals("adaptive")
                            ? "adaptive thinking is not supported on this model"
                            : "\"thinking.type." + type + "\" is not supported for this model. Use "
                                    + "\"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.");
        }
        if (params.path("thinking").path("budget_tokens").longValue(0)
                >= params.path("max_tokens").longValue(0)) {
            return refusal("`max_tokens` must be greater than `thinking.budget_tokens`." + THINKING_GUIDE);
        }
        String last =
                Json.text(params.path("messages").path(params.path("messages").size() - 1), "role", "");
        if (last.equals("assistant") && (!model.has("prefill") || thinks(params))) {
            return refusal("This model does not support assistant message prefill."
                    + " The conversation must end with a user message.");
        }
        return Optional.empty();
    }

    private static Optional<AnthropicError> effort(JsonNode params, JsonNode model) {
        String effort = Json.text(params.path("output_config"), "effort", "");
        List<String> efforts = strings(model.path("efforts"));
        if (effort.isEmpty()) {
            return Optional.empty();
        }
        if (efforts.isEmpty()) {
            return refusal("This model does not support the effort parameter.");
        }
        if (!efforts.contains(effort)) {
            return refusal("This model does not support effort level '" + effort + "'. Supported levels: "
                    + String.join(", ", efforts) + ".");
        }
        String type = Json.text(params.path("thinking"), "type", "");
        return strings(model.path("calm")).contains(type)
                        && List.of("xhigh", "max").contains(effort)
                ? refusal("\"thinking.type." + type + "\" is not supported with effort level '" + effort + "'.")
                : Optional.empty();
    }

    private Optional<AnthropicError> sampling(JsonNode params, JsonNode model) {
        boolean defaults = Json.text(model, "sampling", "").equals("default");
        double temperature = params.path("temperature").doubleValue(1);
        double topP = params.path("top_p").doubleValue(1);
        if (params.has("temperature") && params.has("top_p")) {
            return refusal("`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
        }
        if (defaults) {
            return Stream.of("temperature", "top_p", "top_k")
                    .filter(params::has)
                    .filter(name ->
                            name.equals("top_k") || (name.equals("temperature") ? temperature != 1 : topP < 0.99))
                    .findFirst()
                    .map(name -> AnthropicError.invalid("`" + name + "` is deprecated for this model."));
        }
        if (!thinks(params)) {
            return Optional.empty();
        }
        if (temperature != 1) {
            return refusal("`temperature` may only be set to 1 when thinking is enabled." + THINKING_GUIDE);
        }
        if (topP < 0.95) {
            return refusal("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled."
                    + THINKING_GUIDE);
        }
        return params.has("top_k")
                ? refusal("`top_k` must be unset when thinking is enabled." + THINKING_GUIDE)
                : Optional.empty();
    }

    private static Optional<AnthropicError> refusal(String message) {
        return Optional.of(AnthropicError.invalid(message));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(node -> node.asString("")).toList();
    }
}
