package io.pairbatch.collect;

import java.math.BigDecimal;
import java.util.SortedMap;

/// What a segment came to, in numbers.
///
/// @param segment the segment's number
/// @param attempt 1 for the first attempt at its pairs
/// @param pairs pairs of the segment = `observed` + `failed`
/// @param failedByCode failed pairs by `error_code`
/// @param duplicateLines lines for a pair that had a later one
/// @param unmatchedLines lines that could not be read or belong to no pair
/// @param costUsd of all answers whose price is known, earlier ones to the same pair included
/// @param unpricedAnswers answers with tokens but without a known price
/// @param models answers by the model that the provider names; at most [#MAX_MODELS] names, the rest under `other`
public record SegmentTally(
        int segment,
        int attempt,
        long pairs,
        long observed,
        long failed,
        SortedMap<String, Long> failedByCode,
        long duplicateLines,
        long unmatchedLines,
        Tokens tokens,
        BigDecimal costUsd,
        long unpricedAnswers,
        SortedMap<String, Long> models) {

    public static final int MAX_MODELS = 50;

    /// Sums over answers; a count that the provider leaves out adds nothing.
    public record Tokens(long prompt, long completion, long total, long promptCached, long reasoning) {

        public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

        /// Both together.
        public Tokens plus(Tokens more) {
            return new Tokens(
                    prompt + more.prompt,
                    completion + more.completion,
                    total + more.total,
                    promptCached + more.promptCached,
                    reasoning + more.reasoning);
        }
    }
}
