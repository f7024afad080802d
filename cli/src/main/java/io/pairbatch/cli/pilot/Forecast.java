package io.pairbatch.cli.pilot;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.Spend;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/// What the pairs that are not in the pilot come to.
///
/// @param seen the pilot's pairs
/// @param rest the prompts of the others
/// @param input tokens of the rest's prompts
/// @param output tokens of its answers, each as long as the mean of the pilot's; null where none was seen
/// @param budget the same, each as long as a quantile of the pilot's; null likewise
record Forecast(
        List<Observed> seen,
        SizeCounts rest,
        Calibration calibration,
        double input,
        @Nullable Double output,
        @Nullable Double budget) {

    /// The share of bills that the interval is to hold.
    static final double CONFIDENCE = 0.9;

    /// With fewer pairs than that nothing is known of how they differ.
    private static final int FEWEST = 3;

    /// @param quantile of the answers' tokens that the budget counts with, between 0 and 1
    static Forecast of(List<Observed> seen, SizeCounts rest, double quantile) {
        Calibration calibration = Calibration.of(seen);
        double[] outputs = seen.stream().mapToDouble(Observed::output).sorted().toArray();
        boolean none = outputs.length == 0;
        return new Forecast(
                List.copyOf(seen),
                rest,
                calibration,
                rest.sum(calibration::tokens),
                none ? null : Double.valueOf(Calibration.mean(outputs) * rest.pairs()),
                none ? null : Double.valueOf(quantile(outputs, quantile) * rest.pairs()));
    }

    /// The quantile of type 7, R's default.
    private static double quantile(double[] sorted, double share) {
        double place = (sorted.length - 1) * share;
        int below = (int) Math.floor(place);
        return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
    }

    /// The cost of pilot and rest.
    ///
    /// @param price of the rest
    /// @param paid for the pilot, in USD: its input and output
    /// @param cost what a pair of the pilot would cost at the price of the rest
    /// @param atMost of the rest; null where nothing limits it
    Spend spend(
            PriceTable.PerMillion price,
            Paid paid,
            Function<Observed, @Nullable BigDecimal> cost,
            @Nullable BigDecimal atMost) {
        BigDecimal prompts = paid.input().add(Spend.usd(BigDecimal.valueOf(input), price.input()));
        BigDecimal most = atMost == null ? null : atMost.add(paid.input()).add(paid.output());
        if (output == null || budget == null) {
            return new Spend(prompts, null, null, null, most);
        }
        BigDecimal answers = paid.output().add(Spend.usd(BigDecimal.valueOf(output), price.output()));
        BigDecimal longer = paid.output().add(Spend.usd(BigDecimal.valueOf(budget), price.output()));
        return new Spend(
                prompts, answers, interval(price, paid.input().add(paid.output()), cost), prompts.add(longer), most);
    }

    /// What was paid for a pilot, in USD.
    record Paid(BigDecimal input, BigDecimal output) {}

    /// A prediction interval for a sum over the rest of a finite population. A pair costs what the line makes of its
    /// bytes and the mean answer, and a residual; cached input is in the residuals. The rest's sum has the error of
    /// their mean, of the slope (as far as the rest is larger or smaller than the pilot), and its own chance.
    ///
    /// @return null with fewer than three pairs, or where one has no known cost
    private Spend.@Nullable Interval interval(
            PriceTable.PerMillion price, BigDecimal paid, Function<Observed, @Nullable BigDecimal> cost) {
        int n = seen.size();
        if (n < FEWEST) {
            return null;
        }
        double meanOutput =
                Calibration.mean(seen.stream().mapToDouble(Observed::output).toArray());
        double[] residuals = new double[n];
        double ofInput = 0;
        for (int i = 0; i < n; i++) {
            Observed pair = seen.get(i);
            BigDecimal usd = cost.apply(pair);
            if (usd == null) {
                return null;
            }
            residuals[i] = usd.doubleValue() - usd(price, calibration.at((double) pair.bytes()), meanOutput);
            ofInput += square(usd(price, pair.input() - calibration.at((double) pair.bytes()), 0));
        }
        double shift = Calibration.mean(residuals);
        double variance = Arrays.stream(residuals).map(r -> square(r - shift)).sum() / (n - 2);
        double m = (double) rest.pairs();
        double error = Math.sqrt(variance * m * (m + n) / n + ofInput / (n - 2) * leverage());
        double half = TDistribution.of(n - 2).inverseCumulativeProbability((1 + CONFIDENCE) / 2) * error;
        double centre = paid.doubleValue() + usd(price, rest.sum(calibration::at), meanOutput * m) + shift * m;
        return new Spend.Interval(
                BigDecimal.valueOf(Math.max(paid.doubleValue(), centre - half)), BigDecimal.valueOf(centre + half));
    }

    private static double usd(PriceTable.PerMillion price, double input, double output) {
        return (input * price.input().doubleValue() + output * price.output().doubleValue()) / 1e6;
    }

    /// How much an error of the slope weighs in the rest's sum.
    private double leverage() {
        double mean =
                Calibration.mean(seen.stream().mapToDouble(Observed::bytes).toArray());
        double spread =
                seen.stream().mapToDouble(pair -> square(pair.bytes() - mean)).sum();
        return spread == 0 ? 0 : square(rest.sum(bytes -> bytes) - rest.pairs() * mean) / spread;
    }

    private static double square(double value) {
        return value * value;
    }
}
