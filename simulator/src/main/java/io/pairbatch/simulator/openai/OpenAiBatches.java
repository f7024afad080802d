package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.batch.BatchRunner;
import io.pairbatch.simulator.batch.BatchStore;
import io.pairbatch.simulator.fault.Fault;
import io.pairbatch.simulator.fault.Operation;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Handling;
import io.pairbatch.simulator.http.RefusedException;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.store.FileStore;
import io.pairbatch.simulator.store.Journal;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.SimulatedClock;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/batches`.
final class OpenAiBatches {

    private static final List<String> MEMBERS =
            List.of("input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after");
    private static final List<String> ENDPOINTS = List.of(OpenAiRules.RESPONSES, OpenAiRules.CHAT);

    private static final List<String> TIMES = List.of(
            "in_progress_at",
            "finalizing_at",
            "completed_at",
            "failed_at",
            "expired_at",
            "cancelling_at",
            "cancelled_at");

    private final OpenAiBatchApi api;
    private final FileStore files;
    private final BatchStore batches;
    private final BatchRunner runner;
    private final Journal journal;
    private final SimulatedClock clock;
    private final Handling handling;

    OpenAiBatches(OpenAiBatchApi api, Shared shared) {
        this.api = api;
        this.files = shared.files();
        this.batches = shared.batches();
        this.runner = shared.runner();
        this.journal = shared.journal();
        this.clock = shared.clock();
        this.handling = shared.handling();
    }

    void handle(Exchange exchange, List<String> path) throws IOException {
        String id = path.isEmpty() ? "" : path.getFirst();
        switch (exchange.method() + " " + path.size() + (path.size() > 1 ? path.get(1) : "")) {
            case "POST 0" -> {
                JsonNode body = exchange.json();
                Fault.Call call = new Fault.Call(api.name(), Operation.CREATE, strings(body.path("metadata")), "", "");
                handling.run(exchange, call, laid -> create(exchange, body, laid));
            }
            case "GET 0" ->
                handling.run(
                        exchange, new Fault.Call(api.name(), Operation.LIST, Map.of(), "", ""), laid -> list(exchange));
            case "GET 1" ->
                run(exchange, Operation.RETRIEVE, id, laid -> {
                    ObjectNode view = retrieve(id);
                    return cut -> exchange.reply(200, view);
                });
            case "POST 2cancel" -> run(exchange, Operation.CANCEL, id, laid -> cancel(exchange, get(id)));
            default -> throw OpenAiApi.unknownUrl(exchange);
        }
    }

    private void run(Exchange exchange, Operation operation, String id, Handling.Work work) throws IOException {
        handling.run(exchange, Fault.Call.of(get(id), operation, ""), work);
    }

    private Batch get(String id) {
        Batch batch = batches.find(api, id);
        if (batch == null) {
            throw gone(id);
        }
        return batch;
    }

    private static RefusedException gone(String id) {
        return OpenAiError.notFound("No batch found with id '" + id + "'.", null)
                .refused();
    }

    private Handling.Reply create(Exchange exchange, JsonNode body, List<Fault> laid) throws IOException {
        check(body);
        FileStore.Stored input = files.find(api.name(), Json.text(body, "input_file_id", ""));
        if (input == null) {
            throw OpenAiError.invalid(
                            "No such File object: " + Json.text(body, "input_file_id", ""), "input_file_id", null)
                    .refused();
        }
        if (!input.purpose().equals("batch")) {
            throw OpenAiError.invalid(
                            "File '" + input.id() + "' has the purpose '" + input.purpose()
                                    + "'. Batches need a file with the purpose 'batch'.",
                            "input_file_id",
                            "invalid_value")
                    .refused();
        }
        ObjectNode notes = Json.object();
        ArrayNode faults = notes.putArray("faults");
        laid.forEach(fault -> faults.add(fault.rule()));
        if (body.path("output_expires_after").isObject()) {
            notes.put("output_lifetime", api.outputLifetime(body.path("output_expires_after")));
        }
        Batch batch = open("create", input, Json.text(body, "endpoint", ""), metadata(body), notes);
        ObjectNode answer = runner.view(batch);
        runner.start(batch);
        return cut -> exchange.reply(200, answer);
    }

    private static @Nullable ObjectNode metadata(JsonNode body) {
        return body.path("metadata") instanceof ObjectNode metadata ? metadata : null;
    }

    /// Saves a new batch and its journal line; the caller starts it.
    private Batch open(
            String operation, FileStore.Stored input, String endpoint, @Nullable ObjectNode metadata, ObjectNode notes)
            throws IOException {
        ObjectNode object = Json.object()
                .put("id", "batch_" + UUID.randomUUID().toString().replace("-", ""))
                .put("object", "batch")
                .put("endpoint", endpoint)
                .putNull("model")
                .putNull("errors")
                .put("input_file_id", input.id())
                .put("completion_window", "24h")
                .putNull("status")
                .putNull("output_file_id")
                .putNull("error_file_id")
                .putNull("created_at")
                .put("expires_at", clock.seconds() + 24 * 3600);
        TIMES.forEach(object::putNull);
        object.putNull("request_counts").putNull("usage").set("metadata", metadata);
        ObjectNode line = Json.object()
                .put("input_file_id", input.id())
                .put("endpoint", endpoint)
                .put("requests", input.lines());
        line.set("metadata", metadata);
        return batches.open(api, operation, object, notes, line);
    }

    /// Creates another user's batch from `{requests, custom_ids, model, endpoint, metadata}`.
    Batch plant(JsonNode wish) throws IOException {
        String endpoint = Json.text(wish, "endpoint", OpenAiRules.CHAT);
        int requests = wish.path("requests").intValue(3);
        Path draft = files.draft();
        try (BufferedWriter out = Files.newBufferedWriter(draft)) {
            for (int i = 1; i <= requests; i++) {
                ObjectNode line = Json.object()
                        .put("custom_id", Json.text(wish, "custom_ids", "request-") + i)
                        .put("method", "POST")
                        .put("url", endpoint);
                ObjectNode body = line.putObject("body").put("model", Json.text(wish, "model", "gpt-4.1-mini"));
                String prompt = "Summarise report " + i + ".";
                if (endpoint.equals(OpenAiRules.CHAT)) {
                    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
                } else {
                    body.put("input", prompt);
                }
                out.write(line + "\n");
            }
        }
        FileStore.Stored input =
                files.add(api.name(), api.file(draft, "reports.jsonl", "batch", null), draft, requests);
        return open("foreign", input, endpoint, metadata(wish), Json.object());
    }

    private static void check(JsonNode body) {
        for (String member : body.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw OpenAiError.invalid("Unknown parameter: '" + member + "'.", member, "unknown_parameter")
                        .refused();
            }
        }
        for (String member : MEMBERS.subList(0, 3)) {
            JsonNode value = body.path(member);
            if (value.isMissingNode() || value.isNull()) {
                throw OpenAiError.invalid(
                                "Missing required parameter: '" + member + "'.", member, "missing_required_parameter")
                        .refused();
            }
            if (!value.isString()) {
                throw OpenAiRules.wrongType(member, List.of("string"), Json.typeOf(value))
                        .orElseThrow()
                        .refused();
            }
        }
        mustBe(body, "endpoint", ENDPOINTS);
        mustBe(body, "completion_window", List.of("24h"));
        checkMetadata(body.path("metadata"));
    }

    private static void mustBe(JsonNode body, String member, List<String> values) {
        String value = Json.text(body, member, "");
        if (!values.contains(value)) {
            throw OpenAiError.invalid(
                            "Invalid value: '" + value + "'. Supported values are: " + OpenAiRules.quoted(values) + ".",
                            member,
                            "invalid_value")
                    .refused();
        }
    }

    private static void checkMetadata(JsonNode metadata) {
        if (metadata.isMissingNode() || metadata.isNull()) {
            return;
        }
        if (!metadata.isObject()) {
            throw OpenAiRules.wrongType("metadata", List.of("object"), Json.typeOf(metadata))
                    .orElseThrow()
                    .refused();
        }
        if (metadata.size() > 16) {
            throw tooMuch(
                    "metadata",
                    "too many properties. Expected an object with at most 16 properties, but got an object with "
                            + metadata.size() + " properties instead.",
                    "object_above_max_properties");
        }
        for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
            String name = "metadata." + entry.getKey();
            if (entry.getKey().length() > 64) {
                throw tooMuch("metadata", tooLong("keys", 64, entry.getKey().length()), "string_above_max_length");
            }
            if (!entry.getValue().isString()) {
                throw OpenAiRules.wrongType(name, List.of("string"), Json.typeOf(entry.getValue()))
                        .orElseThrow()
                        .refused();
            }
            int length = entry.getValue().stringValue().length();
            if (length > 512) {
                throw tooMuch(name, tooLong("string", 512, length), "string_above_max_length");
            }
        }
    }

    private static String tooLong(String what, int limit, int length) {
        return what + " too long. Expected a string with maximum length " + limit + ", but got a string with length "
                + length + " instead.";
    }

    private static RefusedException tooMuch(String param, String why, String code) {
        return OpenAiError.invalid("Invalid '" + param + "': " + why, param, code)
                .refused();
    }

    private Handling.Reply list(Exchange exchange) {
        Map<String, String> query = exchange.query();
        List<ObjectNode> all = batches.list(api).stream()
                .filter(batch -> !batch.vanished(false))
                .map(runner::view)
                .toList();
        ObjectNode page = OpenAiApi.page(all, query.getOrDefault("after", ""), OpenAiApi.limit(query, 20, 100));
        return cut -> exchange.reply(200, page);
    }

    private ObjectNode retrieve(String id) {
        ObjectNode view = runner.retrieve(get(id));
        if (view == null) {
            throw gone(id);
        }
        return view;
    }

    private Handling.Reply cancel(Exchange exchange, Batch batch) throws IOException {
        if (batch.vanished(false)) {
            throw gone(batch.id());
        }
        if (!runner.cancel(batch)) {
            String message = "Cannot cancel a batch with status '" + batch.text("status") + "'.";
            throw new OpenAiError(409, message, "invalid_request_error", null, null).refused();
        }
        journal.append(Journal.entry("cancel", batch.id()));
        ObjectNode view = runner.view(batch);
        return cut -> exchange.reply(200, view);
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new TreeMap<>();
        object.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asString("")));
        return strings;
    }
}
