package io.pairbatch.results;

import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.Answer;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt at one pair, with all that the result files say about it.
///
/// @param segment the segment's number, from 1
/// @param number 1 for the first attempt
/// @param receivedAt when the segment's answers were received, the same for all of them
/// @param answer null when the provider wrote no line
/// @param cost of the answer in USD, null when unknown
/// @param kind what kind of row a failure becomes
public record Attempt(
        Pair pair,
        PairKeys keys,
        int segment,
        int number,
        Instant receivedAt,
        @Nullable Answer answer,
        @Nullable BigDecimal cost,
        Outcome outcome,
        Kind kind) {

    /// The three kinds of rows that the contract's log of failed attempts holds (7.7).
    public enum Kind {
        /// The pair's own answer, or the lack of one.
        PAIR,
        /// An earlier line for a pair whose last line counts.
        DUPLICATE,
        /// The pair shares the fate of its batch.
        WHOLE_BATCH
    }
}
