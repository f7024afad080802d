package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.batch.BatchApi;
import io.pairbatch.simulator.batch.BatchSettings;
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
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's batches: validated after the create, with an output file and an error file.
public final class OpenAiBatchApi implements BatchApi {

    private final Service service;
    private final BatchSettings settings;
    private final OpenAiRules rules = new OpenAiRules();
    private final OpenAiLines lines;
    private final FileStore files;
    private final SimulatedClock clock;

    public OpenAiBatchApi(Service service, BatchSettings settings, Judge judge, FileStore files, SimulatedClock clock) {
        this.service = service;
        this.settings = settings;
        this.lines = new OpenAiLines(rules, judge);
        this.files = files;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "openai";
    }

    OpenAiRules rules() {
        return rules;
    }

    OpenAiLines lines() {
        return lines;
    }

    @Override
    public Intake validate(Batch batch, @Nullable Path input) throws IOException {
        OpenAiValidation validation =
                new OpenAiValidation(rules, service, batch.text("endpoint"), settings.mostRequests(service.requests()));
        if (input != null) {
            validation.read(input);
        }
        JsonNode fault = batch.fault("fail");
        if (!fault.isMissingNode()) {
            String code = Json.text(fault, "code", "server_error");
            validation.error(code, Json.text(fault, "message", "The batch failed: " + code + "."), null, 0);
        }
        return new Intake(
                validation.model(),
                validation.requests(),
                validation.tokens(),
                validation.errors().isEmpty() ? null : list(validation.errors()));
    }

    @Override
    public JsonNode queueFull(String model, long limit) {
        ArrayNode errors = Json.MAPPER.createArrayNode();
        errors.addObject()
                .put("code", "token_limit_exceeded")
                .put(
                        "message",
                        String.format(
                                Locale.ROOT,
                                "Enqueued token limit reached for %s in organization org-simulator. Limit: %,d enqueued tokens. "
                                        + "Please try again once some in_progress batches have been completed.",
                                model,
                                limit))
                .putNull("param")
                .putNull("line");
        return list(errors);
    }

    /// `{object:"list", data[{code,message,param,line}]}`
    private static ObjectNode list(ArrayNode data) {
        ObjectNode errors = Json.object().put("object", "list");
        errors.set("data", data);
        return errors;
    }

    @Override
    public ResultLine answer(Batch batch, JsonNode request, Dice dice, Asked asked) {
        return lines.answer(
                dice,
                Json.text(request, "custom_id", ""),
                batch.text("endpoint"),
                request.path("body"),
                batch.number("created_at"),
                batch.has("all_lines_fail"),
                asked);
    }

    @Override
    public ResultLine unreached(JsonNode request, Dice dice, boolean expired) {
        return lines.unreached(
                dice, Json.text(request, "custom_id", ""), expired ? "batch_expired" : "batch_cancelled");
    }

    @Override
    public boolean splitsErrors() {
        return true;
    }

    @Override
    public boolean keepsEmptyErrors() {
        return service.azure();
    }

    @Override
    public void makeForeign(ObjectNode line, String id) {
        line.put("custom_id", id);
    }

    @Override
    public void makeBlank(ObjectNode line) {
        line.putObject("response").put("status_code", 0).put("request_id", "").putNull("body");
    }

    @Override
    public String keep(Batch batch, String kind, Path draft, long count) throws IOException {
        JsonNode lifetime = batch.note("output_lifetime");
        ObjectNode file = file(
                draft,
                batch.id() + "_" + kind + ".jsonl",
                "batch_output",
                lifetime.isNumber() ? (Long) lifetime.longValue() : null);
        return files.add(name(), file, draft, count).id();
    }

    /// The lifetime of a batch's output files in seconds.
    long outputLifetime(JsonNode wish) {
        String anchor = Json.text(wish, "anchor", "");
        String seconds = wish.path("seconds").asString("");
        return service.azure()
                ? OpenAiApi.lifetime("output_expires_after", anchor, seconds, Service.SHORTEST_AZURE_LIFE)
                : OpenAiApi.lifetime("output_expires_after", anchor, seconds);
    }

    /// A new file object.
    ///
    /// @param lifetime seconds, or null for the purpose's default
    ObjectNode file(Path draft, String filename, String purpose, @Nullable Long lifetime) throws IOException {
        String id = "file-" + UUID.randomUUID().toString().replace("-", "").substring(0, 22);
        ObjectNode file = OpenAiFiles.object(id, draft, filename, purpose, clock.seconds(), lifetime);
        // Azure keeps files without an expiry.
        return service.azure() && lifetime == null ? file.putNull("expires_at") : file;
    }

    @Override
    public ObjectNode view(Batch batch, Glimpse glimpse) {
        ObjectNode view = batch.copy().put("status", glimpse.status());
        JsonNode model = batch.note("model");
        if (model.isString()) {
            view.put("model", rules.snapshot(model.stringValue()));
        }
        if (glimpse.regressed()) {
            view.putNull("output_file_id").putNull("error_file_id");
        }
        ObjectNode counts = view.putObject("request_counts")
                .put("total", glimpse.regressed() ? 0 : batch.note("total").longValue(0))
                .put("completed", glimpse.count(batch, "completed"))
                .put("failed", glimpse.count(batch, "failed") + glimpse.count(batch, "unreached"));
        batch.odd(counts);
        return service.dressed(view);
    }
}
