package io.pairbatch.analysis.model;

import java.util.Arrays;

/// Standard errors clustered by unordered pair, of bias-reduced abilities ([Ranking] says how).
///
/// @param errors of each item
/// @param dispersion how much more the pairs scatter than independent judgements would; NaN where nothing tells
/// @param error of approximate errors, the model's and these, how large they were where they were looked at
@SuppressWarnings("ArrayRecordComponent") // never written to again
record Sandwich(double[] errors, double dispersion, double error) {

    static Sandwich of(Pairs pairs, Fit fit) {
        double[] middle = new double[pairs.size()];
        double[] information = new double[pairs.size()];
        double scatter = 0;
        double free = 0;
        for (int pair = 0; pair < middle.length; pair++) {
            double p = Fit.chance(fit.ability()[pairs.low()[pair]] - fit.ability()[pairs.high()[pair]]);
            double residual = pairs.share()[pair] - pairs.count()[pair] * p;
            information[pair] = pairs.count()[pair] * p * (1 - p);
            middle[pair] = residual * residual;
            scatter += middle[pair] / information[pair];
            free += 1 - fit.leverage()[pair];
        }
        // A tree leaves nothing to tell it from.
        double dispersion = pairs.size() >= pairs.items() ? scatter / free : Double.NaN;
        double factor = Double.isNaN(dispersion) ? 1 : dispersion;
        for (int pair = 0; pair < middle.length; pair++) {
            middle[pair] += factor * fit.leverage()[pair] * information[pair];
        }
        double[] variances = fit.covariance().sandwich(pairs, middle);
        double error = fit.covariance() instanceof SparseCovariance sparse ? sparse.error(variances, middle) : 0;
        return new Sandwich(Arrays.stream(variances).map(Math::sqrt).toArray(), dispersion, error);
    }
}
