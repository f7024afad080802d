package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.batch.BatchRunner;
import io.pairbatch.simulator.batch.BatchSettings;
import io.pairbatch.simulator.batch.BatchStore;
import io.pairbatch.simulator.fault.Fault;
import io.pairbatch.simulator.fault.Operation;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Handling;
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
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `models/{model}:batchGenerateContent` and `batches`.
final class GeminiBatches {

    private static final int MOST_INLINE = 20 << 20;
    private static final int MOST_OPEN = 100;
    private static final long LIFETIME_MILLIS = 48L * 3600 * 1000;
    private static final String QUOTA =
            "You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.";

    private final BatchSettings settings;
    private final GeminiRules rules;
    private final GeminiBatchApi api;
    private final FileStore files;
    private final BatchStore batches;
    private final BatchRunner runner;
    private final Journal journal;
    private final SimulatedClock clock;
    private final Handling handling;

    GeminiBatches(GeminiBatchApi api, Shared shared) {
        this.settings = shared.settings();
        this.rules = api.rules();
        this.api = api;
        this.files = shared.files();
        this.batches = shared.batches();
        this.runner = shared.runner();
        this.journal = shared.journal();
        this.clock = shared.clock();
        this.handling = shared.handling();
    }

    /// @param model without `models/`
    void create(Exchange exchange, String model) throws IOException {
        String length = exchange.header("Content-Length");
        if (length.matches("\\d{8,}") && Long.parseLong(length) > MOST_INLINE) {
            throw GeminiError.invalid("Request payload size exceeds the limit: " + MOST_INLINE + " bytes.")
                    .refused();
        }
        JsonNode body = exchange.json(MOST_INLINE);
        String displayName =
                ProtoTable.get(ProtoTable.get(body, "batch"), "display_name").asString("");
        Fault.Call call = new Fault.Call(api.name(), Operation.CREATE, Map.of("display_name", displayName), "", "");
        handling.run(exchange, call, laid -> {
            Batch batch = create(model, body, displayName, laid);
            ObjectNode answer = runner.view(batch);
            runner.start(batch);
            return cut -> exchange.reply(200, answer);
        });
    }

    /// `batches`, `batches/{id}` and `batches/{id}:cancel`.
    void handle(Exchange exchange, String name) throws IOException {
        boolean cancel = name.endsWith(":cancel");
        String id = cancel ? name.substring(0, name.length() - ":cancel".length()) : name;
        switch (exchange.method() + (id.isEmpty() ? "" : " one") + (cancel ? " cancel" : "")) {
            case "GET" ->
                handling.run(
                        exchange, new Fault.Call(api.name(), Operation.LIST, Map.of(), "", ""), laid -> list(exchange));
            case "GET one" ->
                run(exchange, Operation.RETRIEVE, id, batch -> {
                    ObjectNode view = runner.retrieve(batch);
                    if (view == null) {
                        throw GeminiError.outage(404).refused();
                    }
                    return view;
                });
            case "POST one cancel" ->
                run(exchange, Operation.CANCEL, id, batch -> {
                    runner.cancel(batch);
                    journal.append(Journal.entry("cancel", id).put("api", api.name()));
                    return Json.object();
                });
            case "DELETE one" ->
                run(exchange, Operation.DELETE, id, batch -> {
                    delete(batch);
                    return Json.object();
                });
            default -> throw GeminiApi.unknownUrl();
        }
    }

    private interface Work {

        ObjectNode run(Batch batch) throws IOException;
    }

    private void run(Exchange exchange, Operation operation, String id, Work work) throws IOException {
        Batch batch = batches.find(api, id);
        if (batch == null || deleted(batch)) {
            throw GeminiError.outage(404).refused();
        }
        handling.run(exchange, Fault.Call.of(batch, operation, ""), laid -> {
            lapse(batch);
            if (operation != Operation.RETRIEVE && batch.vanished(false)) {
                throw GeminiError.outage(404).refused();
            }
            ObjectNode answer = work.run(batch);
            return cut -> exchange.reply(200, answer);
        });
    }

    private static boolean deleted(Batch batch) {
        return batch.note("deleted").isNumber();
    }

    /// A deleted batch is cancelled; its thread still runs to the end.
    private void delete(Batch batch) throws IOException {
        runner.cancel(batch);
        batch.note("deleted", clock.millis());
        batches.save(batch);
        journal.append(Journal.entry("delete", batch.id()).put("api", api.name()));
    }

    /// Expires a batch that is still open after 48 hours.
    private void lapse(Batch batch) throws IOException {
        if (clock.millis() < batch.note("created_ms").longValue(0) + LIFETIME_MILLIS) {
            return;
        }
        for (String status : List.of("validating", "in_progress", "finalizing")) {
            if (batch.move(status, "expired", clock.millis())) {
                batches.save(batch);
            }
        }
    }

    private Handling.Reply list(Exchange exchange) throws IOException {
        List<Batch> all = batches.list(api).stream()
                .filter(batch -> !deleted(batch) && !batch.vanished(false))
                .toList();
        for (Batch batch : all) {
            lapse(batch);
        }
        GeminiApi.Page<Batch> page = GeminiApi.page(exchange.query(), all, Batch::id, 50, 1000);
        ObjectNode answer = Json.object();
        if (!page.items().isEmpty()) {
            answer.putArray("operations")
                    .addAll(page.items().stream().map(runner::view).toList());
        }
        return GeminiApi.paged(exchange, answer, page);
    }

    private Batch create(String model, JsonNode body, String displayName, List<Fault> laid) throws IOException {
        if (rules.family(model).isEmpty()) {
            throw GeminiError.noSuchModel(model, "batchGenerateContent").refused();
        }
        List<ProtoTable.Misfit> misfits = rules.messages().check("BatchGenerateContentRequest", body, "");
        if (!misfits.isEmpty()) {
            throw GeminiError.misfits(misfits).refused();
        }
        ObjectNode notes = Json.object();
        ArrayNode faults = notes.putArray("faults");
        laid.forEach(fault -> faults.add(fault.rule()));
        FileStore.Stored input = input(ProtoTable.get(ProtoTable.get(body, "batch"), "input_config"), notes);
        GeminiInput check = new GeminiInput(rules.messages());
        check.read(files.content(input.id()));
        if (!check.errors().isEmpty()) {
            throw GeminiError.invalid(String.join("\n", check.errors())).refused();
        }
        return open("create", model, displayName, input, check, notes);
    }

    /// The file with the requests: the caller's, or one made from the inlined requests.
    private FileStore.Stored input(JsonNode config, ObjectNode notes) throws IOException {
        JsonNode name = ProtoTable.get(config, "file_name");
        JsonNode requests = ProtoTable.get(config, "requests");
        if (name.isMissingNode() == requests.isMissingNode()) {
            throw GeminiError.invalid(
                            "* GenerateContentBatch.input_config: exactly one of file_name and requests is required\n")
                    .refused();
        }
        if (name.isMissingNode()) {
            notes.put(GeminiBatchApi.INLINE, true);
            return inlined(ProtoTable.items(requests, "requests"));
        }
        String file = name.stringValue();
        FileStore.Stored stored =
                file.startsWith("files/") ? files.find(api.name(), file.substring("files/".length())) : null;
        if (stored == null) {
            throw GeminiError.outage(404).refused();
        }
        return stored;
    }

    private FileStore.Stored inlined(List<JsonNode> requests) throws IOException {
        Path draft = files.draft();
        try (BufferedWriter out = Files.newBufferedWriter(draft)) {
            for (int i = 0; i < requests.size(); i++) {
                ObjectNode line = Json.object().put(GeminiBatchApi.INLINE, i);
                JsonNode metadata = requests.get(i).path("metadata");
                if (metadata.isObject()) {
                    line.set("metadata", metadata);
                }
                line.set("request", requests.get(i).path("request"));
                out.write(line + "\n");
            }
        }
        return add(draft, "inline", requests.size());
    }

    private FileStore.Stored add(Path draft, String purpose, long lines) throws IOException {
        ObjectNode file = Json.object()
                .put("id", GeminiApi.newId(12))
                .put("purpose", purpose)
                .put("created_at", clock.seconds());
        return files.add(api.name(), file, draft, lines);
    }

    /// Saves a new batch, if the quotas allow it; the caller starts it.
    private synchronized Batch open(
            String operation,
            String model,
            String displayName,
            FileStore.Stored input,
            GeminiInput check,
            ObjectNode notes)
            throws IOException {
        List<Batch> open =
                batches.list(api).stream().filter(batch -> !batch.terminal()).toList();
        long enqueued = open.stream()
                .filter(batch -> batch.text("model").equals(model))
                .mapToLong(batch -> batch.note("tokens").longValue(0))
                .sum();
        if (open.size() >= MOST_OPEN || enqueued + check.tokens() > settings.maxEnqueuedTokens()) {
            throw GeminiError.exhausted(QUOTA).refused();
        }
        String id = GeminiApi.newId(36);
        ObjectNode object = Json.object()
                .put("id", id)
                .put("model", model)
                .put("display_name", displayName)
                .put("input_file_id", input.id());
        object.putObject("metadata").put("display_name", displayName);
        notes.put("requests", check.requests()).put("tokens", check.tokens());
        ObjectNode line = Json.object()
                .put("name", "batches/" + id)
                .put("model", model)
                .put("display_name", displayName)
                .put("input_file_id", input.id())
                .put("requests", check.requests());
        return batches.open(api, operation, object, notes, line);
    }

    /// Creates another user's batch from `{requests, custom_ids, model, display_name}`.
    Batch plant(JsonNode wish) throws IOException {
        int requests = wish.path("requests").intValue(3);
        Path draft = files.draft();
        try (BufferedWriter out = Files.newBufferedWriter(draft)) {
            for (int i = 1; i <= requests; i++) {
                ObjectNode line = Json.object().put("key", Json.text(wish, "custom_ids", "request-") + i);
                line.putObject("request")
                        .putArray("contents")
                        .addObject()
                        .put("role", "user")
                        .putArray("parts")
                        .addObject()
                        .put("text", "Summarise report " + i + ".");
                out.write(line + "\n");
            }
        }
        FileStore.Stored input = add(draft, "foreign", requests);
        GeminiInput check = new GeminiInput(rules.messages());
        check.read(files.content(input.id()));
        return open(
                "foreign",
                Json.text(wish, "model", "gemini-2.5-flash"),
                Json.text(
                        wish,
                        "display_name",
                        "reports-" + ThreadLocalRandom.current().nextInt(1000)),
                input,
                check,
                Json.object());
    }
}
