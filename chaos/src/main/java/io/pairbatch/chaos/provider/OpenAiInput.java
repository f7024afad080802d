package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Batch.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads an input file as OpenAI does after the create.
final class OpenAiInput {

    static final String CHAT = "/v1/chat/completions";
    static final String RESPONSES = "/v1/responses";
    private static final int MOST_PROBLEMS = 50;

    private final String endpoint;
    private final int most;
    private final Predicate<String> served;
    private final List<Item> items = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> customIds = new HashSet<>();
    private String model = "";

    private OpenAiInput(String endpoint, int most, Predicate<String> served) {
        this.endpoint = endpoint;
        this.most = most;
        this.served = served;
    }

    /// @param most requests of one batch
    /// @param served whether the model exists
    static OpenAiInput read(byte[] file, String endpoint, int most, Predicate<String> served) {
        OpenAiInput input = new OpenAiInput(endpoint, most, served);
        input.read(file);
        return input;
    }

    List<Item> items() {
        return items;
    }

    String model() {
        return model;
    }

    List<Problem> problems() {
        return problems;
    }

    private void read(byte[] file) {
        int from = 0;
        for (int number = 1; from < file.length; number++) {
            int to = from;
            while (to < file.length && file[to] != '\n') {
                to++;
            }
            if (to > from) {
                line(file, from, to, number);
            }
            from = to + 1;
        }
        if (items.isEmpty() && problems.isEmpty()) {
            problem("empty_file", "The batch input file is empty.", null, 0);
        } else if (items.size() > most) {
            problems.clear();
            problem("too_many_tasks", "The batch input file contains more than " + most + " requests.", null, 0);
        }
    }

    private void line(byte[] file, int from, int to, int number) {
        JsonNode line = Json.read(file, from, to);
        if (line == null || !line.isObject()) {
            problem("invalid_json_line", "This line is not parseable as valid JSON.", null, number);
            return;
        }
        String customId = Json.text(line, "custom_id");
        if (customId.isEmpty()) {
            problem("missing_required_parameter", "Missing required parameter: 'custom_id'.", "custom_id", number);
        } else if (!customIds.add(customId)) {
            problem(
                    "duplicate_custom_id",
                    "The custom_id '" + customId + "' for this request is a duplicate of another request.",
                    "custom_id",
                    number);
        }
        if (!Json.text(line, "method").equals("POST")) {
            problem("invalid_method", "The method of each request must be 'POST'.", "method", number);
        }
        if (!Json.text(line, "url").equals(endpoint)) {
            problem(
                    "invalid_url",
                    "The URL provided for this request does not match the batch endpoint.",
                    "url",
                    number);
        }
        JsonNode body = line.path("body");
        if (!body.isObject()) {
            problem("missing_required_parameter", "Missing required parameter: 'body'.", "body", number);
            return;
        }
        model(Json.text(body, "model"), number);
        items.add(item(customId, Dice.digest(file, from, to), endpoint, body));
    }

    private void model(String asked, int number) {
        if (asked.isEmpty()) {
            problem("missing_required_parameter", "Missing required parameter: 'body.model'.", "body.model", number);
        } else if (!served.test(asked)) {
            problem(
                    "model_not_found",
                    "The provided model '" + asked + "' is not supported by the Batch API.",
                    "body.model",
                    number);
        } else if (model.isEmpty()) {
            model = asked;
        } else if (!model.equals(asked)) {
            problem(
                    "mismatched_model",
                    "The provided model '" + asked + "' does not match the model '" + model + "' of the batch.",
                    "body.model",
                    number);
        }
    }

    private void problem(String code, String message, @Nullable String param, int line) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(code, message, param, line));
        }
    }

    /// A request to this endpoint.
    static Item item(String customId, long digest, String endpoint, JsonNode body) {
        StringBuilder prompt = new StringBuilder();
        collect(body.path("instructions"), prompt);
        collect(body.path(endpoint.equals(CHAT) ? "messages" : "input"), prompt);
        String wrong = problem(endpoint, body);
        return new Item(
                customId,
                digest,
                Json.text(body, "model"),
                prompt.toString(),
                wrong == null ? null : new Problem("invalid_request_error", wrong, null, 0));
    }

    private static @Nullable String problem(String endpoint, JsonNode body) {
        String field = endpoint.equals(CHAT) ? "messages" : "input";
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "Missing required parameter: '" + field + "'.";
        }
        boolean text = endpoint.equals(RESPONSES)
                && value.isString()
                && !value.stringValue().isEmpty();
        if (!text && (!value.isArray() || value.isEmpty())) {
            return "Invalid type for '" + field + "': expected an array of objects with at least one of them.";
        }
        if (value.isArray()) {
            for (JsonNode message : value) {
                if (!message.path("role").isString() || message.path("content").isMissingNode()) {
                    return "Invalid '" + field + "': a message needs a role and content.";
                }
            }
        }
        String foreign = endpoint.equals(CHAT) ? "input" : "messages";
        return body.has(foreign) ? "Unknown parameter: '" + foreign + "'." : null;
    }

    /// All text in strings, lists of messages and their parts.
    static void collect(JsonNode node, StringBuilder prompt) {
        if (node.isString()) {
            prompt.append(prompt.isEmpty() ? "" : "\n").append(node.stringValue());
        } else if (node.isArray()) {
            for (JsonNode item : node) {
                collect(item, prompt);
            }
        } else if (node.isObject()) {
            collect(node.path("content"), prompt);
            collect(node.path("text"), prompt);
        }
    }
}
