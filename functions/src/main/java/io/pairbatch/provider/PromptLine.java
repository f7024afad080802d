package io.pairbatch.provider;

import io.pairbatch.job.JobSpec;
import io.pairbatch.job.Trait;
import io.pairbatch.job.WireId;
import io.pairbatch.pairs.Pair;
import io.pairbatch.prompt.PromptTemplate;
import io.pairbatch.store.JsonLine;
import java.util.ArrayList;
import java.util.List;

/// A request line of which everything but the id and the two texts is the same on every line, and is encoded once.
public final class PromptLine {

    private final String token;
    private final byte[] beforeId;

    /// Encoded JSON; between two of these stands a sample.
    private final List<byte[]> fixed = new ArrayList<>();

    /// The samples' positions, 1 or 2.
    private final List<Integer> samples = new ArrayList<>();

    /// @param token the job's token on the wire
    /// @param beforeId JSON up to the id
    /// @param beforePrompt JSON from behind the id's closing quote up to the prompt's opening quote
    /// @param afterPrompt JSON from behind the prompt's closing quote to the end of the line, without its `\n`
    public PromptLine(JobSpec spec, String token, String beforeId, JsonLine beforePrompt, JsonLine afterPrompt) {
        this.token = token;
        this.beforeId = new JsonLine(Integer.MAX_VALUE).raw(beforeId).toBytes();
        JsonLine json = new JsonLine(Integer.MAX_VALUE);
        json.raw(beforePrompt.toBytes()).raw("\"");
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
        fixed.add(json.raw("\"").raw(afterPrompt.toBytes()).raw("\n").toBytes());
    }

    /// Writes the pair's line into `line`, which is emptied first.
    public void write(JsonLine line, Pair pair) {
        line.reset();
        line.raw(beforeId).string(new WireId(token, pair.row()).toString());
        for (int i = 0; i < samples.size(); i++) {
            line.raw(fixed.get(i)).text(samples.get(i) == 1 ? pair.text1() : pair.text2());
        }
        line.raw(fixed.getLast());
    }
}
