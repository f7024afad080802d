package io.pairbatch.provider.openai;

import io.pairbatch.job.FieldProblem;
import io.pairbatch.job.JobSpec;
import io.pairbatch.job.OpenAiOptions;
import io.pairbatch.job.Trait;
import io.pairbatch.job.WireId;
import io.pairbatch.pairs.Pair;
import io.pairbatch.prompt.PromptTemplate;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.store.JsonLine;
import java.util.ArrayList;
import java.util.List;

/// Builds the request lines of an OpenAI batch (contract 4.1). Everything but the id and the two texts is the same on
/// every line and is encoded once.
public final class OpenAiRequests {

    /// OpenAI takes 50,000 requests and 200 MB a file (as of 2026-11-22); one percent of the bytes is left free. A line
    /// of more than 32 MiB exceeds every model's context many times over.
    public static final BatchLimits LIMITS = new BatchLimits(50_000, 198_000_000L, 32 << 20);

    private static final String CHAT = "/v1/chat/completions";
    private static final String RESPONSES = "/v1/responses";

    private final String token;
    private final String endpoint;

    /// Encoded JSON; between two of these stands a sample.
    private final List<byte[]> fixed = new ArrayList<>();

    /// The samples' positions, 1 or 2.
    private final List<Integer> samples = new ArrayList<>();

    /// @param spec a specification that [#problems] does not object to
    /// @param token the job's token on the wire
    public OpenAiRequests(JobSpec spec, String token) {
        this.token = token;
        RequestShape shape = RequestShape.of(spec.model(), spec.openai());
        this.endpoint = shape.responses() ? RESPONSES : CHAT;
        encode(spec, shape);
    }

    /// What the builder refuses about these options.
    public static List<FieldProblem> problems(String model, OpenAiOptions options) {
        return RequestShape.problems(model, options);
    }

    /// The path that every line and the batch itself name.
    public String endpoint() {
        return endpoint;
    }

    /// Writes the pair's request with its `\n` into `line`, which is emptied first; whether it fitted is
    /// [JsonLine#tooLong].
    public void write(JsonLine line, Pair pair) {
        line.reset();
        line.raw("{\"custom_id\":").string(new WireId(token, pair.row()).toString());
        for (int i = 0; i < samples.size(); i++) {
            line.raw(fixed.get(i)).text(samples.get(i) == 1 ? pair.text1() : pair.text2());
        }
        line.raw(fixed.getLast());
    }

    private void encode(JobSpec spec, RequestShape shape) {
        JsonLine json = new JsonLine(Integer.MAX_VALUE);
        json.raw(",\"method\":\"POST\",\"url\":").string(endpoint);
        json.raw(",\"body\":{\"model\":").string(spec.model());
        json.raw(shape.responses() ? ",\"input\":\"" : ",\"messages\":[{\"role\":\"user\",\"content\":\"");
        PromptTemplate template =
                PromptTemplate.of(spec.promptTemplate(), new Trait(spec.traitName(), spec.traitDescription()));
        for (PromptTemplate.Piece piece : template.pieces()) {
            switch (piece) {
                case PromptTemplate.Piece.Literal literal -> json.text(literal.text());
                case PromptTemplate.Piece.Sample sample -> {
                    fixed.add(json.toBytes());
                    samples.add(sample.position());
                    json.reset();
                }
            }
        }
        json.raw(shape.responses() ? "\"" : "\"}]");
        options(json, shape);
        json.raw("}}\n");
        fixed.add(json.toBytes());
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
