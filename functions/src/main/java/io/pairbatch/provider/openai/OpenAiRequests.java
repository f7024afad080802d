package io.pairbatch.provider.openai;

import io.pairbatch.job.JobSpec;
import io.pairbatch.job.OpenAiOptions;
import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.PromptLine;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.store.JsonLine;

/// The request lines of an OpenAI batch (contract 4.1).
final class OpenAiRequests implements RequestWriter {

    private static final String CHAT = "/v1/chat/completions";
    private static final String RESPONSES = "/v1/responses";

    private final String endpoint;
    private final PromptLine line;

    /// @param spec a specification that [RequestShape#problems] does not object to
    /// @param token the job's token on the wire
    OpenAiRequests(JobSpec spec, String token) {
        RequestShape shape = RequestShape.of(spec.model(), (OpenAiOptions) spec.options());
        this.endpoint = shape.responses() ? RESPONSES : CHAT;
        JsonLine head = new JsonLine(Integer.MAX_VALUE);
        head.raw(",\"method\":\"POST\",\"url\":").string(endpoint);
        head.raw(",\"body\":{\"model\":").string(spec.model());
        head.raw(shape.responses() ? ",\"input\":" : ",\"messages\":[{\"role\":\"user\",\"content\":");
        JsonLine tail = new JsonLine(Integer.MAX_VALUE);
        tail.raw(shape.responses() ? "" : "}]");
        options(tail, shape);
        this.line = new PromptLine(spec, token, "{\"custom_id\":", head, tail.raw("}}"));
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public void write(JsonLine into, Pair pair) {
        line.write(into, pair);
    }

    /// The options in the contract's order; numbers as the job gave them.
    private static void options(JsonLine json, RequestShape shape) {
        String effort = shape.effort();
        if (shape.responses() && effort != null) {
            json.raw(",\"reasoning\":{\"effort\":").string(effort);
            json.raw(shape.summary() ? ",\"summary\":\"auto\"}" : "}");
        }
        if (shape.temperature() != null) {
            json.raw(",\"temperature\":" + shape.temperature());
        }
        if (shape.topP() != null) {
            json.raw(",\"top_p\":" + shape.topP());
        }
        if (shape.logprobs() != null) {
            json.raw(",\"logprobs\":" + shape.logprobs());
        }
    }
}
