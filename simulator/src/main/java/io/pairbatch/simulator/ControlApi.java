package io.pairbatch.simulator;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.fault.Faults;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Handling;
import io.pairbatch.simulator.http.HttpApi;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.openai.OpenAiApi;
import io.pairbatch.simulator.openai.OpenAiError;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/_simulator`: how tests control the simulator. Needs no key.
final class ControlApi {

    private static final long SETTLING_MILLIS = 60_000;

    private final Shared shared;
    private final Faults faults;
    private final List<HttpApi> apis;

    ControlApi(Shared shared, Faults faults, List<HttpApi> apis) {
        this.shared = shared;
        this.faults = faults;
        this.apis = apis;
    }

    void handle(Exchange exchange) throws IOException {
        String what =
                String.join("/", exchange.path().subList(1, exchange.path().size()));
        switch (exchange.method() + " " + what) {
            case "GET health" -> exchange.reply(200, health());
            case "GET journal" -> exchange.reply(shared.journal().file(), "application/jsonl", 1);
            case "POST faults" -> {
                replaceFaults(exchange.json());
                exchange.reply(200, health());
            }
            case "POST foreign-batch" -> exchange.reply(200, foreignBatch(exchange.json()));
            case "POST advance" -> {
                shared.clock().advance((long) (exchange.json().path("seconds").doubleValue(0) * 1000));
                exchange.reply(200, health());
            }
            case "POST settle" -> {
                exchange.drain();
                settle();
                exchange.reply(200, health());
            }
            default -> throw OpenAiApi.unknownUrl(exchange);
        }
    }

    private void replaceFaults(JsonNode rules) {
        try {
            faults.replace(rules);
        } catch (IllegalArgumentException e) {
            throw OpenAiError.invalid(String.valueOf(e.getMessage()), null, null)
                    .refused();
        }
    }

    private ObjectNode health() {
        List<Batch> all = shared.batches().list();
        return Json.object()
                .put("status", "ok")
                .put("now", shared.clock().seconds())
                .put("batches", all.size())
                .put(
                        "open_batches",
                        all.stream().filter(batch -> !batch.terminal()).count());
    }

    /// Moves the clock past every batch's end and waits until all but stuck ones have ended, at most a minute.
    private void settle() throws IOException {
        shared.clock().advance((long) (shared.settings().batchSeconds() * 1100) + 1);
        long end = System.nanoTime() + SETTLING_MILLIS * 1_000_000;
        while (shared.batches().list().stream().anyMatch(batch -> !batch.terminal() && !batch.has("stuck"))
                && System.nanoTime() < end) {
            Handling.pause(5);
        }
    }

    /// Another user's batch in the same project: `{api, requests, custom_ids, model, …}`, all optional.
    private ObjectNode foreignBatch(JsonNode wish) throws IOException {
        String name = Json.text(wish, "api", "openai");
        HttpApi api = apis.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> OpenAiError.invalid("Unknown API '" + name + "'.", "api", "invalid_value")
                        .refused());
        Batch batch = api.plant(wish);
        ObjectNode answer = shared.runner().view(batch);
        shared.runner().start(batch);
        return answer;
    }
}
