package io.pairbatch.results;

import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.Answer;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt at one pair, with everything that the result files show of it.
///
/// @param segment the segment's number, from 1
/// @param number 1 for the first attempt
/// @param receivedAt when the segment's answers were received, the same for all of them
/// @param answer null if the provider wrote no line
/// @param raw the provider's line; null if there is none, or if the job does not want it
/// @param cost of the answer in USD, null if unknown
/// @param kind what kind of row a failure becomes
public record Attempt(
        Pair pair,
        PairKeys keys,
        int segment,
        int number,
        Instant receivedAt,
        @Nullable Answer answer,
        @Nullable String raw,
        @Nullable BigDecimal cost,
        Outcome outcome,
        Kind kind) {

    /// The three kinds of rows that the contract's log of failed attempts holds (7.7).
    public enum Kind {
        /// The pair's own answer, or its absence.
        PAIR,
        /// An earlier line for a pair whose last line counts.
        DUPLICATE,
        /// The whole batch failed, and the pair with it.
        WHOLE_BATCH
    }
}
