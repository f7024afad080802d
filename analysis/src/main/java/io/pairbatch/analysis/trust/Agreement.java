package io.pairbatch.analysis.trust;

import io.pairbatch.analysis.counts.Cells;
import io.pairbatch.analysis.counts.Judgements;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.rng.UniformRandomProvider;

/// How often judgements of the same pair agree: of one judge in repeats and in both orders, of two judges, and of
/// all of them. A unit is an ordered pair, of orders an unordered one, and counts once, however often it was
/// judged; ties are left out.
///
/// @param kind `repeats`, `orders`, `judges` or `panel`
/// @param judge of repeats and orders the judge, of judges the first one; -1 for all of them
/// @param other the second judge, else -1
/// @param units that were judged at least twice
/// @param raw the share of agreement
/// @param kappa what of it is beyond chance: Cohen's, of repeats and of a panel Fleiss' (raters are exchangeable)
/// @param alpha Krippendorff's, nominal
/// @param low the interval of alpha, by a bootstrap of units
/// @param status `ok`, or why there is no figure
public record Agreement(
        String kind,
        int judge,
        int other,
        long units,
        double raw,
        double kappa,
        double alpha,
        double low,
        double high,
        String status) {

    private static final String OK = "ok";
    private static final int DRAWS = 1_000;

    /// A unit's votes: of the first rater, then of the second. Where raters are exchangeable all are the first
    /// one's.
    private record Votes(int first, int second, int otherFirst, int otherSecond) implements Comparable<Votes> {

        private static final java.util.Comparator<Votes> ORDER = java.util.Comparator.comparingInt(Votes::first)
                .thenComparingInt(Votes::second)
                .thenComparingInt(Votes::otherFirst)
                .thenComparingInt(Votes::otherSecond);

        int ones() {
            return first + otherFirst;
        }

        int twos() {
            return second + otherSecond;
        }

        int all() {
            return ones() + twos();
        }

        @Override
        public int compareTo(Votes votes) {
            return ORDER.compare(this, votes);
        }
    }

    /// Units by their votes: there are few kinds, however many units.
    private static final class Units {

        private final Map<Votes, Long> counts = new TreeMap<>();
        private final boolean exchangeable;

        Units(boolean exchangeable) {
            this.exchangeable = exchangeable;
        }

        void add(int first, int second, int otherFirst, int otherSecond) {
            boolean twice = exchangeable ? first + second > 1 : first + second > 0 && otherFirst + otherSecond > 0;
            if (twice) {
                counts.merge(new Votes(first, second, otherFirst, otherSecond), 1L, Long::sum);
            }
        }

        Agreement scored(String kind, int judge, int other, String missing, double level, long seed) {
            if (counts.isEmpty()) {
                double none = Double.NaN;
                return new Agreement(kind, judge, other, 0, none, none, none, none, none, "not scoreable: " + missing);
            }
            Votes[] kinds = counts.keySet().toArray(Votes[]::new);
            long[] often = counts.values().stream().mapToLong(n -> n).toArray();
            double alpha = alpha(kinds, often);
            double low = Double.NaN;
            double high = Double.NaN;
            if (!Double.isNaN(alpha)) {
                UniformRandomProvider random = Chance.random(seed);
                double[] drawn = new double[DRAWS];
                Arrays.setAll(drawn, draw -> alpha(kinds, Chance.resampled(often, random)));
                // A sample in which all say the same has no alpha.
                double[] known = Arrays.stream(drawn)
                        .filter(a -> !Double.isNaN(a))
                        .sorted()
                        .toArray();
                low = Chance.quantile(known, (1 - level) / 2);
                high = Chance.quantile(known, (1 + level) / 2);
            }
            double raw = raw(kinds, often);
            return new Agreement(
                    kind,
                    judge,
                    other,
                    Arrays.stream(often).sum(),
                    raw,
                    kappa(kinds, often, raw),
                    alpha,
                    low,
                    high,
                    Double.isNaN(alpha) ? "not scoreable beyond raw: the same position won everything" : OK);
        }

        private double raw(Votes[] kinds, long[] often) {
            double sum = 0;
            long units = 0;
            for (int kind = 0; kind < kinds.length; kind++) {
                Votes votes = kinds[kind];
                double agreed;
                if (exchangeable) {
                    double n = votes.all();
                    agreed = (votes.first * (votes.first - 1.0) + votes.second * (votes.second - 1.0)) / (n * (n - 1));
                } else {
                    double one = share(votes.first, votes.second);
                    double other = share(votes.otherFirst, votes.otherSecond);
                    agreed = one * other + (1 - one) * (1 - other);
                }
                sum += often[kind] * agreed;
                units += often[kind];
            }
            return sum / units;
        }

        private static double share(int first, int second) {
            return (double) first / (first + second);
        }

        private double kappa(Votes[] kinds, long[] often, double raw) {
            double one = 0;
            double other = 0;
            long units = 0;
            for (int kind = 0; kind < kinds.length; kind++) {
                Votes votes = kinds[kind];
                one += often[kind] * share(votes.first, votes.second);
                other += often[kind]
                        * (exchangeable
                                ? share(votes.first, votes.second)
                                : share(votes.otherFirst, votes.otherSecond));
                units += often[kind];
            }
            one /= units;
            other /= units;
            double expected = one * other + (1 - one) * (1 - other);
            return expected == 1 ? Double.NaN : (raw - expected) / (1 - expected);
        }

        /// NaN where all votes are the same.
        private static double alpha(Votes[] kinds, long[] often) {
            double ones = 0;
            double twos = 0;
            double disagreed = 0;
            for (int kind = 0; kind < kinds.length; kind++) {
                Votes votes = kinds[kind];
                ones += often[kind] * (double) votes.ones();
                twos += often[kind] * (double) votes.twos();
                disagreed += often[kind] * (double) votes.ones() * votes.twos() / (votes.all() - 1);
            }
            return ones == 0 || twos == 0 ? Double.NaN : 1 - (ones + twos - 1) * disagreed / (ones * twos);
        }
    }

    /// All that can be compared, and what cannot.
    ///
    /// @param level of the intervals
    public static List<Agreement> of(Judgements judgements, double level, long seed) {
        int judges = judgements.judges().size();
        List<Agreement> rows = new ArrayList<>();
        for (int judge = 0; judge < judges; judge++) {
            rows.add(repeats(judgements, judge)
                    .scored("repeats", judge, -1, "no pair was judged twice in the same order", level, seed));
            rows.add(orders(judgements, judge)
                    .scored("orders", judge, -1, "no pair was judged in both orders", level, seed));
        }
        for (int judge = 0; judge < judges; judge++) {
            for (int other = judge + 1; other < judges; other++) {
                rows.add(judges(judgements, judge, other)
                        .scored("judges", judge, other, "no pair was judged by both in the same order", level, seed));
            }
        }
        if (judges > 2) {
            rows.add(panel(judgements)
                    .scored("panel", -1, -1, "no pair was judged by two judges in the same order", level, seed));
        }
        return rows;
    }

    private static Units repeats(Judgements judgements, int judge) {
        Cells cells = judgements.of(judge);
        Units units = new Units(true);
        for (int cell = 0; cell < cells.size(); cell++) {
            units.add(cells.firstWins(cell), cells.secondWins(cell), 0, 0);
        }
        return units;
    }

    /// The winner counts as the item that stood first in the order that came first.
    private static Units orders(Judgements judgements, int judge) {
        Cells cells = judgements.of(judge);
        Units units = new Units(false);
        for (int cell = 0; cell < cells.size(); cell++) {
            int back = cells.find(/* first= */ cells.second(cell), /* second= */ cells.first(cell));
            if (back > cell) {
                units.add(cells.firstWins(cell), cells.secondWins(cell), cells.secondWins(back), cells.firstWins(back));
            }
        }
        return units;
    }

    private static Units judges(Judgements judgements, int judge, int other) {
        Cells cells = judgements.of(judge);
        Cells others = judgements.of(other);
        Units units = new Units(false);
        for (int cell = 0; cell < cells.size(); cell++) {
            int same = others.find(cells.first(cell), cells.second(cell));
            if (same >= 0) {
                units.add(
                        cells.firstWins(cell), cells.secondWins(cell), others.firstWins(same), others.secondWins(same));
            }
        }
        return units;
    }

    private static Units panel(Judgements judgements) {
        int judges = judgements.judges().size();
        Units units = new Units(true);
        for (int judge = 0; judge < judges; judge++) {
            Cells cells = judgements.of(judge);
            for (int cell = 0; cell < cells.size(); cell++) {
                int ones = 0;
                int twos = 0;
                int voters = 0;
                boolean before = false;
                for (int other = 0; other < judges && !before; other++) {
                    int same = judgements.of(other).find(cells.first(cell), cells.second(cell));
                    if (same >= 0) {
                        before = other < judge;
                        ones += judgements.of(other).firstWins(same);
                        twos += judgements.of(other).secondWins(same);
                        voters++;
                    }
                }
                if (!before && voters > 1) {
                    units.add(ones, twos, 0, 0);
                }
            }
        }
        return units;
    }
}
