package io.pairbatch.analysis.model;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// Without the matrix: products by conjugate gradients, exact but for their tolerance; single elements by the first
/// terms of the Neumann series `D⁻¹ + D⁻¹AD⁻¹ + …` of the Laplacian `D − A`, and what is left of the diagonal by
/// random probes (Hutchinson 1990). Approximate where it gives elements; [#error] says by how much.
final class SparseCovariance implements Covariance {

    private static final int PROBES = 24;
    private static final int CHECKED = 16;
    private static final double TOLERANCE = 1e-11;
    private static final int MOST_STEPS = 1_000;

    private final Pairs pairs;
    private final double[] weights;
    /// Sums of weights by item.
    private final double[] degree;
    private final double sum;
    /// The diagonal by the first terms of the series, without what all of them have too much.
    private final double[] early;
    private double[] variances = {};

    private SparseCovariance(Pairs pairs, double[] weights) {
        this.pairs = pairs;
        this.weights = weights;
        this.degree = new double[pairs.items()];
        this.early = new double[pairs.items()];
        add(degree, weights, w -> w);
        this.sum = Arrays.stream(degree).sum();
        for (int pair = 0; pair < weights.length; pair++) {
            int a = pairs.low()[pair];
            int b = pairs.high()[pair];
            double square = weights[pair] * weights[pair] / (degree[a] * degree[b]);
            early[a] += square / degree[a];
            early[b] += square / degree[b];
        }
        for (int i = 0; i < early.length; i++) {
            early[i] += 1 / degree[i];
        }
    }

    /// @param weights the information of each pair, of connected items
    static SparseCovariance of(Pairs pairs, double[] weights) {
        return new SparseCovariance(pairs, weights.clone());
    }

    private void add(double[] to, double[] values, DoubleUnaryOperator of) {
        for (int pair = 0; pair < values.length; pair++) {
            double value = of.applyAsDouble(values[pair]);
            to[pairs.low()[pair]] += value;
            to[pairs.high()[pair]] += value;
        }
    }

    @Override
    public boolean exact() {
        return false;
    }

    @Override
    public double[] times(double[] vector) {
        return solve(vector, TOLERANCE);
    }

    /// The solution that sums to zero, by conjugate gradients with the diagonal as preconditioner.
    private double[] solve(double[] b, double tolerance) {
        int n = b.length;
        double[] x = new double[n];
        double[] r = centred(b); // what is constant has no solution
        double[] z = new double[n];
        double[] p = new double[n];
        double[] q = new double[n];
        double old = 0;
        double enough = 0;
        for (int step = 0; step < MOST_STEPS; step++) {
            double rho = 0;
            for (int i = 0; i < n; i++) {
                z[i] = r[i] / degree[i];
                rho += r[i] * z[i];
            }
            if (step == 0) {
                enough = rho * tolerance * tolerance;
            }
            if (rho <= enough || rho == 0) {
                break;
            }
            double beta = step == 0 ? 0 : rho / old;
            for (int i = 0; i < n; i++) {
                p[i] = z[i] + beta * p[i];
            }
            laplacian(weights, p, q);
            double alpha = rho / dot(p, q);
            for (int i = 0; i < n; i++) {
                x[i] += alpha * p[i];
                r[i] -= alpha * q[i];
            }
            old = rho;
        }
        double mean = Arrays.stream(x).sum() / n;
        for (int i = 0; i < n; i++) {
            x[i] -= mean;
        }
        return x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private void laplacian(double[] by, double[] x, double[] result) {
        Arrays.fill(result, 0);
        int[] low = pairs.low();
        int[] high = pairs.high();
        for (int pair = 0; pair < by.length; pair++) {
            double flow = by[pair] * (x[low[pair]] - x[high[pair]]);
            result[low[pair]] += flow;
            result[high[pair]] -= flow;
        }
    }

    @Override
    public double ofDifference(int one, int other) {
        return one == other ? 0 : variance(one) + variance(other) + 2 / sum;
    }

    @Override
    public double[] ofPairs(Pairs of, double[] by) {
        double[] result = new double[by.length];
        for (int pair = 0; pair < by.length; pair++) {
            int a = pairs.low()[pair];
            int b = pairs.high()[pair];
            result[pair] = early[a] + early[b] - 2 * by[pair] / (degree[a] * degree[b]);
        }
        return result;
    }

    /// A variance by the first terms of the series alone, which costs nothing.
    double early(int item) {
        return early[item] - 3 / sum;
    }

    @Override
    public double variance(int item) {
        if (variances.length == 0) {
            variances = diagonal();
        }
        return variances[item];
    }

    /// What the early terms do not have is estimated by probes z of random signs: the mean of `z ∘ (V − early) z`.
    private double[] diagonal() {
        int n = pairs.items();
        double[][] parts = IntStream.range(0, PROBES)
                .parallel()
                .mapToObj(probe -> {
                    SplittableRandom random = new SplittableRandom(probe);
                    double[] z = new double[n];
                    Arrays.setAll(z, i -> random.nextBoolean() ? 1 : -1);
                    double[] rest = solve(z, 1e-8);
                    double[] first = earlyTimes(z);
                    for (int i = 0; i < n; i++) {
                        rest[i] = z[i] * (rest[i] - first[i]);
                    }
                    return rest;
                })
                .toArray(double[][]::new);
        double[] result = new double[n];
        for (int i = 0; i < n; i++) {
            double mean = 0;
            for (double[] part : parts) {
                mean += part[i] / PROBES;
            }
            result[i] = early[i] + mean;
        }
        return result;
    }

    private static double[] centred(double[] z) {
        double mean = Arrays.stream(z).sum() / z.length;
        return Arrays.stream(z).map(value -> value - mean).toArray();
    }

    /// The early terms times a vector: their diagonal, and off it the first one, `D⁻¹AD⁻¹`.
    private double[] earlyTimes(double[] z) {
        double[] result = new double[z.length];
        for (int pair = 0; pair < weights.length; pair++) {
            int a = pairs.low()[pair];
            int b = pairs.high()[pair];
            double element = weights[pair] / (degree[a] * degree[b]);
            result[a] += element * z[b];
            result[b] += element * z[a];
        }
        for (int i = 0; i < z.length; i++) {
            result[i] += early[i] * z[i];
        }
        return result;
    }

    /// The column of an item, exact.
    private double[] column(int item) {
        double[] unit = new double[pairs.items()];
        unit[item] = 1;
        return solve(unit, 1e-10);
    }

    /// As if each item's column were its diagonal alone, scaled so that the items that are looked at exactly are
    /// right on average.
    @Override
    public double[] sandwich(Pairs of, double[] by) {
        double[] result = new double[pairs.items()];
        add(result, by, w -> w);
        for (int i = 0; i < result.length; i++) {
            result[i] *= variance(i) * variance(i);
        }
        double scale = looked().mapToDouble(item -> sandwichOf(item, by) / result[item])
                .average()
                .orElse(1);
        for (int i = 0; i < result.length; i++) {
            result[i] *= scale;
        }
        return result;
    }

    private double sandwichOf(int item, double[] by) {
        double[] column = column(item);
        double[] flow = new double[column.length];
        laplacian(by, column, flow);
        return dot(column, flow);
    }

    private IntStream looked() {
        int n = pairs.items();
        return IntStream.range(0, Math.min(CHECKED, n))
                .map(k -> (int) ((long) k * n / Math.min(CHECKED, n)))
                .parallel();
    }

    /// The largest relative error of the standard errors of some items that are computed exactly, of [#variance]
    /// and of [#sandwich].
    ///
    /// @param sandwich what that gave
    /// @param by its weights
    double error(double[] sandwich, double[] by) {
        return looked().mapToDouble(item -> Math.max(
                        Math.abs(Math.sqrt(variance(item) / column(item)[item]) - 1),
                        Math.abs(Math.sqrt(sandwich[item] / sandwichOf(item, by)) - 1)))
                .max()
                .orElse(0);
    }
}
