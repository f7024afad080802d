package io.pairbatch.provider;

import io.pairbatch.pairs.Pair;
import io.pairbatch.store.JsonLine;

/// Writes the request lines of one job's batches.
public interface RequestWriter {

    /// The path of the API that each request names, such as `/v1/responses`; empty where lines name none.
    String endpoint();

    /// Writes the pair's request with its `\n` into `line`, which is emptied first; whether it fitted is
    /// [JsonLine#tooLong].
    ///
    /// @param attempt 1 for the first attempt at the pair
    void write(JsonLine line, Pair pair, int attempt);

    /// The same for the first attempt.
    default void write(JsonLine line, Pair pair) {
        write(line, pair, 1);
    }
}
