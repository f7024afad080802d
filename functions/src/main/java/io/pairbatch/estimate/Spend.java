package io.pairbatch.estimate;

import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What requests cost, in USD; null is unknown.
///
/// @param input of the prompts
/// @param output of answers and reasoning; null without a pilot
/// @param interval what `input` and `output` come to with 90% confidence; null likewise
/// @param budget of all, with answers as long as the budget's quantile of the pilot's; null likewise
/// @param atMost of all, where something limits the answers' length
public record Spend(
        BigDecimal input,
        @Nullable BigDecimal output,
        @Nullable Interval interval,
        @Nullable BigDecimal budget,
        @Nullable BigDecimal atMost) {

    /// To whole nano-USD, so that sums of what is shown are what is shown of sums.
    public Spend {
        input = whole(input);
        output = wholeOrNull(output);
        budget = wholeOrNull(budget);
        atMost = wholeOrNull(atMost);
    }

    private static BigDecimal whole(BigDecimal usd) {
        return NanoUsd.toUsd(NanoUsd.of(usd));
    }

    private static @Nullable BigDecimal wholeOrNull(@Nullable BigDecimal usd) {
        return usd == null ? null : whole(usd);
    }

    /// From what to what.
    public record Interval(BigDecimal low, BigDecimal high) {

        public Interval {
            low = whole(low);
            high = whole(high);
        }

        private Interval plus(Interval more) {
            return new Interval(low.add(more.low), high.add(more.high));
        }
    }

    /// The cost of tokens.
    ///
    /// @param price in USD per million of them
    public static BigDecimal usd(BigDecimal tokens, BigDecimal price) {
        return tokens.multiply(price).movePointLeft(6);
    }

    static Spend ofPrompts(long tokens, PriceTable.PerMillion price, Optional<CostBounds> bounds, Estimate of) {
        return new Spend(usd(BigDecimal.valueOf(tokens), price.input()), null, null, null, atMost(bounds, of));
    }

    /// The most that a judge's requests cost; null where nothing limits the answers' length.
    private static @Nullable BigDecimal atMost(Optional<CostBounds> bounds, Estimate of) {
        return bounds.map(known -> known.of(of.requestBytes(), of.comparisons(), CostBounds.Seen.NOTHING))
                .filter(bound -> !bound.openEnded())
                .map(bound -> NanoUsd.toUsd(bound.nano()))
                .orElse(null);
    }

    /// Of prompts and answers; null without a pilot.
    public @Nullable BigDecimal expected() {
        return output == null ? null : input.add(output);
    }

    /// Of both. What is unknown of one is unknown of both. Intervals are added bound by bound: what makes one judge's
    /// answers long may make another's long too, so the sum is wider than it may need to be.
    Spend plus(Spend more) {
        return new Spend(
                input.add(more.input),
                both(output, more.output, BigDecimal::add),
                both(interval, more.interval, Interval::plus),
                both(budget, more.budget, BigDecimal::add),
                both(atMost, more.atMost, BigDecimal::add));
    }

    private static <T> @Nullable T both(@Nullable T one, @Nullable T other, BinaryOperator<T> sum) {
        return one == null || other == null ? null : sum.apply(one, other);
    }

    void put(ObjectNode json) {
        json.put("input", text(input))
                .put("output", text(output))
                .put("expected", text(expected()))
                .put("low", interval == null ? null : text(interval.low()))
                .put("high", interval == null ? null : text(interval.high()))
                .put("budget", text(budget))
                .put("at_most", text(atMost));
    }

    private static @Nullable String text(@Nullable BigDecimal usd) {
        return usd == null ? null : usd.toPlainString();
    }
}
