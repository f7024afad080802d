package io.pairbatch.provider;

import static io.pairbatch.prompt.ChainedTemplate.SECOND;

import io.pairbatch.job.WireId;
import io.pairbatch.pairs.Pair;
import io.pairbatch.prompt.ChainedTemplate;
import io.pairbatch.prompt.PromptTemplate;
import io.pairbatch.prompt.Trait;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.Substitution;
import io.pairbatch.store.JsonLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request line of which everything but the id and the two texts is the same on every line, and is encoded once.
public final class PromptLine {

    private final String token;
    private final byte[] beforeId;

    /// Encoded JSON; between two of these stands a sample.
    private final List<byte[]> fixed = new ArrayList<>();

    /// The samples' positions, 1 or 2.
    private final List<Integer> samples = new ArrayList<>();

    /// Fills the prompt anew for each pair; null when a sample's place never depends on the other one.
    private final @Nullable ChainedTemplate chained;

    /// @param token the job's token on the wire
    /// @param beforeId JSON up to the id
    /// @param beforePrompt JSON from behind the id's closing quote up to the prompt's opening quote
    /// @param afterPrompt JSON from behind the prompt's closing quote to the end of the line, without its `\n`
    public PromptLine(JobSpec spec, String token, String beforeId, JsonLine beforePrompt, JsonLine afterPrompt) {
        this.token = token;
        this.beforeId = new JsonLine(Integer.MAX_VALUE).raw(beforeId).toBytes();
        JsonLine json = new JsonLine(Integer.MAX_VALUE);
        json.raw(beforePrompt.toBytes()).raw("\"");
        Trait trait = spec.prompt().trait();
        this.chained = spec.prompt().substitution() == Substitution.CHAINED
                ? ChainedTemplate.of(spec.prompt().template(), trait)
                : null;
        if (chained == null) {
            encode(PromptTemplate.of(spec.prompt().template(), trait), json);
        } else {
            fixed.add(json.toBytes());
            json.reset();
        }
        fixed.add(json.raw("\"").raw(afterPrompt.toBytes()).raw("\n").toBytes());
    }

    private void encode(PromptTemplate template, JsonLine json) {
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
    }

    /// Writes the pair's line into `line`, which is emptied first.
    ///
    /// @param attempt 1 for the first attempt at the pair
    public void write(JsonLine line, Pair pair, int attempt) {
        line.reset();
        line.raw(beforeId).string(new WireId(token, pair.row(), attempt).toString());
        if (chained == null) {
            for (int i = 0; i < samples.size(); i++) {
                line.raw(fixed.get(i)).text(samples.get(i) == 1 ? pair.text1() : pair.text2());
            }
        } else {
            line.raw(fixed.getFirst());
            writeChained(chained, line, pair);
        }
        line.raw(fixed.getLast());
    }

    /// Holds the prompt with its first text once beside the line; it is never longer than the longest line.
    private static void writeChained(ChainedTemplate template, JsonLine line, Pair pair) {
        // A character takes one byte at least, so a prompt of more characters than bytes has no room.
        Optional<String> prompt = template.withFirst(pair.text1(), line.maxBytes());
        if (prompt.isEmpty()) {
            line.giveUp();
            return;
        }
        String text = prompt.get();
        int from = 0;
        for (int at = text.indexOf(SECOND); at >= 0; at = text.indexOf(SECOND, from)) {
            line.text(text, from, at).text(pair.text2());
            from = at + SECOND.length();
        }
        line.text(text, from, text.length());
    }
}
