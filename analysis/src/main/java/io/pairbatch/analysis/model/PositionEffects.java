package io.pairbatch.analysis.model;

import io.pairbatch.analysis.counts.Cells;
import io.pairbatch.analysis.counts.Judgements;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/// What the first position is worth to each judge: logit P(first wins) = θ(first) − θ(second) + γ(judge), fitted to
/// the largest component with abilities and all γ together, bias-reduced as [Ranking] is. A γ is fitted only where
/// the design tells position from quality; where it does not, it is 0.
///
/// Standard errors are by the model, and clustered by unordered pair, with the same correction for leverage as
/// abilities.
public final class PositionEffects {

    private static final int MOST_STEPS = 200;
    private static final double TOLERANCE = 1e-10;
    private static final double LONGEST_STEP = 2;
    /// A column that keeps less of itself beside the others is one of them.
    private static final double LEAST = 1e-9;

    private final List<Effect> effects;
    private final double[] ability;

    private PositionEffects(List<Effect> effects, double[] ability) {
        this.effects = effects;
        this.ability = ability;
    }

    /// The effect of a judge; NaN where it is not fitted.
    ///
    /// @param effect γ, in log-odds
    /// @param status `ok`, or why it is not fitted
    public record Effect(double effect, double error, double clusteredError, String status) {

        static Effect none(String why) {
            return new Effect(Double.NaN, Double.NaN, Double.NaN, "not scoreable: " + why);
        }

        /// The lower end of its interval, by the clustered error.
        public double low() {
            return effect - Ranking.Z * clusteredError;
        }

        public double high() {
            return effect + Ranking.Z * clusteredError;
        }

        /// The chance that the first of two equal items wins.
        public double chance() {
            return Fit.chance(effect);
        }

        /// The same with its interval.
        public Ranking.Interval chances() {
            return new Ranking.Interval(chance(), Fit.chance(low()), Fit.chance(high()));
        }
    }

    /// By judge.
    public List<Effect> effects() {
        return effects;
    }

    /// The abilities of the largest component when position is in the model, in the order of its items.
    public double[] ability() {
        return ability.clone();
    }

    /// Fits the effects of all judges.
    public static PositionEffects of(Judgements judgements, Pairs all) {
        int judges = judgements.judges().size();
        int[] members = Groups.of(all).ofComponent(0);
        Pairs pairs = all.among(members);
        if (pairs.size() == 0) {
            return new PositionEffects(
                    Collections.nCopies(judges, Effect.none("nothing was judged")), new double[members.length]);
        }
        Rows rows = Rows.of(judgements, members, pairs);
        int[] fitted = rows.fitted(judges);
        if (fitted.length == 0) {
            return new PositionEffects(
                    Collections.nCopies(judges, Effect.none("the design does not tell position from quality")),
                    Fit.biasReduced(pairs).ability());
        }
        return Climb.highest(pairs, rows, judges, fitted);
    }

    /// What each judge said of each ordered pair.
    ///
    /// @param judge by row, likewise the others
    /// @param pair the unordered pair
    /// @param sign 1 where the pair's lower item stands first, else -1
    /// @param share what the first one got
    @SuppressWarnings("ArrayRecordComponent") // local to this class
    private record Rows(int[] judge, int[] pair, int[] sign, double[] count, double[] share, Pairs pairs) {

        static Rows of(Judgements judgements, int[] members, Pairs pairs) {
            int[] number = new int[judgements.items().size()];
            Arrays.fill(number, -1);
            for (int i = 0; i < members.length; i++) {
                number[members[i]] = i;
            }
            long[] keys = new long[pairs.size()];
            Arrays.setAll(keys, k -> (long) pairs.low()[k] << Integer.SIZE | pairs.high()[k]);
            int judges = judgements.judges().size();
            int size = 0;
            for (int judge = 0; judge < judges; judge++) {
                size += judgements.of(judge).size();
            }
            Rows rows =
                    new Rows(new int[size], new int[size], new int[size], new double[size], new double[size], pairs);
            int at = 0;
            for (int judge = 0; judge < judges; judge++) {
                Cells cells = judgements.of(judge);
                for (int cell = 0; cell < cells.size(); cell++) {
                    int first = number[cells.first(cell)];
                    int second = number[cells.second(cell)];
                    if (first < 0 || second < 0) {
                        continue;
                    }
                    long key = (long) Math.min(first, second) << Integer.SIZE | Math.max(first, second);
                    rows.judge[at] = judge;
                    rows.pair[at] = Arrays.binarySearch(keys, key);
                    rows.sign[at] = first < second ? 1 : -1;
                    rows.count[at] = cells.count(cell);
                    rows.share[at++] = cells.share(cell);
                }
            }
            return new Rows(
                    Arrays.copyOf(rows.judge, at),
                    Arrays.copyOf(rows.pair, at),
                    Arrays.copyOf(rows.sign, at),
                    Arrays.copyOf(rows.count, at),
                    Arrays.copyOf(rows.share, at),
                    pairs);
        }

        int size() {
            return judge.length;
        }

        /// The judges whose columns are no sum of the others': those that are left of each by the ones before it.
        int[] fitted(int judges) {
            double[] weights = new double[size()];
            Arrays.setAll(weights, row -> count[row] / 4);
            Blocks blocks = Blocks.of(this, weights, judges, false);
            List<Integer> kept = new ArrayList<>();
            DMatrixRMaj left = blocks.schur.copy();
            for (int k = 0; k < judges; k++) {
                double pivot = left.get(k, k);
                if (pivot > LEAST * blocks.own[k]) {
                    kept.add(k);
                    for (int i = k + 1; i < judges; i++) {
                        double factor = left.get(i, k) / pivot;
                        for (int j = k; j < judges; j++) {
                            left.add(i, j, -factor * left.get(k, j));
                        }
                    }
                }
            }
            return kept.stream().mapToInt(k -> k).toArray();
        }
    }

    /// The information, with what belongs to the abilities eliminated.
    ///
    /// @param covariance the inverse of the abilities' block
    /// @param across that inverse times each judge's column
    /// @param columns each judge's column: of each item, what its information shares with the judge's
    /// @param own each judge's information
    /// @param schur what of the judges' information is left
    @SuppressWarnings("ArrayRecordComponent") // local to this class
    private record Blocks(
            Covariance covariance,
            double[] pairWeights,
            double[][] across,
            double[][] columns,
            double[] own,
            DMatrixRMaj schur) {

        static Blocks of(Rows rows, double[] weights, int judges, boolean dense) {
            Pairs pairs = rows.pairs;
            double[] pairWeights = new double[pairs.size()];
            double[][] columns = new double[judges][pairs.items()];
            double[] own = new double[judges];
            for (int row = 0; row < weights.length; row++) {
                int pair = rows.pair[row];
                int judge = rows.judge[row];
                pairWeights[pair] += weights[row];
                columns[judge][pairs.low()[pair]] += rows.sign[row] * weights[row];
                columns[judge][pairs.high()[pair]] -= rows.sign[row] * weights[row];
                own[judge] += weights[row];
            }
            Covariance covariance =
                    dense ? DenseCovariance.of(pairs, pairWeights) : SparseCovariance.of(pairs, pairWeights);
            double[][] across = Arrays.stream(columns).map(covariance::times).toArray(double[][]::new);
            DMatrixRMaj schur = new DMatrixRMaj(judges, judges);
            for (int i = 0; i < judges; i++) {
                for (int j = 0; j < judges; j++) {
                    schur.set(i, j, (i == j ? own[i] : 0) - dot(columns[i], across[j]));
                }
            }
            return new Blocks(covariance, pairWeights, across, columns, own, schur);
        }

        /// What is left of a row's column when abilities have taken their part, by judge.
        double[] left(Rows rows, int row) {
            double[] left = new double[own.length];
            int pair = rows.pair[row];
            for (int judge = 0; judge < left.length; judge++) {
                double taken = across[judge][rows.pairs.low()[pair]]
                        - across[judge][rows.pairs.high()[pair]];
                left[judge] = (judge == rows.judge[row] ? 1 : 0) - rows.sign[row] * taken;
            }
            return left;
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
    }

    /// The fit itself.
    private static final class Climb {

        private final Pairs pairs;
        private final Rows rows;
        private final int judges;
        private final int[] fitted;
        private final double[] ability;
        private final double[] gamma;
        private final double[] weights;
        private final double[] residuals;
        private final double[] leverage;
        private List<Effect> effects = List.of();
        private double height;
        private boolean converged;

        Climb(Pairs pairs, Rows rows, int judges, int[] fitted) {
            this.pairs = pairs;
            this.rows = rows;
            this.judges = judges;
            this.fitted = fitted;
            this.ability = new double[pairs.items()];
            this.gamma = new double[judges];
            this.weights = new double[rows.size()];
            this.residuals = new double[rows.size()];
            this.leverage = new double[rows.size()];
        }

        /// As with abilities alone, there can be more than one maximum where few pairs connect many items.
        static PositionEffects highest(Pairs pairs, Rows rows, int judges, int[] fitted) {
            Climb best = new Climb(pairs, rows, judges, fitted);
            best.climb();
            for (double scale : Fit.starts(pairs)) {
                Climb other = new Climb(pairs, rows, judges, fitted);
                Arrays.setAll(other.ability, i -> scale * best.ability[i]);
                Arrays.setAll(other.gamma, k -> scale * best.gamma[k]);
                other.climb();
                if (other.converged && (!best.converged || other.height > best.height)) {
                    best.become(other);
                }
            }
            return new PositionEffects(
                    best.converged
                            ? best.effects
                            : Collections.nCopies(judges, Effect.none("the fit did not converge")),
                    best.ability);
        }

        private void become(Climb other) {
            System.arraycopy(other.ability, 0, ability, 0, ability.length);
            System.arraycopy(other.gamma, 0, gamma, 0, gamma.length);
            effects = other.effects;
            height = other.height;
            converged = other.converged;
        }

        private void climb() {
            boolean dense = pairs.items() <= Fit.MOST_DENSE / 2;
            double[] last = {};
            double share = 1;
            for (int steps = 0; steps < MOST_STEPS && !converged; steps++) {
                Blocks blocks = weigh(dense);
                DMatrixRMaj inverse = inverse(blocks);
                leverages(blocks, inverse);
                double[] step = step(blocks, inverse);
                double longest = Arrays.stream(step).map(Math::abs).max().orElse(0);
                if (longest < TOLERANCE) {
                    converged = true;
                    effects = effects(blocks, inverse);
                    height = height(blocks, inverse);
                    return;
                }
                if (last.length > 0) {
                    share = Fit.share(share, last, step);
                }
                last = step;
                double scale = Math.min(share, LONGEST_STEP / longest);
                for (int i = 0; i < ability.length; i++) {
                    ability[i] += scale * step[i];
                }
                for (int k = 0; k < fitted.length; k++) {
                    gamma[fitted[k]] += scale * step[ability.length + k];
                }
            }
        }

        /// What is maximised: the log-likelihood with half the logarithm of the information's determinant.
        private double height(Blocks blocks, DMatrixRMaj inverse) {
            if (!(blocks.covariance instanceof DenseCovariance dense)) {
                return 0;
            }
            double sum = -dense.logDeterminant() / 2 - Math.log(CommonOps_DDRM.det(inverse)) / 2;
            for (int row = 0; row < weights.length; row++) {
                double p = chance(row);
                sum += rows.share[row] * Math.log(p) + (rows.count[row] - rows.share[row]) * Math.log1p(-p);
            }
            return sum;
        }

        private Blocks weigh(boolean dense) {
            for (int row = 0; row < weights.length; row++) {
                double p = chance(row);
                weights[row] = rows.count[row] * p * (1 - p);
                residuals[row] = rows.share[row] - rows.count[row] * p;
            }
            return Blocks.of(rows, weights, judges, dense);
        }

        private double chance(int row) {
            int pair = rows.pair[row];
            double difference = ability[pairs.low()[pair]] - ability[pairs.high()[pair]];
            return Fit.chance(rows.sign[row] * difference + gamma[rows.judge[row]]);
        }

        private DMatrixRMaj inverse(Blocks blocks) {
            DMatrixRMaj small = new DMatrixRMaj(fitted.length, fitted.length);
            for (int i = 0; i < fitted.length; i++) {
                for (int j = 0; j < fitted.length; j++) {
                    small.set(i, j, blocks.schur.get(fitted[i], fitted[j]));
                }
            }
            CommonOps_DDRM.invert(small);
            return small;
        }

        /// What of each row the fit takes up.
        private void leverages(Blocks blocks, DMatrixRMaj inverse) {
            double[] differences = blocks.covariance.ofPairs(pairs, blocks.pairWeights);
            for (int row = 0; row < leverage.length; row++) {
                double[] left = blocks.left(rows, row);
                double variance = differences[rows.pair[row]];
                for (int i = 0; i < fitted.length; i++) {
                    for (int j = 0; j < fitted.length; j++) {
                        variance += left[fitted[i]] * inverse.get(i, j) * left[fitted[j]];
                    }
                }
                leverage[row] = Math.clamp(weights[row] * variance, 0, 1);
            }
        }

        /// Of the abilities, then of the judges that are fitted.
        private double[] step(Blocks blocks, DMatrixRMaj inverse) {
            double[] score = new double[ability.length];
            double[] ofJudges = new double[judges];
            for (int row = 0; row < weights.length; row++) {
                double more = residuals[row] + leverage[row] * (0.5 - chance(row));
                int pair = rows.pair[row];
                score[pairs.low()[pair]] += rows.sign[row] * more;
                score[pairs.high()[pair]] -= rows.sign[row] * more;
                ofJudges[rows.judge[row]] += more;
            }
            int n = ability.length;
            double[] step = Arrays.copyOf(blocks.covariance.times(score), n + fitted.length);
            for (int i = 0; i < fitted.length; i++) {
                for (int j = 0; j < fitted.length; j++) {
                    double rest = ofJudges[fitted[j]] - Blocks.dot(blocks.across[fitted[j]], score);
                    step[n + i] += inverse.get(i, j) * rest;
                }
            }
            for (int k = 0; k < fitted.length; k++) {
                for (int i = 0; i < n; i++) {
                    step[i] -= blocks.across[fitted[k]][i] * step[n + k];
                }
            }
            return step;
        }

        private List<Effect> effects(Blocks blocks, DMatrixRMaj inverse) {
            double scatter = 0;
            double free = 0;
            double[][] influence = new double[fitted.length][pairs.size()];
            double[] taken = new double[fitted.length];
            for (int row = 0; row < weights.length; row++) {
                scatter += residuals[row] * residuals[row] / weights[row];
                free += 1 - leverage[row];
                double[] left = blocks.left(rows, row);
                for (int i = 0; i < fitted.length; i++) {
                    double of = 0;
                    for (int j = 0; j < fitted.length; j++) {
                        of += inverse.get(i, j) * left[fitted[j]];
                    }
                    influence[i][rows.pair[row]] += residuals[row] * of;
                    taken[i] += leverage[row] * weights[row] * of * of;
                }
            }
            double dispersion = free > 0.5 ? scatter / free : 1;
            List<Effect> effects = new ArrayList<>(
                    Collections.nCopies(judges, Effect.none("the design does not tell position from quality")));
            for (int i = 0; i < fitted.length; i++) {
                double middle = Arrays.stream(influence[i]).map(u -> u * u).sum() + dispersion * taken[i];
                effects.set(
                        fitted[i], new Effect(gamma[fitted[i]], Math.sqrt(inverse.get(i, i)), Math.sqrt(middle), "ok"));
            }
            return effects;
        }
    }
}
