package io.pairbatch.cli.pilot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tokens of prompts by their bytes: a straight line by least squares (contract 9.6).
///
/// @param intercept tokens of a pair without bytes
/// @param slope tokens of a byte
/// @param r2 the share of the tokens' variance that the line explains; null where there is none
/// @param rmse root of the mean squared residual, in tokens
/// @param used how many pairs it rests on
record Calibration(double intercept, double slope, @Nullable Double r2, double rmse, int used) {

    private static final double TOKENS_PER_BYTE = 0.25;

    /// Of one pair the line goes through the origin; of none it is a quarter of the bytes.
    static Calibration of(List<Observed> pairs) {
        int n = pairs.size();
        if (n == 0) {
            return new Calibration(0, TOKENS_PER_BYTE, null, 0, 0);
        }
        double meanX = mean(pairs.stream().mapToDouble(Observed::bytes).toArray());
        double meanY = mean(pairs.stream().mapToDouble(Observed::input).toArray());
        if (n == 1) {
            return new Calibration(0, meanX == 0 ? 0 : meanY / meanX, null, 0, 1);
        }
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (Observed pair : pairs) {
            double x = pair.bytes() - meanX;
            double y = pair.input() - meanY;
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        // Prompts of one size say nothing of others.
        double slope = xx == 0 ? 0 : xy / xx;
        double left = Math.max(0, yy - slope * xy);
        return new Calibration(
                meanY - slope * meanX, slope, yy == 0 ? null : Double.valueOf(1 - left / yy), Math.sqrt(left / n), n);
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    double at(double bytes) {
        return intercept + slope * bytes;
    }

    /// Whole tokens, rounded half to even, and never less than none.
    double tokens(double bytes) {
        return Math.max(0, Math.rint(at(bytes)));
    }
}
