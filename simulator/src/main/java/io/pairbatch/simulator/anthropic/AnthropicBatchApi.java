package io.pairbatch.simulator.anthropic;

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
import io.pairbatch.simulator.store.SimulatedClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Anthropic's message batches: partly validated at the create, partly per request; one results file; a batch never
/// fails as a whole.
public final class AnthropicBatchApi implements BatchApi {

    static final long DAY = 24L * 3600 * 1000;

    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final AnthropicRules rules = new AnthropicRules();
    private final AnthropicLines lines;
    private final FileStore files;
    private final SimulatedClock clock;
    private final Supplier<URI> baseUrl;

    public AnthropicBatchApi(Judge judge, FileStore files, SimulatedClock clock, Supplier<URI> baseUrl) {
        this.lines = new AnthropicLines(rules, judge);
        this.files = files;
        this.clock = clock;
        this.baseUrl = baseUrl;
    }

    @Override
    public String name() {
        return "anthropic";
    }

    AnthropicRules rules() {
        return rules;
    }

    AnthropicLines lines() {
        return lines;
    }

    @Override
    public Intake validate(Batch batch, @Nullable Path input) {
        return new Intake("", batch.note("total").longValue(0), 0, null);
    }

    @Override
    public ResultLine answer(Batch batch, JsonNode request, Dice dice, Asked asked) {
        String customId = Json.text(request, "custom_id", "");
        JsonNode fault = batch.has("fail") ? batch.fault("fail") : batch.fault("all_lines_fail");
        if (!fault.isMissingNode()) {
            AnthropicError usual = AnthropicError.outage(500);
            AnthropicError error = new AnthropicError(
                    500, Json.text(fault, "code", usual.type()), Json.text(fault, "message", usual.message()), null);
            return AnthropicLines.errored(customId, error, AnthropicLines.requestId(dice));
        }
        return lines.answer(
                dice, customId, request.path("params"), batch.note("version").asString(""), asked);
    }

    @Override
    public ResultLine unreached(JsonNode request, Dice dice, boolean expired) {
        return AnthropicLines.unreached(Json.text(request, "custom_id", ""), expired ? "expired" : "canceled");
    }

    @Override
    public boolean splitsErrors() {
        return false;
    }

    @Override
    public void makeForeign(ObjectNode line, String id) {
        line.put("custom_id", id);
    }

    @Override
    public void makeBlank(ObjectNode line) {
        line.putObject("result").put("type", "succeeded").putNull("message");
    }

    /// Stores requests or results for as long as the provider keeps results: 29 days from the batch's creation.
    FileStore.Stored keep(Path draft, long count, long created) throws IOException {
        ObjectNode object =
                Json.object().put("id", "lines-" + UUID.randomUUID()).put("expires_at", (created + 29 * DAY) / 1000);
        return files.add(name(), object, draft, count);
    }

    @Override
    public String keep(Batch batch, String kind, Path draft, long count) throws IOException {
        return keep(draft, count, batch.note("created_ms").longValue(0)).id();
    }

    @Override
    public ObjectNode view(Batch batch, Glimpse glimpse) {
        boolean ended = Batch.TERMINAL.contains(glimpse.status());
        long created = batch.note("created_ms").longValue(0);
        String output = batch.text("output_file_id");
        ObjectNode view = Json.object()
                .put("id", batch.id())
                .put("type", "message_batch")
                .put("processing_status", status(glimpse.status()));
        view.set("request_counts", batch.odd(counts(batch, glimpse, ended)));
        view.put("ended_at", ended ? time(batch.note(batch.text("status") + "_ms")) : null)
                .put("created_at", time(created))
                .put("expires_at", time(created + DAY))
                .put("archived_at", clock.millis() >= created + 29 * DAY ? time(created + 29 * DAY) : null)
                .put("cancel_initiated_at", time(batch.note("cancelling_ms")));
        boolean results = ended && !output.isEmpty();
        String nothing = ended && batch.has("output_blank_id") ? "" : null;
        return view.put(
                "results_url", results ? baseUrl.get() + "/v1/messages/batches/" + batch.id() + "/results" : nothing);
    }

    private static String status(String status) {
        return switch (status) {
            case "validating", "in_progress", "finalizing" -> "in_progress";
            case "cancelling" -> "canceling";
            default -> Batch.TERMINAL.contains(status) ? "ended" : status;
        };
    }

    /// All requests count as `processing` until the whole batch has ended.
    private static ObjectNode counts(Batch batch, Glimpse glimpse, boolean ended) {
        long unreached = ended ? glimpse.count(batch, "unreached") : 0;
        boolean expired = glimpse.status().equals("expired");
        return Json.object()
                .put("processing", ended ? 0 : batch.note("total").longValue(0))
                .put("succeeded", ended ? glimpse.count(batch, "completed") : 0)
                .put("errored", ended ? glimpse.count(batch, "failed") : 0)
                .put("canceled", expired ? 0 : unreached)
                .put("expired", expired ? unreached : 0);
    }

    private static @Nullable String time(JsonNode millis) {
        return millis.isNumber() ? time(millis.longValue()) : null;
    }

    private static String time(long millis) {
        return RFC_3339.format(Instant.ofEpochMilli(millis));
    }
}
