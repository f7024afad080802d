package io.pairbatch.cli.estimate;

import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.prompt.PromptTemplate;
import io.pairbatch.spec.JobSpec;
import java.io.IOException;

/// Bytes and estimated tokens of a table's prompts (contract 9.6): of the template with the trait filled in but without
/// the placeholders of the samples, and of both texts as often as they appear in it.
///
/// @param pairs whose prompts were counted
/// @param tokens a quarter of each prompt's bytes, rounded half to even
record PromptBytes(long pairs, long bytes, long tokens) {

    /// Reads the table to its last row. Holds one row.
    static PromptBytes of(JobSpec spec, InputFile table) throws IOException {
        PromptTemplate template =
                PromptTemplate.of(spec.prompt().template(), spec.prompt().trait());
        long fixed = 0;
        int firsts = 0;
        int seconds = 0;
        for (PromptTemplate.Piece piece : template.pieces()) {
            switch (piece) {
                case PromptTemplate.Piece.Literal literal -> fixed += utf8(literal.text());
                case PromptTemplate.Piece.Sample sample -> {
                    firsts += sample.position() == 1 ? 1 : 0;
                    seconds += sample.position() == 2 ? 1 : 0;
                }
            }
        }
        PromptBytes sum = new PromptBytes(0, 0, 0);
        try (PairReader reader = PairReader.open(table)) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                if (row instanceof InputRow.Accepted accepted) {
                    Pair pair = accepted.pair();
                    sum = sum.plus(fixed + firsts * utf8(pair.text1()) + seconds * utf8(pair.text2()));
                }
            }
        }
        return sum;
    }

    private PromptBytes plus(long prompt) {
        return new PromptBytes(pairs + 1, bytes + prompt, tokens + (long) Math.rint(prompt / 4.0));
    }

    /// The estimate for another number of pairs.
    PromptBytes scaledTo(long wanted) {
        if (pairs == 0 || wanted == pairs) {
            return this;
        }
        double share = (double) wanted / pairs;
        return new PromptBytes(wanted, Math.round(bytes * share), Math.round(tokens * share));
    }

    /// Bytes of a text in UTF-8, without encoding it.
    static long utf8(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
