package io.pairbatch.chaos.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a file of requests as Gemini does while it answers the create: every line must match its message type. Field
/// names are accepted in camelCase and in snake_case.
final class GeminiInput {

    private static final int MOST_PROBLEMS = 10;
    private static final Set<String> REQUEST = Set.of(
            "model",
            "system_instruction",
            "contents",
            "tools",
            "tool_config",
            "safety_settings",
            "generation_config",
            "cached_content",
            "service_tier",
            "store");
    private static final Set<String> GENERATION = Set.of(
            "candidate_count",
            "stop_sequences",
            "max_output_tokens",
            "temperature",
            "top_p",
            "top_k",
            "seed",
            "response_mime_type",
            "response_schema",
            "response_json_schema",
            "presence_penalty",
            "frequency_penalty",
            "response_logprobs",
            "logprobs",
            "enable_enhanced_civic_answers",
            "response_modalities",
            "speech_config",
            "thinking_config",
            "image_config",
            "media_resolution",
            "audio_transcription_config");
    private static final Set<String> THINKING = Set.of("include_thoughts", "thinking_budget", "thinking_level");
    private static final Set<String> CONTENT = Set.of("parts", "role");

    private final String model;
    private final List<Item> items = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private GeminiInput(String model) {
        this.model = model;
    }

    /// The requests of a file.
    ///
    /// @throws Refusal if one of them is invalid
    static List<Item> read(byte[] file, String model) {
        GeminiInput input = new GeminiInput(model);
        input.read(file);
        if (input.problems.isEmpty() && input.items.isEmpty()) {
            throw GeminiErrors.invalid("The input file has no requests.");
        }
        if (!input.problems.isEmpty()) {
            throw GeminiErrors.invalid(String.join("\n", input.problems));
        }
        return input.items;
    }

    private void read(byte[] file) {
        int from = 0;
        for (int number = 1; from < file.length && problems.size() < MOST_PROBLEMS; number++) {
            int to = from;
            while (to < file.length && file[to] != '\n') {
                to++;
            }
            if (to > from) {
                line(file, from, to, number);
            }
            from = to + 1;
        }
    }

    private void line(byte[] file, int from, int to, int number) {
        JsonNode line = Json.read(file, from, to);
        String wrong = line == null ? "unexpected token" : problem(line);
        if (wrong != null || line == null) {
            problems.add("Error on line " + number + ": invalid JSON, near column 1: " + wrong);
            return;
        }
        items.add(item(Json.text(line, "key"), Dice.digest(file, from, to), model, line.path("request")));
    }

    private static @Nullable String problem(JsonNode line) {
        for (String name : line.propertyNames()) {
            if (!name.equals("key") && !name.equals("request")) {
                return "no such field: '" + name + "'";
            }
        }
        if (line.has("key") && !line.path("key").isString()) {
            return "invalid value for field 'key'";
        }
        return line.path("request").isObject() ? shape(line.path("request")) : "missing field: 'request'";
    }

    /// What is wrong with a request's structure; null if nothing is.
    static @Nullable String shape(JsonNode request) {
        String wrong = unknown(request, REQUEST);
        JsonNode generation = get(request, "generation_config", "generationConfig");
        if (wrong == null && !generation.isMissingNode()) {
            wrong = generation.isObject()
                    ? unknown(generation, GENERATION)
                    : "invalid value for field 'generation_config'";
        }
        JsonNode thinking = get(generation, "thinking_config", "thinkingConfig");
        if (wrong == null && !thinking.isMissingNode()) {
            wrong = thinking.isObject() ? unknown(thinking, THINKING) : "invalid value for field 'thinking_config'";
        }
        JsonNode contents = request.path("contents");
        if (wrong == null && !contents.isArray()) {
            wrong = "invalid value for field 'contents'";
        }
        for (JsonNode content : contents) {
            wrong = wrong == null ? unknown(content, CONTENT) : wrong;
        }
        return wrong;
    }

    private static @Nullable String unknown(JsonNode object, Set<String> known) {
        for (String name : object.propertyNames()) {
            if (!known.contains(snakeCase(name))) {
                return "no such field: '" + name + "'";
            }
        }
        return null;
    }

    static JsonNode get(JsonNode object, String snake, String camel) {
        return object.has(snake) ? object.path(snake) : object.path(camel);
    }

    private static String snakeCase(String name) {
        StringBuilder snake = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_').append((char) (c + 32));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }

    /// A request to a model.
    static Item item(String key, long digest, String model, JsonNode request) {
        StringBuilder prompt = new StringBuilder();
        collect(get(request, "system_instruction", "systemInstruction"), prompt);
        for (JsonNode content : request.path("contents")) {
            collect(content, prompt);
        }
        boolean empty = prompt.isEmpty();
        return new Item(
                key,
                digest,
                model,
                prompt.toString(),
                empty
                        ? new Batch.Problem(
                                GeminiErrors.INVALID,
                                "* GenerateContentRequest.contents: contents is not specified\n",
                                null,
                                0)
                        : null);
    }

    private static void collect(JsonNode content, StringBuilder prompt) {
        for (JsonNode part : content.path("parts")) {
            if (part.path("text").isString()) {
                prompt.append(prompt.isEmpty() ? "" : "\n")
                        .append(part.path("text").stringValue());
            }
        }
    }
}
