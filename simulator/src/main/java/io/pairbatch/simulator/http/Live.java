package io.pairbatch.simulator.http;

import io.pairbatch.simulator.fault.Fault;
import io.pairbatch.simulator.fault.Operation;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.judge.Usage;
import io.pairbatch.simulator.store.Journal;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests that are answered at once instead of in a batch, with the same rules and the same judge.
public final class Live {

    /// The longest body, which is kept in memory; Anthropic's documented limit.
    public static final int LONGEST_BODY = 32 << 20;

    /// The response to a request.
    ///
    /// @param body the response body
    public record Answer(ObjectNode body, Usage usage) {}

    /// The model behind one endpoint.
    @FunctionalInterface
    public interface Model {

        /// Answers a request.
        ///
        /// @param ids random source of this request, for IDs
        /// @throws RefusedException with the provider's error response
        Answer answer(Dice ids);
    }

    private final Journal journal;
    private final Handling handling;

    public Live(Journal journal, Handling handling) {
        this.journal = journal;
        this.handling = handling;
    }

    /// Answers or refuses a request, under the faults of the operation `live`. The result is in the journal before the
    /// response is sent.
    ///
    /// @param endpoint for the journal
    /// @param name of the requested model
    public void handle(Exchange exchange, String endpoint, String name, Model model) throws IOException {
        String api = exchange.api().name();
        handling.run(exchange, new Fault.Call(api, Operation.LIVE, Map.of(), "", ""), laid -> {
            ObjectNode entry = Journal.entry("live", exchange.requestId())
                    .put("api", api)
                    .put("endpoint", endpoint)
                    .put("model", name);
            try {
                Answer answer =
                        model.answer(new Dice(ThreadLocalRandom.current().nextLong()));
                journal.append(entry.put("status", 200)
                        .put("input_tokens", answer.usage().input())
                        .put("output_tokens", answer.usage().output()));
                return cut -> exchange.reply(200, answer.body());
            } catch (RefusedException e) {
                journal.append(entry.put("status", e.error().status()));
                return cut -> exchange.reply(e.error(), e.error().retryAfter());
            }
        });
    }

    /// Whether a body asks for streaming, which the simulator does not support.
    public static boolean streams(JsonNode body) {
        return body.path("stream").booleanValue(false);
    }
}
