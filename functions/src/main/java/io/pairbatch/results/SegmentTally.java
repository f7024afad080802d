package io.pairbatch.results;

import java.math.BigDecimal;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The totals of a segment.
///
/// @param segment the segment's number
/// @param attempt 1 for the first attempt at its pairs
/// @param pairs pairs of the segment = `observed` + `failed`
/// @param failedByCode failed pairs by `error_code`, with the first rows of each
/// @param requests how many the provider has worked on, or may have: not those of a batch that ended before it came to
/// them, or was never created
/// @param tags answers that another tag mode would read otherwise
/// @param duplicateLines lines for a pair of which another line counts
/// @param disagreeing pairs of which another line names a winner that the one that counts does not name
/// @param unmatchedLines lines that could not be read or belong to no pair
/// @param foreignLines those of them that are of another job
/// @param costUsd of all answers with a known price, including earlier ones to the same pair
/// @param wasteUsd that part of it that was paid for answers without a winner
/// @param unpricedAnswers answers with tokens but without a known price
/// @param seen what the answers tell of the requests that follow
/// @param made by which version, with which columns
/// @param models answers by the model that the provider names; at most [#MAX_MODELS] names, the rest under `other`
public record SegmentTally(
        int segment,
        int attempt,
        long pairs,
        long observed,
        long failed,
        SortedMap<String, Rows> failedByCode,
        long requests,
        TagCounts tags,
        long duplicateLines,
        Rows disagreeing,
        long unmatchedLines,
        long foreignLines,
        Tokens tokens,
        BigDecimal costUsd,
        BigDecimal wasteUsd,
        long unpricedAnswers,
        SortedMap<String, Long> models,
        Seen seen,
        Made made) {

    public static final int MAX_MODELS = 50;

    /// The sum over the segments of a job so far; its segment and attempt have no meaning.
    public SegmentTally plus(SegmentTally more) {
        return new SegmentTally(
                0,
                0,
                pairs + more.pairs,
                observed + more.observed,
                failed + more.failed,
                rows(failedByCode, more.failedByCode),
                requests + more.requests,
                tags.plus(more.tags),
                duplicateLines + more.duplicateLines,
                disagreeing.plus(more.disagreeing),
                unmatchedLines + more.unmatchedLines,
                foreignLines + more.foreignLines,
                tokens.plus(more.tokens),
                costUsd.add(more.costUsd),
                wasteUsd.add(more.wasteUsd),
                unpricedAnswers + more.unpricedAnswers,
                sum(models, more.models),
                Seen.NOTHING,
                Made.UNKNOWN);
    }

    /// The same without pairs that another attempt decides.
    ///
    /// @param wins how many of the pairs with a winner
    /// @param failures those without one that it decides itself, by `error_code`
    public SegmentTally without(long wins, SortedMap<String, Rows> failures) {
        long left = failures.values().stream().mapToLong(Rows::count).sum();
        return new SegmentTally(
                segment,
                attempt,
                observed - wins + left,
                observed - wins,
                left,
                failures,
                requests,
                tags,
                duplicateLines,
                disagreeing,
                unmatchedLines,
                foreignLines,
                tokens,
                costUsd,
                wasteUsd,
                unpricedAnswers,
                models,
                seen,
                made);
    }

    /// The sum over no segments.
    public static SegmentTally none() {
        return new SegmentTally(
                0,
                0,
                0,
                0,
                0,
                new TreeMap<>(),
                0,
                TagCounts.NONE,
                0,
                Rows.NONE,
                0,
                0,
                Tokens.NONE,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                0,
                new TreeMap<>(),
                Seen.NOTHING,
                Made.UNKNOWN);
    }

    private static SortedMap<String, Long> sum(SortedMap<String, Long> a, SortedMap<String, Long> b) {
        SortedMap<String, Long> both = new TreeMap<>(a);
        b.forEach((key, count) -> both.merge(key, count, Long::sum));
        return both;
    }

    private static SortedMap<String, Rows> rows(SortedMap<String, Rows> a, SortedMap<String, Rows> b) {
        SortedMap<String, Rows> both = new TreeMap<>(a);
        b.forEach((key, rows) -> both.merge(key, rows, Rows::plus));
        return both;
    }

    /// The cost of the answers, as it is told: null where none of those that were paid for has a known price.
    public @Nullable BigDecimal toldCost() {
        return isUnpriced() ? null : costUsd;
    }

    /// The same for what was paid for answers without a winner.
    public @Nullable BigDecimal toldWaste() {
        return isUnpriced() ? null : wasteUsd;
    }

    private boolean isUnpriced() {
        return unpricedAnswers > 0 && costUsd.signum() == 0;
    }

    /// What the answers of a segment tell of the requests that follow.
    ///
    /// @param tokensPerMegabyte the most input tokens that a million bytes of a prompt came to; 0 where none tells
    /// @param costliestUsd the most that one answer cost
    /// @param unaccounted pairs without an answer that may have been paid for
    public record Seen(long tokensPerMegabyte, BigDecimal costliestUsd, long unaccounted) {

        public static final Seen NOTHING = new Seen(0, BigDecimal.ZERO, 0);
    }

    /// Who has collected a segment.
    ///
    /// @param version of Pairbatch; empty if it did not record it
    /// @param columns the digest of its files' columns ([SegmentColumns]); empty likewise
    /// @param tagRules by which rules for tags ([io.pairbatch.spec.AnswerRules#code]); empty likewise
    public record Made(String version, String columns, String tagRules) {

        public static final Made UNKNOWN = new Made("", "", "");
    }

    /// Sums over answers; a count that the provider leaves out adds nothing.
    public record Tokens(long prompt, long completion, long total, long promptCached, long reasoning) {

        public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

        /// The sum of both.
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
