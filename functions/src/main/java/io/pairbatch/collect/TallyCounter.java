package io.pairbatch.collect;

import io.pairbatch.problem.FailureCause;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.Provider.Charge;
import io.pairbatch.results.Attempt;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.Outcome;
import io.pairbatch.results.Rows;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.TagCounts;
import io.pairbatch.results.TagReading;
import java.math.BigDecimal;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts a segment's totals while its pairs are processed.
final class TallyCounter {

    private static final long MEGABYTE = 1_000_000;

    private final Provider provider;
    private final SortedMap<String, Rows> failedByCode = new TreeMap<>();
    private final SortedMap<String, Long> models = new TreeMap<>();
    private SegmentTally.Tokens tokens = SegmentTally.Tokens.NONE;
    private TagCounts tags = TagCounts.NONE;
    private BigDecimal costUsd = BigDecimal.ZERO;
    private BigDecimal wasteUsd = BigDecimal.ZERO;
    private long observed;
    private long failed;
    private long duplicates;
    private Rows disagreeing = Rows.NONE;
    private long unmatched;
    private long foreign;
    private long unpriced;
    private long tokensPerMegabyte;
    private BigDecimal costliest = BigDecimal.ZERO;
    private long unaccounted;
    private long processed;

    TallyCounter(Provider provider) {
        this.provider = provider;
    }

    /// What an answer's input came to.
    ///
    /// @param bytes of its prompt
    void prompt(Answer answer, long bytes) {
        Charge charge = provider.charge(answer.tokens());
        if (charge != null && bytes > 0) {
            // Rounded up.
            tokensPerMegabyte = Math.max(tokensPerMegabyte, (charge.input() * MEGABYTE + bytes - 1) / bytes);
        }
    }

    /// Pairs without an answer whose batch may have been paid for them.
    void unaccounted() {
        unaccounted++;
    }

    /// @param foreign whether it is of another job
    void unmatchedLine(boolean foreign) {
        unmatched++;
        this.foreign += foreign ? 1 : 0;
    }

    /// How the tags of a pair's answer were read.
    void tags(long row, TagReading reading) {
        tags = tags.with(row, reading);
    }

    /// A pair with several lines.
    ///
    /// @param disagree whether they name different winners
    void disagreeing(long row, boolean disagree) {
        disagreeing = disagreeing.with(row, disagree);
    }

    void attempt(Attempt attempt) {
        if (attempt.answer() != null) {
            answer(attempt.answer(), attempt.cost());
        }
        if (attempt.cost() != null && attempt.outcome() instanceof Outcome.Failed) {
            wasteUsd = wasteUsd.add(attempt.cost());
        }
        if (attempt.kind() == Attempt.Kind.DUPLICATE) {
            duplicates++;
            return;
        }
        processed += attempt.answer() != null && !isUnreached(attempt.outcome()) ? 1 : 0;
        switch (attempt.outcome()) {
            case Outcome.Observed it -> observed++;
            case Outcome.Failed it -> {
                failed++;
                failedByCode.merge(it.code().code(), Rows.of(attempt.pair().row()), Rows::plus);
            }
        }
    }

    /// A line that only says that the batch ended before it came to the request.
    private static boolean isUnreached(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed
                && (failed.cause() == FailureCause.EXPIRED || failed.cause() == FailureCause.CANCELLED);
    }

    private void answer(Answer answer, @Nullable BigDecimal cost) {
        tokens = tokens.plus(new SegmentTally.Tokens(
                orZero(answer.tokens().prompt()),
                orZero(answer.tokens().completion()),
                total(answer.tokens()),
                orZero(answer.tokens().cached()),
                orZero(answer.tokens().reasoning())));
        if (cost != null) {
            costUsd = costUsd.add(cost);
            costliest = costliest.max(cost);
        } else if (answer.tokens().prompt() != null || answer.tokens().completion() != null) {
            unpriced++;
        }
        String model = answer.model();
        if (model != null) {
            boolean room = models.containsKey(model) || models.size() < SegmentTally.MAX_MODELS;
            models.merge(room ? model : "other", 1L, Long::sum);
        }
    }

    /// What the provider counts, else the sum of input, cached or not, and output.
    private long total(Answer.Tokens tokens) {
        if (tokens.total() != null) {
            return tokens.total();
        }
        Charge charge = provider.charge(tokens);
        return charge == null ? 0 : charge.input() + charge.output();
    }

    /// The totals, if they add up: every pair is either observed or failed, and no line is lost.
    SegmentTally total(EndedSegment segment, AnswerIndex index, SegmentTally.Made made) {
        if (observed + failed != index.pairs() || duplicates != index.duplicates()) {
            throw new IllegalStateException("segment " + segment.index() + " has " + index.pairs() + " pairs and "
                    + index.duplicates() + " duplicate lines, but " + observed + " observed, " + failed + " failed and "
                    + duplicates + " duplicates were written");
        }
        return new SegmentTally(
                segment.index(),
                segment.attempt(),
                index.pairs(),
                observed,
                failed,
                failedByCode,
                processed + unaccounted,
                tags,
                duplicates,
                disagreeing,
                unmatched,
                foreign,
                tokens,
                costUsd,
                wasteUsd,
                unpriced,
                models,
                new SegmentTally.Seen(tokensPerMegabyte, costliest, unaccounted),
                made);
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
