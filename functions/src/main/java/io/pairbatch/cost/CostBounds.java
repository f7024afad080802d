package io.pairbatch.cost;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.RequestSketch;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;

/// The most that requests of a job can cost. Of input one token for each byte of a request's line, and some for what
/// the provider adds: a tokenizer that works on bytes never makes more, and the line holds all texts. Of output the
/// cap that the request sets. Where it sets none, the costliest answer so far, and a quarter more, stands for both.
public final class CostBounds {

    /// Input tokens that a provider adds to a request: roles, separators, its own instructions.
    static final long ALLOWANCE = 64;

    /// How much more than what was seen is expected at most: a quarter.
    private static final BigDecimal MARGIN = new BigDecimal("1.25");

    private static final BigDecimal MEGABYTE = BigDecimal.valueOf(1_000_000);
    private static final String CACHING = "cache_control";

    private final BigDecimal input;
    private final BigDecimal output;
    private final OptionalLong cap;

    private CostBounds(BigDecimal input, BigDecimal output, OptionalLong cap) {
        this.input = input;
        this.output = output;
        this.cap = cap;
    }

    /// What was seen of a job's answers so far.
    ///
    /// @param tokensPerMegabyte the most input tokens that a million bytes of a prompt came to; 0 for nothing seen
    /// @param costliest the most that one answer cost, in nano-USD; 0 likewise
    public record Seen(long tokensPerMegabyte, long costliest) {

        public static final Seen NOTHING = new Seen(0, 0);

        /// The most of both.
        public Seen and(long tokens, long cost) {
            return new Seen(Math.max(tokensPerMegabyte, tokens), Math.max(costliest, cost));
        }
    }

    /// A bound.
    ///
    /// @param nano in nano-USD
    /// @param openEnded whether more may be paid: nothing limits the answers, and none has been seen
    public record Bound(long nano, boolean openEnded) {}

    /// Those of a job's batches; empty where its model has no price.
    public static Optional<CostBounds> ofBatches(PriceTable prices, JobSpec spec) {
        return prices.batchPrice(spec.model()).map(price -> of(price, spec));
    }

    /// Those of a job's live request; empty where its model has no price.
    public static Optional<CostBounds> ofLive(PriceTable prices, JobSpec spec) {
        return prices.standardPrice(spec.model()).map(price -> of(price, spec));
    }

    private static CostBounds of(TokenPrice price, JobSpec spec) {
        Provider provider = Providers.of(spec.backend());
        boolean caches = RequestSketch.of(Providers.format(spec.backend()), spec)
                .toString()
                .contains(CACHING);
        return new CostBounds(price.mostInput(caches), price.output(), provider.outputCap(spec));
    }

    /// The problem of a limit for a model without a price.
    public static FieldProblem unknown(String model, PriceTable prices) {
        return new FieldProblem(
                ErrorCode.PRICE_UNKNOWN,
                "max_cost_usd",
                "a limit for `" + model + "`, which the price table of " + prices.date() + " does not know",
                "a model with a known price (./pairbatch models lists them), or no limit");
    }

    /// Whether something limits the output of each request.
    public boolean isCapped() {
        return cap.isPresent();
    }

    /// The most that a batch can cost.
    ///
    /// @param bytes of its request lines
    /// @param rows its requests
    public Bound of(long bytes, long rows, Seen seen) {
        if (cap.isEmpty() && seen.costliest() > 0) {
            return new Bound(up(BigDecimal.valueOf(seen.costliest()).multiply(MARGIN)) * rows, false);
        }
        long tokens = mostInputTokens(bytes, rows);
        if (seen.tokensPerMegabyte() > 0) {
            BigDecimal expected = BigDecimal.valueOf(bytes)
                    .multiply(BigDecimal.valueOf(seen.tokensPerMegabyte()))
                    .multiply(MARGIN)
                    .divide(MEGABYTE, RoundingMode.CEILING);
            tokens = Math.min(tokens, up(expected));
        }
        BigDecimal usdPerMillion = input.multiply(BigDecimal.valueOf(tokens))
                .add(output.multiply(BigDecimal.valueOf(Math.multiplyExact(cap.orElse(0), rows))));
        return new Bound(up(usdPerMillion.movePointRight(3)), cap.isEmpty());
    }

    /// The most input tokens that requests can have.
    ///
    /// @param bytes of their lines
    /// @param rows how many they are
    public static long mostInputTokens(long bytes, long rows) {
        return bytes + ALLOWANCE * rows;
    }

    private static long up(BigDecimal number) {
        return number.setScale(0, RoundingMode.CEILING).longValueExact();
    }
}
