package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.batch.ResultLine;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Live;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.SimulatedClock;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// `/v1/chat/completions` and `/v1/responses`: the line that the same request has in a batch, without the wrapper.
final class OpenAiLive {

    private final Service service;
    private final OpenAiRules rules;
    private final OpenAiLines lines;
    private final SimulatedClock clock;
    private final Live live;

    OpenAiLive(Service service, OpenAiBatchApi api, Shared shared) {
        this.service = service;
        this.rules = api.rules();
        this.lines = api.lines();
        this.clock = shared.clock();
        this.live = shared.live();
    }

    /// @param endpoint as a batch names it: with `/v1`, whatever the service's root
    void handle(Exchange exchange, String endpoint) throws IOException {
        if (!exchange.method().equals("POST")) {
            throw OpenAiApi.unknownUrl(exchange);
        }
        JsonNode body = exchange.json(Live.LONGEST_BODY);
        String model = Json.text(body, "model", "");
        live.handle(exchange, endpoint, model, ids -> answer(ids, endpoint, body, model));
    }

    private Live.Answer answer(Dice ids, String endpoint, JsonNode body, String model) {
        if (model.isEmpty()) {
            throw OpenAiError.invalid("Missing required parameter: 'model'.", "model", "missing_required_parameter")
                    .refused();
        }
        if (rules.family(model).isEmpty()) {
            throw service.noSuchModel(model).refused();
        }
        if (Live.streams(body)) {
            throw OpenAiError.invalid("The simulator does not stream.", "stream", "unsupported_value")
                    .refused();
        }
        ResultLine line = lines.answer(ids, "", endpoint, body, clock.seconds(), false, Asked.alone("openai"));
        JsonNode response = line.json().path("response");
        if (!response.isObject()) {
            // A batch line without a response is a live request that timed out.
            throw OpenAiError.outage(408).refused();
        }
        if (line.end() == ResultLine.End.FAILED) {
            throw OpenAiError.of(response.path("status_code").intValue(), response.path("body"))
                    .refused();
        }
        return new Live.Answer(response.withObject("body"), line.usage());
    }
}
