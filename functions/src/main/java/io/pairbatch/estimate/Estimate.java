package io.pairbatch.estimate;

import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.Segment;
import io.pairbatch.provider.Answer;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.split.SplitTotals;
import io.pairbatch.step.Budget;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a job will send.
///
/// @param endpoint the path that each request names; empty where requests name none
/// @param totals of the whole table
/// @param judged rows that are judged: fewer than were accepted where the job has a `limit`
/// @param segments batches that they are sent in
/// @param promptBytes of the prompts that are sent; extrapolated where the job has a `limit`
/// @param requestBytes of the lines that they are sent in
/// @param tokens of these prompts, estimated
/// @param content SHA-256 of the accepted rows
/// @param prints what the pairs that are sent are known by, segment by segment; empty for a table of more than a
/// million
/// @param bounds what its batches may cost at most; null without a limit, or when the price table does not know the
/// model
/// @param price null when the price table does not know the model
/// @param judges what each of several judges will send; the rest are then their sums, without what only one has
public record Estimate(
        JobSpec spec,
        String endpoint,
        SplitTotals totals,
        long judged,
        long segments,
        long promptBytes,
        long requestBytes,
        long tokens,
        String content,
        List<byte[]> prints,
        @Nullable Price price,
        @Nullable Bounds bounds,
        List<OfJudge> judges) {

    /// What one of several judges will send.
    ///
    /// @param judge its name
    public record OfJudge(String judge, Estimate estimate) {}

    /// That of several judges.
    ///
    /// @param spec of the job that has them
    static Estimate ofJudges(JobSpec spec, List<OfJudge> judges) {
        List<Estimate> all = judges.stream().map(OfJudge::estimate).toList();
        Estimate most = all.stream()
                .max(Comparator.comparingLong(one -> one.totals().accepted()))
                .orElseThrow();
        return new Estimate(
                spec,
                "",
                most.totals(),
                most.judged(),
                all.stream().mapToLong(Estimate::segments).sum(),
                all.stream().mapToLong(Estimate::promptBytes).sum(),
                all.stream().mapToLong(Estimate::requestBytes).sum(),
                all.stream().mapToLong(Estimate::tokens).sum(),
                "",
                List.of(),
                null,
                null,
                List.copyOf(judges));
    }

    /// What the batches may cost at most, in nano-USD, before any answer has told more.
    ///
    /// @param openEnded whether nothing limits the length of an answer
    public record Bounds(long first, long firstTwo, boolean openEnded) {

        static @Nullable Bounds of(PriceTable prices, JobSpec spec, List<Segment> segments) {
            Optional<CostBounds> bounds = segments.isEmpty() || Budget.limit(spec) == null
                    ? Optional.empty()
                    : CostBounds.ofBatches(prices, spec);
            return bounds.map(known -> {
                        CostBounds.Bound first = of(known, segments.getFirst());
                        long second = segments.size() < 2
                                ? 0
                                : of(known, segments.get(1)).nano();
                        return new Bounds(first.nano(), first.nano() + second, first.openEnded());
                    })
                    .orElse(null);
        }

        private static CostBounds.Bound of(CostBounds bounds, Segment segment) {
            return bounds.of(segment.inputBytes(), segment.rows(), CostBounds.Seen.NOTHING);
        }
    }

    /// How many comparisons are sent.
    public long comparisons() {
        return judges.isEmpty()
                ? judged * perRow()
                : judges.stream().mapToLong(one -> one.estimate().comparisons()).sum();
    }

    /// How many comparisons each row makes.
    public int perRow() {
        return spec.batching().repetition().perPair() * Math.max(1, judges.size());
    }

    /// Why the job's limit would let nothing be sent, or those of its judges; empty if each lets something be sent.
    public Optional<String> sendsNothing() {
        if (!judges.isEmpty()) {
            List<String> all = ofEach(one -> one.sendsNothing().stream());
            return all.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", all));
        }
        Long limit = Budget.limit(spec);
        return limit == null || bounds == null || bounds.first() <= limit
                ? Optional.empty()
                : Optional.of("max_cost_usd of " + NanoUsd.words(limit) + " is below what the first batch may cost, "
                        + NanoUsd.words(bounds.first()) + ": nothing would be sent");
    }

    /// What is said of each judge, behind its name; of a job without several judges what is said of it.
    public List<String> ofEach(Function<Estimate, Stream<String>> what) {
        return judges.isEmpty()
                ? what.apply(this).toList()
                : judges.stream()
                        .flatMap(one -> what.apply(one.estimate()).map(said -> "judge " + one.judge() + ": " + said))
                        .toList();
    }

    /// What is to be said of the limits before anything is dropped.
    public List<String> doubtedLimits() {
        return ofEach(one -> one.doubtedLimit().stream());
    }

    /// What is to be said of the job's limit before it is dropped; empty where there is none, or it leaves room.
    private Optional<String> doubtedLimit() {
        Long limit = Budget.limit(spec);
        if (limit == null || bounds == null) {
            return Optional.empty();
        }
        String of = "max_cost_usd of " + NanoUsd.words(limit);
        long prompts = price == null ? 0 : NanoUsd.of(price.input());
        if (bounds.first() > limit) {
            return sendsNothing();
        }
        if (prompts > limit) {
            return Optional.of(of + " is below the estimate for the prompts alone, " + NanoUsd.words(prompts)
                    + ": not all pairs will be sent");
        }
        if (bounds.openEnded()) {
            return Optional.of(
                    of + ": nothing in the requests limits an answer's length, so the first batch goes alone,"
                            + " and may exceed it");
        }
        return bounds.firstTwo() > limit
                ? Optional.of(
                        of + " lets one batch go at a time: two may cost up to " + NanoUsd.words(bounds.firstTwo()))
                : Optional.empty();
    }

    /// What the tokens cost in a batch, in USD.
    ///
    /// @param input of all prompts, estimated
    /// @param outputPerMillion price of a million tokens of answers and reasoning, whose number is not known in advance
    /// @param date of the price table
    public record Price(BigDecimal input, BigDecimal outputPerMillion, LocalDate date) {

        static @Nullable Price of(PriceTable table, String model, long tokens) {
            BigDecimal thousandIn = table.batchCost(model, answer(1_000, 0));
            BigDecimal thousandOut = table.batchCost(model, answer(0, 1_000));
            return thousandIn == null || thousandOut == null
                    ? null
                    : new Price(
                            thousandIn.multiply(BigDecimal.valueOf(tokens)).movePointLeft(3),
                            thousandOut.movePointRight(3),
                            table.date());
        }

        private static Answer answer(long prompt, long completion) {
            Answer.Tokens tokens = new Answer.Tokens(prompt, completion, prompt + completion, null, null, null);
            return new Answer(null, null, null, null, null, null, null, null, null, tokens, null, null, null);
        }
    }
}
