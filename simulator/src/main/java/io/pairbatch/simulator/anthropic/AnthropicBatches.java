package io.pairbatch.simulator.anthropic;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.batch.BatchRunner;
import io.pairbatch.simulator.batch.BatchSettings;
import io.pairbatch.simulator.batch.BatchStore;
import io.pairbatch.simulator.fault.Fault;
import io.pairbatch.simulator.fault.Operation;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Handling;
import io.pairbatch.simulator.http.RefusedException;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.judge.Dice;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/messages/batches`.
final class AnthropicBatches {

    private static final int MOST_REQUESTS = 100_000;
    private static final long MOST_BYTES = 256_000_000;

    private final BatchSettings settings;
    private final AnthropicBatchApi api;
    private final FileStore files;
    private final BatchStore batches;
    private final BatchRunner runner;
    private final Journal journal;
    private final SimulatedClock clock;
    private final Handling handling;

    AnthropicBatches(AnthropicBatchApi api, Shared shared) {
        this.settings = shared.settings();
        this.api = api;
        this.files = shared.files();
        this.batches = shared.batches();
        this.runner = shared.runner();
        this.journal = shared.journal();
        this.clock = shared.clock();
        this.handling = shared.handling();
    }

    /// @param path after `/v1/messages/batches`
    void handle(Exchange exchange, List<String> path) throws IOException {
        String id = path.isEmpty() ? "" : path.getFirst();
        switch (exchange.method() + " " + path.size() + (path.size() > 1 ? path.get(1) : "")) {
            case "POST 0" -> create(exchange);
            case "GET 0" ->
                handling.run(
                        exchange, new Fault.Call(api.name(), Operation.LIST, Map.of(), "", ""), laid -> list(exchange));
            case "GET 1" ->
                run(exchange, Operation.RETRIEVE, id, laid -> {
                    ObjectNode view = runner.retrieve(get(id));
                    if (view == null) {
                        throw gone(id);
                    }
                    return cut -> exchange.reply(200, view);
                });
            case "POST 2cancel" -> run(exchange, Operation.CANCEL, id, laid -> cancel(exchange, visible(id)));
            case "DELETE 1" -> run(exchange, Operation.DELETE, id, laid -> delete(exchange, visible(id)));
            case "GET 2results" -> run(exchange, Operation.DOWNLOAD, id, laid -> results(exchange, visible(id)));
            default -> throw AnthropicError.outage(404).refused();
        }
    }

    private void run(Exchange exchange, Operation operation, String id, Handling.Work work) throws IOException {
        String file = operation == Operation.DOWNLOAD ? "output" : "";
        handling.run(exchange, Fault.Call.of(get(id), operation, file), work);
    }

    private Batch get(String id) {
        Batch batch = batches.find(api, id);
        if (batch == null) {
            throw gone(id);
        }
        return batch;
    }

    private Batch visible(String id) {
        Batch batch = get(id);
        if (batch.vanished(false)) {
            throw gone(id);
        }
        return batch;
    }

    private static RefusedException gone(String id) {
        return AnthropicError.notFound("Message Batch " + id + " not found.").refused();
    }

    private void create(Exchange exchange) throws IOException {
        Path draft = files.draft();
        try {
            AnthropicCreate.Body body = new AnthropicCreate(
                            settings.mostRequests(MOST_REQUESTS), settings.mostBytes(MOST_BYTES))
                    .read(exchange.body(), draft);
            Fault.Call call = new Fault.Call(api.name(), Operation.CREATE, Map.of(), "", body.first());
            handling.run(exchange, call, laid -> {
                if (body.error() != null) {
                    throw body.error().refused();
                }
                ObjectNode notes = Json.object().put("version", exchange.header("anthropic-version"));
                ArrayNode faults = notes.putArray("faults");
                laid.forEach(fault -> faults.add(fault.rule()));
                Batch batch = open("create", draft, body.requests(), body.first(), notes);
                ObjectNode answer = runner.view(batch);
                runner.start(batch);
                return cut -> exchange.reply(200, answer);
            });
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /// Saves a new batch and its journal line; the caller starts it.
    private synchronized Batch open(String operation, Path draft, int requests, String first, ObjectNode notes)
            throws IOException {
        long queued = batches.list(api).stream()
                .filter(batch -> !batch.terminal())
                .mapToLong(batch -> batch.note("total").longValue(0))
                .sum();
        if (operation.equals("create") && queued + requests > settings.maxQueuedRequests()) {
            throw queueFull();
        }
        FileStore.Stored input = api.keep(draft, requests, clock.millis());
        notes.put("total", requests).put("custom_id", first);
        ObjectNode object = Json.object()
                .put(
                        "id",
                        "msgbatch_01"
                                + new Dice(System.nanoTime()).with(input.id()).hex(22))
                .put("input_file_id", input.id());
        ObjectNode line = Json.object().put("requests", requests).put("custom_id", first);
        return batches.open(api, operation, object, notes, line);
    }

    private RefusedException queueFull() {
        long wait = Math.clamp((long) Math.ceil(settings.batchSeconds()), 1, 60);
        return new AnthropicError(
                        429,
                        "rate_limit_error",
                        "This request would exceed your organization's limit of " + settings.maxQueuedRequests()
                                + " batch requests in the processing queue. Please try again later.",
                        Long.toString(wait))
                .refused();
    }

    /// Creates another user's batch from `{requests, custom_ids, model}`.
    Batch plant(JsonNode wish) throws IOException {
        String prefix = Json.text(wish, "custom_ids", "request-");
        int requests = wish.path("requests").intValue(3);
        Path draft = files.draft();
        try (BufferedWriter out = Files.newBufferedWriter(draft)) {
            for (int i = 1; i <= requests; i++) {
                ObjectNode line = Json.object().put("custom_id", prefix + i);
                line.putObject("params")
                        .put("model", Json.text(wish, "model", "claude-haiku-4-5"))
                        .put("max_tokens", 1024)
                        .putArray("messages")
                        .addObject()
                        .put("role", "user")
                        .put("content", "Summarise report " + i + ".");
                out.write(line + "\n");
            }
        }
        return open("foreign", draft, requests, prefix + 1, Json.object());
    }

    private Handling.Reply list(Exchange exchange) {
        Map<String, String> query = exchange.query();
        int limit = limit(query.getOrDefault("limit", "20"));
        List<Batch> all = batches.list(api).stream()
                .filter(batch -> !batch.vanished(false))
                .toList();
        String after = query.getOrDefault("after_id", "");
        String before = query.getOrDefault("before_id", "");
        if (!after.isEmpty() && !before.isEmpty()) {
            throw AnthropicError.invalid("before_id: only one of `before_id` and `after_id` may be set")
                    .refused();
        }
        int from = after.isEmpty() ? 0 : place("after_id", all, after) + 1;
        int to = Math.min(all.size(), from + limit);
        if (!before.isEmpty()) {
            to = place("before_id", all, before);
            from = Math.max(0, to - limit);
        }
        List<Batch> part = all.subList(from, to);
        ObjectNode page = Json.object();
        ArrayNode data = page.putArray("data");
        part.forEach(batch -> data.add(runner.view(batch)));
        page.put("has_more", before.isEmpty() ? to < all.size() : from > 0)
                .put("first_id", part.isEmpty() ? null : part.getFirst().id())
                .put("last_id", part.isEmpty() ? null : part.getLast().id());
        return cut -> exchange.reply(200, page);
    }

    private static int limit(String given) {
        if (!given.matches("-?\\d{1,9}")) {
            throw AnthropicError.invalid("limit: Input should be a valid integer, unable to parse string as an integer")
                    .refused();
        }
        int limit = Integer.parseInt(given);
        if (limit < 1 || limit > 1000) {
            throw AnthropicError.invalid(
                            limit < 1
                                    ? "limit: Input should be greater than or equal to 1"
                                    : "limit: Input should be less than or equal to 1000")
                    .refused();
        }
        return limit;
    }

    private static int place(String parameter, List<Batch> all, String id) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).id().equals(id)) {
                return i;
            }
        }
        throw AnthropicError.invalid(parameter + ": no Message Batch with this id")
                .refused();
    }

    private Handling.Reply cancel(Exchange exchange, Batch batch) throws IOException {
        if (!runner.cancel(batch)) {
            throw AnthropicError.invalid("Message Batch " + batch.id() + " has ended and cannot be canceled.")
                    .refused();
        }
        journal.append(Journal.entry("cancel", batch.id()));
        ObjectNode view = runner.view(batch);
        return cut -> exchange.reply(200, view);
    }

    private Handling.Reply delete(Exchange exchange, Batch batch) throws IOException {
        if (!batch.terminal()) {
            throw AnthropicError.invalid("In progress batches cannot be deleted. Consider canceling the batch instead.")
                    .refused();
        }
        batches.remove(batch);
        files.delete(batch.text("input_file_id"));
        files.delete(batch.text("output_file_id"));
        journal.append(Journal.entry("delete", batch.id()));
        ObjectNode answer = Json.object().put("id", batch.id()).put("type", "message_batch_deleted");
        return cut -> exchange.reply(200, answer);
    }

    private Handling.Reply results(Exchange exchange, Batch batch) {
        FileStore.Stored output = files.find(api.name(), batch.text("output_file_id"));
        if (!batch.terminal() || output == null) {
            throw AnthropicError.notFound("Message Batch " + batch.id() + " has no available results.")
                    .refused();
        }
        Path content = files.content(output.id());
        return cut -> exchange.reply(content, "application/x-jsonl", cut);
    }
}
