package io.pairbatch.simulator.anthropic;

import io.pairbatch.simulator.batch.ResultLine;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Live;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/messages`: the result that the same params have in a batch, without the wrapper.
final class AnthropicLive {

    private final AnthropicLines lines;
    private final Live live;

    AnthropicLive(AnthropicBatchApi api, Shared shared) {
        this.lines = api.lines();
        this.live = shared.live();
    }

    void handle(Exchange exchange, String version) throws IOException {
        if (!exchange.method().equals("POST")) {
            throw new AnthropicError(405, "invalid_request_error", "Method Not Allowed", null).refused();
        }
        String length = exchange.header("Content-Length");
        if (length.matches("\\d{8,}") && Long.parseLong(length) > Live.LONGEST_BODY) {
            throw AnthropicError.outage(413).refused();
        }
        JsonNode params = exchange.json(Live.LONGEST_BODY);
        live.handle(exchange, "/v1/messages", Json.text(params, "model", ""), ids -> answer(ids, params, version));
    }

    private Live.Answer answer(Dice ids, JsonNode params, String version) {
        if (Live.streams(params)) {
            throw AnthropicError.invalid("stream: the simulator does not stream")
                    .refused();
        }
        ResultLine line = lines.answer(ids, "", params, version, Asked.alone("anthropic"));
        JsonNode result = line.json().path("result");
        if (line.end() == ResultLine.End.FAILED) {
            throw AnthropicError.of(result.path("error").path("error")).refused();
        }
        ObjectNode message = result.withObject("message");
        message.withObject("usage").put("service_tier", "standard");
        return new Live.Answer(message, line.usage());
    }
}
