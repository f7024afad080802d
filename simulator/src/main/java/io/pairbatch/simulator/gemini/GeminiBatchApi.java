package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.batch.BatchApi;
import io.pairbatch.simulator.batch.Glimpse;
import io.pairbatch.simulator.batch.Intake;
import io.pairbatch.simulator.batch.ResultLine;
import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.judge.Judge;
import io.pairbatch.simulator.store.FileStore;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.LineReader;
import io.pairbatch.simulator.store.SimulatedClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Google's batches: operations with a responses file or inlined responses. Only a succeeded batch has results.
public final class GeminiBatchApi implements BatchApi {

    static final String INLINE = "inline";

    private static final String TYPES = "type.googleapis.com/google.ai.generativelanguage.v1main.";
    private static final long RESPONSES_SECONDS = 42L * 24 * 3600;
    private static final List<String> TIMES =
            List.of("in_progress_at", "finalizing_at", "completed_at", "failed_at", "expired_at", "cancelled_at");

    private final GeminiRules rules = new GeminiRules();
    private final GeminiLines lines;
    private final FileStore files;
    private final SimulatedClock clock;

    public GeminiBatchApi(Judge judge, FileStore files, SimulatedClock clock) {
        this.lines = new GeminiLines(rules, judge);
        this.files = files;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "gemini";
    }

    GeminiRules rules() {
        return rules;
    }

    GeminiLines lines() {
        return lines;
    }

    /// The create has already validated everything.
    @Override
    public Intake validate(Batch batch, @Nullable Path input) {
        JsonNode fault = batch.fault("fail");
        ObjectNode error = null;
        if (!fault.isMissingNode()) {
            String code = fault.path("code").asString("13");
            error = Json.object()
                    .put("code", code.matches("\\d{1,3}") ? Integer.parseInt(code) : 13)
                    .put(
                            "message",
                            Json.text(fault, "message", GeminiError.outage(500).message()));
        }
        return new Intake(
                batch.text("model"),
                batch.note("requests").longValue(0),
                batch.note("tokens").longValue(0),
                error);
    }

    @Override
    public ResultLine answer(Batch batch, JsonNode request, Dice dice, Asked asked) {
        return lines.answer(dice, batch.text("model"), request, batch.has("all_lines_fail"), asked);
    }

    @Override
    public ResultLine unreached(JsonNode request, Dice dice, boolean expired) {
        return GeminiLines.unreached(request);
    }

    @Override
    public boolean splitsErrors() {
        return false;
    }

    @Override
    public void makeForeign(ObjectNode line, String id) {
        if (line.path("metadata") instanceof ObjectNode metadata) {
            metadata.put("key", id);
        } else {
            line.put("key", id);
        }
    }

    @Override
    public void makeBlank(ObjectNode line) {
        line.remove(List.of("response", "error"));
    }

    @Override
    public void makeBlocked(ObjectNode line) {
        GeminiLines.block(line);
    }

    /// A cancelled or expired batch has no results, even if requests were processed.
    @Override
    public String keep(Batch batch, String kind, Path draft, long count) throws IOException {
        if (!batch.is("finalizing")) {
            Files.delete(draft);
            return "";
        }
        long now = clock.seconds();
        ObjectNode file = Json.object()
                .put("id", "batch-" + batch.id())
                .put("purpose", "responses")
                .put("created_at", now)
                .put("expires_at", now + RESPONSES_SECONDS);
        return files.add(name(), file, draft, count).id();
    }

    @Override
    public ObjectNode view(Batch batch, Glimpse glimpse) {
        String state = state(glimpse.status());
        boolean done = Batch.TERMINAL.contains(glimpse.status());
        ObjectNode result = state.equals("BATCH_STATE_SUCCEEDED") ? output(batch) : Json.object();
        ObjectNode view = Json.object().put("name", "batches/" + batch.id());
        ObjectNode metadata = view.putObject("metadata")
                .put("@type", TYPES + "GenerateContentBatch")
                .put("model", "models/" + batch.text("model"))
                .put("displayName", batch.text("display_name"));
        if (!result.isEmpty()) {
            metadata.set("output", result.deepCopy());
        }
        ObjectNode input = metadata.putObject("inputConfig");
        if (!batch.note(INLINE).booleanValue(false)) {
            input.put("fileName", "files/" + batch.text("input_file_id"));
        }
        times(batch, metadata, done);
        metadata.set("batchStats", stats(batch, glimpse));
        metadata.put("state", state).put("name", "batches/" + batch.id());
        if (done) {
            view.put("done", true);
            end(view, glimpse.status(), batch, result);
        }
        return view;
    }

    /// The state as the API names it; a status set by a fault is shown as it is, or with the prefix.
    private static String state(String status) {
        return switch (status) {
            case "validating" -> "BATCH_STATE_PENDING";
            case "in_progress", "finalizing", "cancelling" -> "BATCH_STATE_RUNNING";
            case "completed" -> "BATCH_STATE_SUCCEEDED";
            case "failed" -> "BATCH_STATE_FAILED";
            case "cancelled" -> "BATCH_STATE_CANCELLED";
            case "expired" -> "BATCH_STATE_EXPIRED";
            default -> status.contains("_STATE_") ? status : "BATCH_STATE_" + status.toUpperCase(java.util.Locale.ROOT);
        };
    }

    private static void times(Batch batch, ObjectNode metadata, boolean done) {
        long created = batch.note("created_ms").longValue(0);
        long updated = created;
        for (String time : TIMES) {
            updated = Math.max(updated, batch.number(time) * 1000);
        }
        metadata.put("createTime", Instant.ofEpochMilli(created).toString());
        if (done) {
            metadata.put("endTime", Instant.ofEpochMilli(updated).toString());
        }
        metadata.put("updateTime", Instant.ofEpochMilli(updated).toString());
    }

    /// Counts as strings, as protobuf's JSON has 64-bit integers; zeros are left out.
    private static ObjectNode stats(Batch batch, Glimpse glimpse) {
        if (batch.has("odd_counts")) {
            return Json.object();
        }
        long total = batch.note("requests").longValue(0);
        long succeeded = glimpse.count(batch, "completed");
        long failed = glimpse.count(batch, "failed");
        ObjectNode stats = Json.object();
        put(stats, "requestCount", total);
        put(stats, "successfulRequestCount", succeeded);
        put(stats, "failedRequestCount", failed);
        put(stats, "pendingRequestCount", total - succeeded - failed);
        return stats;
    }

    private static void put(ObjectNode stats, String name, long count) {
        if (count > 0) {
            stats.put(name, Long.toString(count));
        }
    }

    private static void end(ObjectNode view, String status, Batch batch, ObjectNode result) {
        switch (status) {
            case "completed" -> {
                ObjectNode response = view.putObject("response").put("@type", TYPES + "GenerateContentBatchOutput");
                response.setAll(result);
            }
            case "failed" -> view.set("error", batch.copy().path("errors"));
            case "cancelled" -> view.putObject("error").put("code", 1).put("message", "The operation was cancelled.");
            default ->
                view.putObject("error")
                        .put("code", 4)
                        .put("message", "The batch expired before all of its requests were processed.");
        }
    }

    /// `{responsesFile}` or `{inlinedResponses:{inlinedResponses[]}}`; empty if a fault removed the file.
    private ObjectNode output(Batch batch) {
        ObjectNode output = Json.object();
        JsonNode id = batch.copy().path("output_file_id");
        if (!id.isString()) {
            return output;
        }
        String file = id.stringValue();
        if (batch.note(INLINE).booleanValue(false)) {
            output.putObject("inlinedResponses").set("inlinedResponses", inlined(files.content(file)));
        } else {
            output.put("responsesFile", file.isEmpty() ? "" : "files/" + file);
        }
        return output;
    }

    /// The responses in the order of the requests, all in memory, as they go into one response body.
    private static ArrayNode inlined(Path file) {
        List<ObjectNode> responses = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            LineReader reader = new LineReader(in);
            while (reader.next()) {
                if (parse(reader) instanceof ObjectNode response) {
                    responses.add(response);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        responses.sort(Comparator.comparingInt(response -> response.path(INLINE).intValue(0)));
        responses.forEach(response -> response.remove(INLINE));
        return Json.MAPPER.createArrayNode().addAll(responses);
    }

    private static @Nullable JsonNode parse(LineReader reader) {
        try {
            return Json.MAPPER.readTree(reader.bytes(), 0, reader.length());
        } catch (JacksonException e) {
            // A fault corrupted the line, so it is left out.
            return null;
        }
    }
}
