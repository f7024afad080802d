package io.pairbatch.simulator;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/_simulator`: what tests do to the provider behind its callers' backs. Asks for no key.
final class ControlApi {
    private static final long SETTLING_MILLIS = 60_000;

    private final Settings settings;
    private final SimulatedClock clock;
    private final Journal journal;
    private final Faults faults;
    private final BatchStore batches;
    private final BatchRunner runner;
    private final List<HttpApi> apis;

    ControlApi(
            Settings settings,
            SimulatedClock clock,
            Journal journal,
            Faults faults,
            BatchStore batches,
            BatchRunner runner,
            List<HttpApi> apis) {
        this.settings = settings;
        this.clock = clock;
        this.journal = journal;
        this.faults = faults;
        this.batches = batches;
        this.runner = runner;
        this.apis = apis;
    }

    void handle(Exchange exchange) throws IOException {
        String what =
                String.join("/", exchange.path().subList(1, exchange.path().size()));
        switch (exchange.method() + " " + what) {
            case "GET health" -> exchange.reply(200, health());
            case "GET journal" -> exchange.reply(journal.file(), "application/jsonl", 1);
            case "POST faults" -> {
                faults.replace(exchange.json());
                exchange.reply(200, health());
            }
            case "POST foreign-batch" -> exchange.reply(200, foreignBatch(exchange.json()));
            case "POST advance" -> {
                clock.advance((long) (exchange.json().path("seconds").doubleValue(0) * 1000));
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

    private ObjectNode health() {
        List<Batch> all = batches.list();
        return Json.object()
                .put("status", "ok")
                .put("now", clock.seconds())
                .put("batches", all.size())
                .put(
                        "open_batches",
                        all.stream().filter(batch -> !batch.terminal()).count());
    }

    /// Moves the clock past every batch's end and waits until all have ended, a minute at most; stuck ones stay open.
    private void settle() throws IOException {
        clock.advance((long) (settings.batchSeconds() * 1100) + 1);
        long end = System.nanoTime() + SETTLING_MILLIS * 1_000_000;
        while (batches.list().stream().anyMatch(batch -> !batch.terminal() && !batch.has("stuck"))
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
        ObjectNode answer = runner.view(batch);
        runner.start(batch);
        return answer;
    }
}
