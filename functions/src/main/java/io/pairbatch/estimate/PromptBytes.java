package io.pairbatch.estimate;

import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.prompt.PromptSize;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.split.DesignedPairs;
import io.pairbatch.split.PairSource;
import java.io.IOException;

/// Bytes and estimated tokens of a table's prompts (contract 9.6, [PromptSize]).
///
/// @param pairs whose prompts were counted
/// @param tokens a quarter of each prompt's bytes, rounded half to even
record PromptBytes(long pairs, long bytes, long tokens) {

    /// Reads a table of pairs to its last row, and holds one row; of samples it reads nothing.
    static PromptBytes of(JobSpec spec, PairSource pairs) throws IOException {
        PromptSize size = PromptSize.of(spec.prompt().template(), spec.prompt().trait());
        PromptBytes[] sum = {new PromptBytes(0, 0, 0)};
        if (pairs instanceof DesignedPairs designed) {
            designed.sizes((text1, text2) -> sum[0] = sum[0].plus(size.with(text1, text2)));
            return sum[0];
        }
        try (PairRows reader = pairs.open(Position.START)) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                if (row instanceof InputRow.Accepted accepted) {
                    Pair pair = accepted.pair();
                    sum[0] = sum[0].plus(size.with(pair.text1(), pair.text2()));
                }
            }
        }
        return sum[0];
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
}
