package io.pairbatch.provider.anthropic;

import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.MergedFields;
import io.pairbatch.provider.PromptLine;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JsonLine;

/// The request lines of a batch (contract 4.2): `{"custom_id":…,"params":{…}}`, keys in the contract's order, then what
/// is handed through. Numbers as the job gave them.
final class AnthropicRequests implements RequestWriter {

    private final PromptLine line;

    /// @param spec a specification that [RequestRules#problems] does not object to
    /// @param token the job's token on the wire
    AnthropicRequests(JobSpec spec, String token) {
        AnthropicOptions options = (AnthropicOptions) spec.options();
        RequestShape shape = RequestShape.of(spec.model(), options);
        JsonLine head = new JsonLine(Integer.MAX_VALUE);
        head.raw(",\"params\":{\"model\":").string(spec.model());
        head.raw(",\"max_tokens\":" + shape.maxTokens());
        if (shape.temperature() != null) {
            head.raw(",\"temperature\":" + shape.temperature());
        }
        head.raw(",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":");
        JsonLine tail = new JsonLine(Integer.MAX_VALUE);
        tail.raw("}]}]");
        if (shape.topP() != null) {
            tail.raw(",\"top_p\":" + shape.topP());
        }
        thinking(tail, shape);
        MergedFields.write(tail, options.bodyFields(), options.providerOptions());
        this.line = new PromptLine(spec, token, "{\"custom_id\":", head, tail.raw("}}"));
    }

    /// Its lines name none.
    @Override
    public String endpoint() {
        return "";
    }

    @Override
    public void write(JsonLine into, Pair pair, int attempt) {
        line.write(into, pair, attempt);
    }

    private static void thinking(JsonLine json, RequestShape shape) {
        RequestShape.ThinkingField thinking = shape.thinking();
        if (thinking == null) {
            return;
        }
        json.raw(",\"thinking\":{\"type\":").string(thinking.type());
        if (thinking.budgetTokens() != null) {
            json.raw(",\"budget_tokens\":" + thinking.budgetTokens());
        }
        json.raw(thinking.summarized() ? ",\"display\":\"summarized\"}" : "}");
    }
}
