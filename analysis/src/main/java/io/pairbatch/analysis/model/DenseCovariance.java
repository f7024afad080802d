package io.pairbatch.analysis.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRBlock;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.block.MatrixOps_DDRB;
import org.ejml.dense.block.linsol.chol.CholeskyOuterSolver_MT_DDRB;

/// All of the matrix: 8 bytes for each two items. Exact.
final class DenseCovariance implements Covariance {

    /// Of a single item.
    static final DenseCovariance NOTHING = new DenseCovariance(1, new double[1], 0);

    private final int n;
    private final double[] v;
    private final double logDeterminant;

    private DenseCovariance(int n, double[] v, double logDeterminant) {
        this.n = n;
        this.v = v;
        this.logDeterminant = logDeterminant;
    }

    /// @param weights the information of each pair, of connected items
    static DenseCovariance of(Pairs pairs, double[] weights) {
        int n = pairs.items();
        // A constant in each element makes the Laplacian regular; its inverse has the constant 1 / (level n²) too much.
        double level = 0;
        for (double weight : weights) {
            level += weight;
        }
        level /= (double) n * n;
        DMatrixRMaj information = new DMatrixRMaj(n, n);
        double[] m = information.data;
        Arrays.fill(m, level);
        for (int pair = 0; pair < pairs.size(); pair++) {
            int a = pairs.low()[pair];
            int b = pairs.high()[pair];
            m[a * n + a] += weights[pair];
            m[b * n + b] += weights[pair];
            m[a * n + b] -= weights[pair];
            m[b * n + a] -= weights[pair];
        }
        CholeskyOuterSolver_MT_DDRB solver = new CholeskyOuterSolver_MT_DDRB();
        DMatrixRBlock blocks = MatrixOps_DDRB.convert(information);
        if (!solver.setA(blocks)) {
            throw new ArithmeticException("the information matrix of " + n + " items is not positive definite");
        }
        DMatrixRBlock root = solver.getDecomposition().getT(null);
        double logDeterminant = Math.log(level * n);
        for (int i = 0; i < n; i++) {
            logDeterminant -= 2 * Math.log(root.get(i, i));
        }
        DMatrixRBlock inverse = new DMatrixRBlock(n, n, blocks.blockLength);
        solver.invert(inverse);
        double[] v = MatrixOps_DDRB.convert(inverse, information).data;
        double constant = 1 / (level * n * n);
        for (int k = 0; k < v.length; k++) {
            v[k] -= constant;
        }
        return new DenseCovariance(n, v, logDeterminant);
    }

    /// The logarithm of the product of its eigenvalues, but for the one that is 0.
    double logDeterminant() {
        return logDeterminant;
    }

    @Override
    public boolean exact() {
        return true;
    }

    @Override
    public double variance(int item) {
        return v[item * n + item];
    }

    @Override
    public double ofDifference(int one, int other) {
        return v[one * n + one] + v[other * n + other] - 2 * v[one * n + other];
    }

    @Override
    public double[] ofPairs(Pairs pairs, double[] weights) {
        double[] result = new double[pairs.size()];
        for (int pair = 0; pair < result.length; pair++) {
            result[pair] = ofDifference(pairs.low()[pair], pairs.high()[pair]);
        }
        return result;
    }

    @Override
    public double[] times(double[] vector) {
        double[] result = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += v[i * n + j] * vector[j];
            }
            result[i] = sum;
        }
        return result;
    }

    @Override
    public double[] sandwich(Pairs pairs, double[] weights) {
        double[] result = new double[n];
        IntStream.range(0, n).parallel().forEach(i -> {
            double sum = 0;
            for (int pair = 0; pair < weights.length; pair++) {
                double d = v[i * n + pairs.low()[pair]] - v[i * n + pairs.high()[pair]];
                sum += weights[pair] * d * d;
            }
            result[i] = sum;
        });
        return result;
    }
}
