package io.pairbatch.provider.gemini;

import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.PromptLine;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.provider.http.ProviderHttp;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JsonLine;

/// The lines of a Gemini batch in file mode: `{"key":…,"request":{"contents":[…],"generationConfig":{…}}}`
/// (contract 4.3; https://ai.google.dev/gemini-api/docs/batch-api). The model stands in the create.
final class GeminiRequests implements RequestWriter {

    private final PromptLine line;

    /// @param spec a specification that [RequestShape#problems] does not object to
    /// @param token the job's token on the wire
    GeminiRequests(JobSpec spec, String token) {
        RequestShape shape = RequestShape.of(spec.model(), (GeminiOptions) spec.options());
        JsonLine head = new JsonLine(Integer.MAX_VALUE);
        head.raw(",\"request\":{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":");
        JsonLine tail = new JsonLine(Integer.MAX_VALUE);
        tail.raw("}]}]");
        if (!shape.request().isEmpty()) {
            String object = ProviderHttp.JSON.writeValueAsString(shape.request());
            tail.raw("," + object.substring(1, object.length() - 1));
        }
        this.line = new PromptLine(spec, token, "{\"key\":", head, tail.raw("}}"));
    }

    @Override
    public String endpoint() {
        return "";
    }

    @Override
    public void write(JsonLine into, Pair pair, int attempt) {
        line.write(into, pair, attempt);
    }
}
