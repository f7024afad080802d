package io.pairbatch.analysis.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// What share of the spread of abilities is no error, in the largest component.
///
/// - **Separation**: (variance of abilities − mean squared error) / variance.
/// - **Split halves**: the pairs are halved at random, never the judgements of one pair, both halves are fitted,
///   and their correlation r is stepped up to 2r / (1 + r); the mean over several splits.
/// - **Coin flips**: separation of the same design when each pair and judge has one fair coin, whose copies agree
///   as often as the judgements of one pair do. Few comparisons make coins look reliable, so what does not exceed
///   the limit, the 95% quantile, is no evidence that the judge sees a difference.
///
/// Separation is computed for judgements and coins in the same way, so that they can be compared: with the
/// covariance of Bradley and Terry's model up to 50 items, above that by the first terms of its series.
///
/// @param separation NaN where nothing tells it, likewise the others
/// @param splits how many
/// @param limit of coin flips
/// @param flips how many jobs of coin flips the limit is of
/// @param copies how often two judgements of one pair agree; NaN where none was judged twice
/// @param status `ok`, or why there is no figure
public record Reliability(
        double separation, double splitHalf, int splits, double limit, int flips, double copies, String status) {

    private static final int MOST_DENSE = 50;
    private static final int MOST_FLIPS = 200;
    private static final int FEWEST_FLIPS = 20;
    private static final int MOST_SPLITS = 50;
    private static final int FEWEST_SPLITS = 4;
    /// Pairs that are fitted at most, over all draws.
    private static final int WORK = 4_000_000;

    /// How reliable the ranking of the largest component is.
    ///
    /// @param judges the pairs of each judge alone
    public static Reliability of(Pairs all, List<Pairs> judges, long seed) {
        int[] members = Groups.of(all).ofComponent(0);
        if (members.length < 3) {
            double none = Double.NaN;
            return new Reliability(none, none, 0, none, 0, none, "not scoreable: fewer than three connected items");
        }
        Pairs pairs = all.among(members);
        List<Pairs> own = judges.stream().map(judge -> judge.among(members)).toList();
        double copies = copies(own);
        int flips = Math.clamp(WORK / pairs.size(), FEWEST_FLIPS, MOST_FLIPS);
        double[] ofCoins = IntStream.range(0, flips)
                .parallel()
                .mapToDouble(k -> separation(flipped(pairs, own, copies, new Random(seed + k))))
                .sorted()
                .toArray();
        double at = 0.95 * (flips - 1);
        int below = (int) at;
        double limit = ofCoins[below] + (at - below) * (ofCoins[Math.min(below + 1, flips - 1)] - ofCoins[below]);
        int splits = Math.clamp(WORK / pairs.size() / 4, FEWEST_SPLITS, MOST_SPLITS);
        double[] halves = IntStream.range(0, splits)
                .parallel()
                .mapToDouble(k -> splitHalf(pairs, new Random(seed - 1 - k)))
                .filter(r -> !Double.isNaN(r))
                .toArray();
        double splitHalf = Arrays.stream(halves).average().orElse(Double.NaN);
        return new Reliability(
                separation(pairs),
                splitHalf,
                halves.length,
                limit,
                flips,
                copies,
                halves.length > 0 ? "ok" : "split halves are not scoreable: half of the pairs connects too few items");
    }

    private static Fit fit(Pairs pairs) {
        return pairs.items() <= MOST_DENSE ? Fit.biasReduced(pairs) : Fit.fast(pairs);
    }

    private static double separation(Pairs pairs) {
        Fit fit = fit(pairs);
        double squares = Arrays.stream(fit.ability()).map(a -> a * a).sum();
        double error = 0;
        for (int i = 0; i < pairs.items(); i++) {
            error += fit.covariance() instanceof SparseCovariance sparse
                    ? sparse.early(i)
                    : fit.covariance().variance(i);
        }
        int n = pairs.items();
        return squares == 0 ? 0 : 1 - (error / n) / (squares / (n - 1));
    }

    /// How often two judgements of a pair by the same judge agree.
    private static double copies(List<Pairs> judges) {
        double agreed = 0;
        double two = 0;
        for (Pairs pairs : judges) {
            for (int pair = 0; pair < pairs.size(); pair++) {
                double n = pairs.count()[pair];
                double one = pairs.share()[pair];
                agreed += (one * (one - 1) + (n - one) * (n - one - 1)) / 2;
                two += n * (n - 1) / 2;
            }
        }
        return two == 0 ? Double.NaN : Math.clamp(agreed / two, 0, 1);
    }

    /// The same design with other results: a coin for each pair and judge, which each copy shows or not.
    private static Pairs flipped(Pairs pairs, List<Pairs> judges, double copies, Random random) {
        // Two copies that both show the coin, or both do not, agree: q² + (1 − q)².
        double shown = copies > 0.5 ? (1 + Math.sqrt(2 * copies - 1)) / 2 : 0.5;
        double[] shares = new double[pairs.size()];
        for (Pairs judge : judges) {
            int at = 0;
            for (int pair = 0; pair < judge.size(); pair++) {
                while (pairs.low()[at] != judge.low()[pair] || pairs.high()[at] != judge.high()[pair]) {
                    at++;
                }
                boolean coin = random.nextBoolean();
                for (int k = 0; k < judge.count()[pair]; k++) {
                    shares[at] += random.nextDouble() < shown == coin ? 1 : 0;
                }
            }
        }
        return pairs.with(shares);
    }

    private static double splitHalf(Pairs pairs, Random random) {
        List<double[]> sides = new ArrayList<>();
        for (Pairs half : pairs.halves(random)) {
            int[] members = Groups.of(half).ofComponent(0);
            double[] ability = new double[pairs.items()];
            Arrays.fill(ability, Double.NaN);
            if (members.length > 1) {
                double[] fitted = fit(half.among(members)).ability();
                for (int i = 0; i < members.length; i++) {
                    ability[members[i]] = fitted[i];
                }
            }
            sides.add(ability);
        }
        double r = correlation(sides.get(0), sides.get(1));
        return 2 * r / (1 + r);
    }

    /// Of the items that have both; NaN of fewer than three.
    private static double correlation(double[] one, double[] other) {
        int[] both = IntStream.range(0, one.length)
                .filter(i -> !Double.isNaN(one[i]) && !Double.isNaN(other[i]))
                .toArray();
        if (both.length < 3) {
            return Double.NaN;
        }
        double meanOne = Arrays.stream(both).mapToDouble(i -> one[i]).average().orElse(0);
        double meanOther =
                Arrays.stream(both).mapToDouble(i -> other[i]).average().orElse(0);
        double product = 0;
        double squareOne = 0;
        double squareOther = 0;
        for (int i : both) {
            product += (one[i] - meanOne) * (other[i] - meanOther);
            squareOne += (one[i] - meanOne) * (one[i] - meanOne);
            squareOther += (other[i] - meanOther) * (other[i] - meanOther);
        }
        return product / Math.sqrt(squareOne * squareOther);
    }
}
