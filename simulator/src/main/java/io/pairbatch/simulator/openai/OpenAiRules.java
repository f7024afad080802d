package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the provider accepts in a request body, by endpoint and by model family: `openai-rules.json`, a dated table.
final class OpenAiRules {

    static final String CHAT = "/v1/chat/completions";
    static final String RESPONSES = "/v1/responses";

    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant", "tool", "function");

    /// A family of models.
    ///
    /// @param sampling when temperature, top_p and logprobs are accepted: `always`, `never`, or `without_effort`
    /// @param efforts the accepted reasoning efforts, none for a model that does not reason
    record Family(Pattern match, String sampling, List<String> efforts, String defaultEffort) {

        boolean reasons() {
            return !efforts.isEmpty();
        }
    }

    private final JsonNode table;
    private final List<Family> families = new ArrayList<>();
    private final Map<String, String> snapshots = new TreeMap<>();

    OpenAiRules() {
        try (InputStream in = OpenAiRules.class.getResourceAsStream("openai-rules.json")) {
            if (in == null) {
                throw new IllegalStateException("openai-rules.json is not on the class path");
            }
            table = Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String variant = Json.text(table, "variant", "");
        for (JsonNode family : table.path("models")) {
            families.add(new Family(
                    Pattern.compile(Json.text(family, "match", "").replace("{variant}", variant)),
                    Json.text(family, "sampling", ""),
                    strings(family.path("efforts")),
                    Json.text(family, "default_effort", "none")));
        }
        table.path("snapshots")
                .properties()
                .forEach(entry -> snapshots.put(entry.getKey(), entry.getValue().stringValue()));
    }

    boolean knowsEndpoint(String endpoint) {
        return table.path("endpoints").has(endpoint);
    }

    Optional<Family> family(String model) {
        return families.stream()
                .filter(family -> family.match().matcher(model).matches())
                .findFirst();
    }

    /// The dated model name in responses.
    String snapshot(String model) {
        return snapshots.getOrDefault(model, model);
    }

    /// The model's reasoning effort; `none` if it does not reason.
    String effort(String endpoint, JsonNode body, Family family) {
        if (!family.reasons()) {
            return "none";
        }
        return Json.text(effortNode(endpoint, body), "effort", family.defaultEffort());
    }

    /// The error for an invalid body, as the service writes it into the error file; empty if the body is valid.
    Optional<OpenAiError> check(String endpoint, JsonNode body, Family family) {
        return checkFields(endpoint, body)
                .or(() -> endpoint.equals(CHAT) ? checkMessages(body.path("messages")) : checkReasoning(body))
                .or(() -> checkEffort(endpoint, body, family))
                .or(() -> checkSampling(endpoint, body, family));
    }

    private Optional<OpenAiError> checkFields(String endpoint, JsonNode body) {
        JsonNode rules = table.path("endpoints").path(endpoint);
        for (JsonNode required : rules.path("required")) {
            if (!body.has(required.stringValue())) {
                return refusal(
                        "Missing required parameter: '" + required.stringValue() + "'.",
                        required.stringValue(),
                        "missing_required_parameter");
            }
        }
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            JsonNode rule = rules.path("fields").path(field.getKey());
            if (rule.isMissingNode()) {
                return unknown(endpoint, field.getKey());
            }
            Optional<OpenAiError> wrong = checkValue(field.getKey(), field.getValue(), rule);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        if (body.path("stream").booleanValue(false)) {
            return refusal("Streaming is not supported in the Batch API.", "stream", "unsupported_value");
        }
        return Optional.empty();
    }

    private static Optional<OpenAiError> unknown(String endpoint, String name) {
        return endpoint.equals(CHAT)
                ? refusal("Unrecognized request argument supplied: " + name, null, null)
                : refusal("Unknown parameter: '" + name + "'.", name, "unknown_parameter");
    }

    private static Optional<OpenAiError> checkValue(String name, JsonNode value, JsonNode rule) {
        List<String> types = strings(rule.path("types"));
        String type = Json.typeOf(value);
        if (!types.contains(type) && !(type.equals("integer") && types.contains("number"))) {
            return wrongType(name, types, type);
        }
        if (value.isNumber()) {
            String kind = types.contains("integer") ? "integer" : "decimal";
            if (rule.has("max") && value.doubleValue() > rule.path("max").doubleValue()) {
                return outOfRange(name, kind, "above_max", "<= " + rule.path("max"), value);
            }
            if (rule.has("min") && value.doubleValue() < rule.path("min").doubleValue()) {
                return outOfRange(name, kind, "below_min", ">= " + rule.path("min"), value);
            }
        }
        return Optional.empty();
    }

    private static Optional<OpenAiError> outOfRange(String name, String kind, String how, String want, JsonNode got) {
        String words = how.equals("above_max") ? " above maximum value" : " below minimum value";
        return refusal(
                "Invalid '" + name + "': " + kind + words + ". Expected a value " + want + ", but got " + got
                        + " instead.",
                name,
                kind + "_" + how + "_value");
    }

    private static Optional<OpenAiError> checkMessages(JsonNode messages) {
        if (messages.isEmpty()) {
            return refusal(
                    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                    "messages",
                    "empty_array");
        }
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String at = "messages[" + i + "]";
            if (!message.isObject()) {
                return wrongType(at, List.of("object"), Json.typeOf(message));
            }
            if (!ROLES.contains(Json.text(message, "role", ""))) {
                return refusal(
                        "Invalid value: '" + Json.text(message, "role", "") + "'. Supported values are: "
                                + quoted(ROLES) + ".",
                        at + ".role",
                        "invalid_value");
            }
            JsonNode content = message.path("content");
            boolean mayBeNull = Json.text(message, "role", "").equals("assistant");
            if (!content.isString() && !content.isArray() && !mayBeNull) {
                return refusal(
                        "Invalid value for 'content': expected a string, got " + Json.typeOf(content) + ".",
                        at + ".content",
                        null);
            }
        }
        return Optional.empty();
    }

    private Optional<OpenAiError> checkReasoning(JsonNode body) {
        JsonNode reasoning = body.path("reasoning");
        List<String> known = strings(table.path("reasoning_fields"));
        for (String name : reasoning.propertyNames()) {
            if (!known.contains(name)) {
                return refusal(
                        "Unknown parameter: 'reasoning." + name + "'.", "reasoning." + name, "unknown_parameter");
            }
        }
        JsonNode summary = reasoning.path("summary");
        List<String> summaries = strings(table.path("summaries"));
        if (!summary.isMissingNode() && !summary.isNull() && !summaries.contains(summary.asString(""))) {
            return unsupportedValue("reasoning.summary", summary, summaries);
        }
        JsonNode input = body.path("input");
        return input.isArray() && input.isEmpty()
                ? refusal("One of \"input\" or \"prompt\" must be provided.", "input", "missing_required_parameter")
                : Optional.empty();
    }

    private static JsonNode effortNode(String endpoint, JsonNode body) {
        return endpoint.equals(CHAT)
                ? Json.object().set("effort", body.path("reasoning_effort"))
                : body.path("reasoning");
    }

    private static Optional<OpenAiError> checkEffort(String endpoint, JsonNode body, Family family) {
        String name = endpoint.equals(CHAT) ? "reasoning_effort" : "reasoning.effort";
        JsonNode effort = effortNode(endpoint, body).path("effort");
        if (effort.isMissingNode() || effort.isNull()) {
            return Optional.empty();
        }
        if (!effort.isString()) {
            return wrongType(name, List.of("string"), Json.typeOf(effort));
        }
        if (!family.reasons()) {
            return endpoint.equals(CHAT)
                    ? unknown(endpoint, name)
                    : refusal(
                            "Unsupported parameter: '" + name + "' is not supported with this model.",
                            name,
                            "unsupported_parameter");
        }
        return family.efforts().contains(effort.stringValue())
                ? Optional.empty()
                : unsupportedValue(name, effort, family.efforts());
    }

    private Optional<OpenAiError> checkSampling(String endpoint, JsonNode body, Family family) {
        if (family.reasons() && body.has("max_tokens")) {
            return refusal(
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                    "max_tokens",
                    "unsupported_parameter");
        }
        boolean reasoning = !effort(endpoint, body, family).equals("none");
        boolean refused =
                family.sampling().equals("never") || (family.sampling().equals("without_effort") && reasoning);
        if (!refused) {
            return Optional.empty();
        }
        for (String name : List.of("temperature", "top_p")) {
            JsonNode value = body.path(name);
            if (value.isNumber() && value.doubleValue() != 1) {
                return endpoint.equals(CHAT)
                        ? refusal(
                                "Unsupported value: '" + name + "' does not support " + value
                                        + " with this model. Only the default (1) value is supported.",
                                name,
                                "unsupported_value")
                        : unsupportedParameter(name);
            }
        }
        return body.path("logprobs").booleanValue(false) ? unsupportedParameter("logprobs") : Optional.empty();
    }

    private static Optional<OpenAiError> unsupportedParameter(String name) {
        return refusal(
                "Unsupported parameter: '" + name + "' is not supported with this model.",
                name,
                "unsupported_parameter");
    }

    private static Optional<OpenAiError> unsupportedValue(String name, JsonNode value, List<String> taken) {
        return refusal(
                "Unsupported value: '" + value.asString("")
                        + "' is not supported with this model. Supported values are: " + quoted(taken) + ".",
                name,
                "unsupported_value");
    }

    static Optional<OpenAiError> wrongType(String name, List<String> wanted, String got) {
        return refusal(
                "Invalid type for '" + name + "': expected one of " + String.join(" or ", wanted) + ", but got " + got
                        + " instead.",
                name,
                "invalid_type");
    }

    private static Optional<OpenAiError> refusal(String message, @Nullable String param, @Nullable String code) {
        return Optional.of(OpenAiError.invalid(message, param, code));
    }

    static String quoted(List<String> values) {
        return "'" + String.join("', '", values) + "'";
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(node -> node.asString("")).toList();
    }
}
