package io.pairbatch.provider.openai;

import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.MergedFields;
import io.pairbatch.provider.PromptLine;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JsonLine;

/// The request lines of an OpenAI batch (contract 4.1).
final class OpenAiRequests implements RequestWriter {

    private static final String CHAT = "/v1/chat/completions";
    private static final String RESPONSES = "/v1/responses";

    private final String endpoint;
    private final PromptLine line;

    /// @param spec a specification that [RequestRules#problems] does not object to
    /// @param token the job's token on the wire
    /// @param service says what stands around a request's body
    OpenAiRequests(JobSpec spec, String token, OpenAiService service) {
        OpenAiOptions options = (OpenAiOptions) spec.options();
        RequestShape shape = RequestShape.of(spec.model(), options);
        this.endpoint = shape.responses() ? RESPONSES : CHAT;
        JsonLine head = new JsonLine(Integer.MAX_VALUE);
        if (service.methodAndUrl()) {
            head.raw(",\"method\":\"POST\",\"url\":").string(endpoint);
        }
        head.raw(",\"body\":{");
        if (service.modelInBody()) {
            head.raw("\"model\":").string(spec.model()).raw(",");
        }
        head.raw(shape.responses() ? "\"input\":" : "\"messages\":[{\"role\":\"user\",\"content\":");
        JsonLine tail = new JsonLine(Integer.MAX_VALUE);
        tail.raw(shape.responses() ? "" : "}]");
        MergedFields.write(tail, OpenAiBody.named(options, shape), options.providerOptions());
        this.line = new PromptLine(spec, token, "{\"custom_id\":", head, tail.raw("}}"));
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public void write(JsonLine into, Pair pair, int attempt) {
        line.write(into, pair, attempt);
    }
}
