package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.batch.ResultLine;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Live;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `models/{model}:generateContent`: the response that the same request has in a batch.
final class GeminiLive {

    private final GeminiRules rules;
    private final GeminiLines lines;
    private final Live live;

    GeminiLive(GeminiBatchApi api, Shared shared) {
        this.rules = api.rules();
        this.lines = api.lines();
        this.live = shared.live();
    }

    /// @param model without `models/`
    void handle(Exchange exchange, String model) throws IOException {
        JsonNode request = exchange.json(Live.LONGEST_BODY);
        String endpoint = "/v1beta/models/" + model + ":generateContent";
        live.handle(exchange, endpoint, model, ids -> answer(ids, model, request));
    }

    private Live.Answer answer(Dice ids, String model, JsonNode request) {
        if (rules.family(model).isEmpty()) {
            throw GeminiError.noSuchModel(model, "generateContent").refused();
        }
        List<ProtoTable.Misfit> misfits = rules.messages().check("GenerateContentRequest", request, "");
        if (!misfits.isEmpty()) {
            throw GeminiError.misfits(misfits).refused();
        }
        // The model in the path counts, not the one in the body.
        JsonNode asked = ((ObjectNode) request.deepCopy()).remove(List.of("model"));
        ResultLine line = lines.answer(ids, model, Json.object().set("request", asked), false, Asked.alone("gemini"));
        JsonNode error = line.json().path("error");
        if (error.isObject()) {
            throw GeminiError.of(error).refused();
        }
        return new Live.Answer(line.json().withObject("response"), line.usage());
    }
}
