package io.pairbatch.simulator;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/batches`.
final class BatchesApi {
    private static final List<String> MEMBERS =
            List.of("input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after");
    private static final List<String> ENDPOINTS = List.of(RequestRules.RESPONSES, RequestRules.CHAT);

    private final FileStore files;
    private final BatchStore batches;
    private final BatchRunner runner;
    private final Journal journal;
    private final Handling handling;

    BatchesApi(FileStore files, BatchStore batches, BatchRunner runner, Journal journal, Handling handling) {
        this.files = files;
        this.batches = batches;
        this.runner = runner;
        this.journal = journal;
        this.handling = handling;
    }

    void handle(Exchange exchange, List<String> path) throws IOException {
        String id = path.isEmpty() ? "" : path.getFirst();
        switch (exchange.method() + " " + path.size() + (path.size() > 1 ? path.get(1) : "")) {
            case "POST 0" -> {
                JsonNode body = exchange.json();
                Fault.Call call = new Fault.Call(Operation.CREATE, strings(body.path("metadata")), "");
                handling.run(exchange, call, laid -> create(exchange, body, laid));
            }
            case "GET 0" ->
                handling.run(exchange, new Fault.Call(Operation.LIST, Map.of(), ""), laid -> list(exchange));
            case "GET 1" ->
                run(exchange, Operation.RETRIEVE, id, laid -> {
                    ObjectNode view = retrieve(batches.get(id));
                    return cut -> exchange.reply(200, view);
                });
            case "POST 2cancel" -> run(exchange, Operation.CANCEL, id, laid -> cancel(exchange, batches.get(id)));
            default -> throw OpenAiApi.unknownUrl(exchange);
        }
    }

    private void run(Exchange exchange, Operation operation, String id, Handling.Work work) throws IOException {
        Map<String, String> metadata = batches.get(id).metadata();
        handling.run(exchange, new Fault.Call(operation, metadata, ""), work);
    }

    private Handling.Reply create(Exchange exchange, JsonNode body, List<Fault> laid) throws IOException {
        check(body);
        FileStore.Stored input = files.find(Json.text(body, "input_file_id", ""));
        if (input == null) {
            throw ApiError.invalid(
                            "No such File object: " + Json.text(body, "input_file_id", ""), "input_file_id", null)
                    .refused();
        }
        if (!input.purpose().equals("batch")) {
            throw ApiError.invalid(
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
            notes.put(
                    "output_lifetime",
                    OpenAiApi.lifetime(
                            Json.text(body.path("output_expires_after"), "anchor", ""),
                            body.path("output_expires_after").path("seconds").asString("")));
        }
        Batch batch = open("create", input, Json.text(body, "endpoint", ""), metadata(body), notes);
        ObjectNode answer = batch.copy();
        runner.start(batch);
        return cut -> exchange.reply(200, answer);
    }

    private static @Nullable ObjectNode metadata(JsonNode body) {
        return body.path("metadata") instanceof ObjectNode metadata ? metadata : null;
    }

    /// Writes a batch and its line of the journal; it still has to be started.
    Batch open(
            String operation, FileStore.Stored input, String endpoint, @Nullable ObjectNode metadata, ObjectNode notes)
            throws IOException {
        notes.put("operation", operation).put("requests", input.lines());
        Batch batch = batches.create(input.id(), endpoint, metadata, notes);
        record(batch);
        return batch;
    }

    private void record(Batch batch) throws IOException {
        ObjectNode object = batch.copy();
        journal.append(Journal.entry(batch.note("operation").asString("create"), batch.id())
                .put("input_file_id", batch.text("input_file_id"))
                .put("endpoint", batch.text("endpoint"))
                .put("requests", batch.note("requests").longValue(0))
                .set("metadata", object.get("metadata")));
    }

    /// A process killed between a batch and its line of the journal leaves the line to the next one.
    void completeJournal() throws IOException {
        Set<String> known = journal.batches();
        for (Batch batch : batches.list().reversed()) {
            if (!known.contains(batch.id())) {
                record(batch);
            }
        }
    }

    private static void check(JsonNode body) {
        for (String member : body.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw ApiError.invalid("Unknown parameter: '" + member + "'.", member, "unknown_parameter")
                        .refused();
            }
        }
        for (String member : MEMBERS.subList(0, 3)) {
            JsonNode value = body.path(member);
            if (value.isMissingNode() || value.isNull()) {
                throw ApiError.invalid(
                                "Missing required parameter: '" + member + "'.", member, "missing_required_parameter")
                        .refused();
            }
            if (!value.isString()) {
                throw RequestRules.wrongType(member, List.of("string"), RequestRules.typeOf(value))
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
            throw ApiError.invalid(
                            "Invalid value: '" + value + "'. Supported values are: " + RequestRules.quoted(values)
                                    + ".",
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
            throw RequestRules.wrongType("metadata", List.of("object"), RequestRules.typeOf(metadata))
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
                throw RequestRules.wrongType(name, List.of("string"), RequestRules.typeOf(entry.getValue()))
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
        return ApiError.invalid("Invalid '" + param + "': " + why, param, code).refused();
    }

    private Handling.Reply list(Exchange exchange) {
        Map<String, String> query = exchange.query();
        List<ObjectNode> all = batches.list().stream()
                .filter(batch -> !vanished(batch, false))
                .map(runner::view)
                .toList();
        ObjectNode page = OpenAiApi.page(all, query.getOrDefault("after", ""), OpenAiApi.limit(query, 20, 100));
        return cut -> exchange.reply(200, page);
    }

    private ObjectNode retrieve(Batch batch) {
        if (vanished(batch, true)) {
            throw BatchStore.gone(batch.id());
        }
        ObjectNode view = runner.view(batch);
        if (batch.has("unknown_status") && !batch.terminal()) {
            view.put("status", Json.text(batch.fault("unknown_status"), "status", "paused"));
        }
        if (batch.has("regressing_status") && batch.countRetrieval() % 2 == 0) {
            regress(view);
        }
        return view;
    }

    /// Whether a `vanish` fault has taken the batch away; after so many retrievals, or at once.
    private static boolean vanished(Batch batch, boolean retrieval) {
        JsonNode fault = batch.fault("vanish");
        if (fault.isMissingNode()) {
            return false;
        }
        int seen = retrieval ? batch.countRetrieval() : batch.retrievals();
        int grace = fault.path("after").intValue(0);
        return retrieval ? seen > grace : seen >= grace;
    }

    private static void regress(ObjectNode view) {
        String before = switch (Json.text(view, "status", "")) {
            case "completed" -> "finalizing";
            case "finalizing" -> "in_progress";
            default -> "validating";
        };
        view.put("status", before).putNull("output_file_id").putNull("error_file_id");
        view.set("request_counts", BatchStore.counts(0, 0, 0));
    }

    private Handling.Reply cancel(Exchange exchange, Batch batch) throws IOException {
        if (vanished(batch, false)) {
            throw BatchStore.gone(batch.id());
        }
        runner.cancel(batch);
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
