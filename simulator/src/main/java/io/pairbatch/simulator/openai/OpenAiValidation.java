package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.judge.Usage;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Validates an input file as the service does after the create. Keeps one line and the custom_ids in memory, of at
/// most the allowed number of requests.
final class OpenAiValidation {

    private static final int MOST_ERRORS = 50;

    private final OpenAiRules rules;
    private final Service service;
    private final String endpoint;
    private final int maxRequests;
    private final ArrayNode errors = Json.MAPPER.createArrayNode();
    private final Set<String> customIds = new HashSet<>();
    private String model = "";
    private long requests;
    private long tokens;

    OpenAiValidation(OpenAiRules rules, Service service, String endpoint, int maxRequests) {
        this.service = service;
        this.rules = rules;
        this.endpoint = endpoint;
        this.maxRequests = maxRequests;
    }

    /// `[{code,message,param,line}]`, at most the first 50; empty if the file is valid.
    ArrayNode errors() {
        return errors;
    }

    String model() {
        return model;
    }

    long requests() {
        return requests;
    }

    /// Estimated tokens of all prompts.
    long tokens() {
        return tokens;
    }

    void read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            LineReader lines = new LineReader(in);
            while (lines.next() && requests <= maxRequests) {
                if (!lines.blank()) {
                    requests++;
                    check(lines);
                }
            }
        }
        if (requests == 0) {
            error(
                    "empty_file",
                    "The batch input file is empty. Please ensure that the batch contains at least one request.",
                    null,
                    0);
        } else if (requests > maxRequests) {
            errors.removeAll();
            error(
                    "too_many_tasks",
                    "The batch input file contains too many requests. The maximum is " + maxRequests + ".",
                    null,
                    0);
        }
    }

    private void check(LineReader lines) {
        Optional<JsonNode> parsed = parse(lines);
        int at = lines.number();
        if (parsed.isEmpty()) {
            error("invalid_json_line", "This line is not parseable as valid JSON.", null, at);
            return;
        }
        JsonNode line = parsed.get();
        checkCustomId(line.path("custom_id"), at);
        if (!Json.text(line, "method", "").equals("POST")) {
            error("invalid_method", "The method of each request must be 'POST'.", "method", at);
        }
        if (!Json.text(line, "url", "").equals(endpoint)) {
            error("invalid_url", "The URL provided for this request does not match the batch endpoint.", "url", at);
        }
        if (!line.path("body").isObject()) {
            error("missing_required_parameter", "Missing required parameter: 'body'.", "body", at);
            return;
        }
        checkModel(line.path("body").path("model"), at);
        tokens += Usage.tokens(OpenAiLines.prompt(line.path("body")));
    }

    private Optional<JsonNode> parse(LineReader lines) {
        if (lines.tooLong() || (service.azure() && startsWithBom(lines))) {
            return Optional.empty();
        }
        try {
            JsonNode line = Json.MAPPER.readTree(lines.bytes(), 0, lines.length());
            return line.isObject() ? Optional.of(line) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /// Azure requires UTF-8 without a byte order mark.
    private static boolean startsWithBom(LineReader lines) {
        return lines.length() > 2
                && lines.bytes()[0] == (byte) 0xEF
                && lines.bytes()[1] == (byte) 0xBB
                && lines.bytes()[2] == (byte) 0xBF;
    }

    private void checkCustomId(JsonNode node, int line) {
        if (node.isMissingNode() || node.isNull()) {
            error("missing_required_parameter", "Missing required parameter: 'custom_id'.", "custom_id", line);
        } else if (!node.isString()) {
            error(
                    "invalid_type",
                    "Invalid type for 'custom_id': expected a string, but got " + Json.typeOf(node) + " instead.",
                    "custom_id",
                    line);
        } else if (!customIds.add(node.stringValue())) {
            error(
                    "duplicate_custom_id",
                    "The custom_id '" + node.stringValue()
                            + "' for this request is a duplicate of another request. The custom_id parameter must be unique for each request in a batch.",
                    "custom_id",
                    line);
        }
    }

    private void checkModel(JsonNode node, int line) {
        if (!node.isString()) {
            error("missing_required_parameter", "Missing required parameter: 'body.model'.", "body.model", line);
            return;
        }
        String asked = node.stringValue();
        if (rules.family(asked).isEmpty()) {
            error(
                    "model_not_found",
                    "The provided model '" + asked + "' is not supported by the Batch API.",
                    "body.model",
                    line);
        } else if (model.isEmpty()) {
            model = asked;
        } else if (!model.equals(asked)) {
            error(
                    "mismatched_model",
                    "The provided model '" + asked + "' does not match the model '" + model
                            + "' of the batch. All requests of a batch must use the same model.",
                    "body.model",
                    line);
        }
    }

    /// Adds an error of a line (counted from 1) or, with line 0, of the whole file.
    void error(String code, String message, @Nullable String param, int line) {
        if (errors.size() < MOST_ERRORS) {
            ObjectNode error = errors.addObject()
                    .put("code", service.code(code))
                    .put("message", message)
                    .put("param", param);
            if (line > 0) {
                error.put("line", line);
            } else {
                error.putNull("line");
            }
        }
    }
}
