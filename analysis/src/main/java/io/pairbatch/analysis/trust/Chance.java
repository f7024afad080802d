package io.pairbatch.analysis.trust;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/// Draws and tests.
final class Chance {

    private static final double SLACK = 1 + 1e-7;

    private Chance() {}

    static UniformRandomProvider random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random::nextLong;
    }

    /// The p-value of the two-sided exact test that each of `trials` succeeds by a fair coin: the probability of
    /// all numbers of successes that are no more likely than this one (contract 9.3). NaN without a trial.
    static double fairCoin(long successes, long trials) {
        if (trials == 0) {
            return Double.NaN;
        }
        // A fair coin's distribution is symmetric: what is as likely or less are both tails.
        BinomialDistribution coin = BinomialDistribution.of(Math.toIntExact(trials), 0.5);
        int low = (int) Math.min(successes, trials - successes);
        if (coin.probability(low) * SLACK >= coin.probability((int) trials / 2)) {
            return 1;
        }
        return Math.min(1, 2 * coin.cumulativeProbability(low));
    }

    /// R's quantile of type 7.
    ///
    /// @param sorted ascending
    static double quantile(double[] sorted, double p) {
        double at = p * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// How many of each kind there are in a sample with replacement.
    ///
    /// @param counts of each kind; the sample is as large as their sum
    static long[] resampled(long[] counts, UniformRandomProvider random) {
        long left = Arrays.stream(counts).sum();
        long draws = left;
        long[] drawn = new long[counts.length];
        for (int kind = 0; kind < counts.length && draws > 0; kind++) {
            drawn[kind] = counts[kind] == left ? draws : binomial(draws, (double) counts[kind] / left, random);
            draws -= drawn[kind];
            left -= counts[kind];
        }
        return drawn;
    }

    static long binomial(long trials, double p, UniformRandomProvider random) {
        return BinomialDistribution.of(Math.toIntExact(trials), p)
                .createSampler(random)
                .sample();
    }
}
