package io.pairbatch.provider.gemini;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What every request of a job holds besides its contents (contract 4.3): `generationConfig` with its keys in the
/// contract's order, then the documented fields that the job sets, then `provider_options`.
final class RequestShape {

    private static final String GENERATION = "generationConfig";
    private static final String THINKING = "thinkingConfig";
    private static final String PROVIDER_OPTIONS = "provider_options";

    /// Fields of the request itself; the other ones belong to `generationConfig`.
    private static final Set<String> OUTSIDE = Set.of("safety_settings", "system_instruction");

    private static final Pattern UNDERSCORE = Pattern.compile("_+([a-z0-9])");
    private static final Pattern HUMP = Pattern.compile("[A-Z]");

    private final GeminiOptions options;
    private final ThinkingShape thinking;
    private final ObjectNode request = JsonNodeFactory.instance.objectNode();
    private final List<FieldProblem> problems = new ArrayList<>();

    private RequestShape(String model, GeminiOptions options) {
        this.options = options;
        this.thinking = ThinkingShape.of(model, options);
        problems.addAll(thinking.problems());
    }

    static RequestShape of(String model, GeminiOptions options) {
        RequestShape shape = new RequestShape(model, options);
        shape.build();
        return shape;
    }

    /// The request without its contents.
    ObjectNode request() {
        return request;
    }

    /// What the model, or the API, would refuse.
    List<FieldProblem> problems() {
        return problems;
    }

    /// What is sent otherwise than the job says.
    List<String> notices() {
        return thinking.notices();
    }

    private void build() {
        ObjectNode generation = request.putObject(GENERATION);
        if (options.temperature() != null) {
            generation.put("temperature", options.temperature());
        }
        if (options.topP() != null) {
            generation.put("topP", options.topP());
        }
        if (options.topK() != null) {
            generation.put("topK", options.topK());
        }
        if (options.maxOutputTokens() != null) {
            generation.put("maxOutputTokens", options.maxOutputTokens());
        }
        if (!thinking.config().isEmpty()) {
            generation.set(THINKING, thinking.config());
        }
        options.bodyFields().forEach((name, value) -> {
            ObjectNode place = OUTSIDE.contains(name) ? request : generation;
            place.set(camelCase(name), name.equals("system_instruction") ? content(value) : value);
        });
        ObjectNode more = JsonNodeFactory.instance.objectNode();
        options.providerOptions().forEach(more::set);
        merge(request, more, "");
        if (generation.isEmpty()) {
            request.remove(GENERATION);
        }
    }

    /// A system instruction may be given as its text.
    private static JsonNode content(JsonNode value) {
        if (!value.isString()) {
            return value;
        }
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.putArray("parts").addObject().set("text", value);
        return content;
    }

    /// Adds what `provider_options` says. The API reads each name in camelCase and in snake_case, so they are the same
    /// field here; below the two configs a name may be part of a schema and is left as it is.
    private void merge(ObjectNode into, JsonNode more, String path) {
        more.properties().forEach(entry -> {
            String name = camelCase(entry.getKey());
            JsonNode value = entry.getValue();
            JsonNode ours = into.get(name);
            if (name.equals(GENERATION) || name.equals(THINKING)) {
                if (value.isObject()) {
                    ObjectNode inner = ours instanceof ObjectNode object ? object : into.putObject(name);
                    merge(inner, value, path + name + ".");
                } else {
                    problems.add(new FieldProblem(
                            ErrorCode.SPEC_INVALID_VALUE,
                            PROVIDER_OPTIONS,
                            "`" + path + name + "` that is no object",
                            "an object"));
                }
            } else if (ours != null) {
                taken(path + name, snakeCase(name));
            } else if (name.equals("candidateCount")) {
                conflict(PROVIDER_OPTIONS, "`" + path + name + "`", "one candidate, the default: no other one is read");
            } else {
                into.set(name, value);
            }
        });
    }

    private void taken(String field, String option) {
        conflict(PROVIDER_OPTIONS, "`" + field + "`, which the option `" + option + "` writes", "the option alone");
    }

    private void conflict(String field, String found, String expected) {
        problems.add(new FieldProblem(ErrorCode.SPEC_CONFLICT, field, found, expected));
    }

    private static String camelCase(String name) {
        return UNDERSCORE.matcher(name).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
    }

    private static String snakeCase(String name) {
        return HUMP.matcher(name)
                .replaceAll(m -> Matcher.quoteReplacement("_" + m.group().toLowerCase(Locale.ROOT)));
    }
}
