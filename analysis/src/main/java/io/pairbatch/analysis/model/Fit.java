package io.pairbatch.analysis.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How a fit of connected items ended.
///
/// @param ability in log-odds, sum zero
/// @param covariance of the abilities, by the model
/// @param leverage of each pair: what of its information the fit itself takes up, from 0 to 1
/// @param steps how often the abilities were moved
/// @param converged whether the last step was less than the tolerance in standard errors
/// @param ambiguous whether another maximum was found
@SuppressWarnings("ArrayRecordComponent") // never written to again
record Fit(
        double[] ability, Covariance covariance, double[] leverage, int steps, boolean converged, boolean ambiguous) {

    /// Up to here all of the covariance is computed. Above it is approximate.
    static final int MOST_DENSE = 2_000;

    private static final int MOST_TRIED = 500;
    private static final int CROWDED = 4;
    private static final double SAME = 1e-6;
    private static final int MOST_STEPS = 300;
    private static final int MOST_ROUGH_STEPS = 25;
    private static final double LONGEST_STEP = 2;
    private static final double TOLERANCE = 1e-11;
    private static final double ENOUGH = 1e-7;
    private static final double ROUGH = 1e-8;

    /// Maximum likelihood, by Newton's method. The items must be one group, or it does not end.
    static Fit mostLikely(Pairs pairs) {
        return of(pairs, false, pairs.items() <= MOST_DENSE);
    }

    /// Firth's penalised likelihood (1993), whose estimates have no bias of the first order and are always finite.
    /// The items must be connected. Where few pairs connect many items it can have more than one maximum; then
    /// wider and narrower abilities are tried as a start too, up to [#MOST_TRIED] items, and the highest maximum is
    /// taken.
    static Fit biasReduced(Pairs pairs) {
        Fit best = of(pairs, true, pairs.items() <= MOST_DENSE);
        double[] scales = starts(pairs);
        if (scales.length == 0) {
            return best;
        }
        double most = best.penalised(pairs);
        boolean ambiguous = false;
        for (double scale : scales) {
            double[] start = Arrays.stream(best.ability).map(a -> scale * a).toArray();
            Fit other = climb(pairs, start, true, true, TOLERANCE, MOST_STEPS);
            double reached = other.penalised(pairs);
            ambiguous |= other.converged && best.differs(other);
            if (other.converged && (reached > most + SAME || !best.converged)) {
                best = other;
                most = reached;
            }
        }
        return new Fit(best.ability, best.covariance, best.leverage, best.steps, best.converged, ambiguous);
    }

    /// From which multiples of the estimates to look for another maximum.
    static double[] starts(Pairs pairs) {
        boolean crowded = pairs.size() > CROWDED * pairs.items() || pairs.items() > MOST_TRIED;
        return crowded ? new double[0] : new double[] {3, 1.0 / 3};
    }

    private boolean differs(Fit other) {
        return IntStream.range(0, ability.length).anyMatch(i -> Math.abs(ability[i] - other.ability[i]) > SAME);
    }

    /// What bias reduction maximises; NaN where the covariance is approximate.
    double penalised(Pairs pairs) {
        return covariance instanceof DenseCovariance dense
                ? logLikelihood(pairs) - dense.logDeterminant() / 2
                : Double.NaN;
    }

    /// The same with approximate leverages and variances, in time and memory that grow with the pairs alone.
    static Fit fast(Pairs pairs) {
        return climb(pairs, new double[pairs.items()], true, false, ROUGH, MOST_STEPS);
    }

    private static Fit of(Pairs pairs, boolean reduced, boolean dense) {
        double[] ability = new double[pairs.items()];
        int steps = 0;
        double tolerance = dense ? TOLERANCE : ROUGH;
        if (dense && pairs.items() > 200) {
            // Each step with all of the matrix is dear: begin near the end, and end at a ten-millionth of an error.
            Fit near = climb(pairs, ability, reduced, false, ROUGH, MOST_ROUGH_STEPS);
            ability = near.ability;
            steps = near.steps;
            tolerance = ENOUGH;
        }
        Fit fit = climb(pairs, ability, reduced, dense, tolerance, MOST_STEPS);
        return new Fit(fit.ability, fit.covariance, fit.leverage, steps + fit.steps, fit.converged, false);
    }

    private static Fit climb(
            Pairs pairs, double[] start, boolean reduced, boolean dense, double tolerance, int mostSteps) {
        int n = pairs.items();
        double[] ability = start.clone();
        double[] weights = new double[pairs.size()];
        double[] leverage = new double[pairs.size()];
        double[] last = new double[n];
        double share = 1;
        for (int steps = 0; ; steps++) {
            weigh(pairs, ability, weights);
            Covariance covariance = dense ? DenseCovariance.of(pairs, weights) : SparseCovariance.of(pairs, weights);
            double[] differences = covariance.ofPairs(pairs, weights);
            for (int pair = 0; pair < leverage.length; pair++) {
                leverage[pair] = Math.clamp(weights[pair] * differences[pair], 0, 1);
            }
            double[] step = covariance.times(score(pairs, ability, reduced ? leverage : null));
            double longest = 0;
            double relative = 0;
            for (int i = 0; i < n; i++) {
                longest = Math.max(longest, Math.abs(step[i]));
                double error = dense ? Math.sqrt(covariance.variance(i)) : 1;
                relative = Math.max(relative, Math.abs(step[i]) / error);
            }
            if (relative < tolerance || steps == mostSteps) {
                return new Fit(ability, covariance, leverage, steps, relative < tolerance, false);
            }
            if (reduced && steps > 0) {
                share = share(share, last, step);
            }
            last = step;
            double scale = Math.min(share, LONGEST_STEP / longest);
            double mean = 0;
            for (int i = 0; i < n; i++) {
                ability[i] += scale * step[i];
                mean += ability[i] / n;
            }
            for (int i = 0; i < n; i++) {
                ability[i] -= mean;
            }
        }
    }

    /// What part of the next step is taken. Leverages change with the abilities, which the step does not know:
    /// whole steps can go back and forth for ever. What the last two steps have in common says how far is enough
    /// (Irons and Tuck 1969).
    static double share(double share, double[] last, double[] step) {
        double along = 0;
        double square = 0;
        for (int i = 0; i < step.length; i++) {
            double change = step[i] - last[i];
            along += last[i] * change;
            square += change * change;
        }
        return square == 0 ? share : Math.clamp(-share * along / square, 0.4, 1);
    }

    /// The information of each pair.
    private static void weigh(Pairs pairs, double[] ability, double[] weights) {
        for (int pair = 0; pair < weights.length; pair++) {
            double p = chance(ability[pairs.low()[pair]] - ability[pairs.high()[pair]]);
            weights[pair] = pairs.count()[pair] * p * (1 - p);
        }
    }

    static double chance(double difference) {
        return 1 / (1 + Math.exp(-difference));
    }

    /// How far each item got more than it should; with leverages by the score that Firth has modified.
    private static double[] score(Pairs pairs, double[] ability, double @Nullable [] leverage) {
        double[] score = new double[ability.length];
        for (int pair = 0; pair < pairs.size(); pair++) {
            int a = pairs.low()[pair];
            int b = pairs.high()[pair];
            double p = chance(ability[a] - ability[b]);
            double more = pairs.share()[pair] - pairs.count()[pair] * p;
            if (leverage != null) {
                more += leverage[pair] * (0.5 - p);
            }
            score[a] += more;
            score[b] -= more;
        }
        return score;
    }

    /// The log-likelihood, of preferences the quasi-likelihood.
    double logLikelihood(Pairs pairs) {
        double sum = 0;
        for (int pair = 0; pair < pairs.size(); pair++) {
            double d = ability[pairs.low()[pair]] - ability[pairs.high()[pair]];
            double share = pairs.share()[pair];
            sum -= share * logOnePlus(-d) + (pairs.count()[pair] - share) * logOnePlus(d);
        }
        return sum;
    }

    /// log(1 + exp(x)).
    private static double logOnePlus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /// Standard errors by the model.
    double[] errors() {
        double[] errors = new double[ability.length];
        Arrays.setAll(errors, i -> Math.sqrt(covariance.variance(i)));
        return errors;
    }
}
