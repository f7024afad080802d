package io.pairbatch.analysis.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/// The Bradley–Terry model of all judgements: P(i beats j) = 1 / (1 + exp(−(θi − θj))) (contract 9.4), fitted to
/// each component by itself.
///
/// - **Abilities** are by maximum likelihood, where they are finite, and bias-reduced (Firth 1993), which they
///   always are. Both are in log-odds and sum to zero, the former over the largest group of a component, the latter
///   over the component.
/// - **Standard errors** are by the model, and clustered by unordered pair: of each pair r² + φhw stands in the
///   middle of the sandwich, with r what the lower item got more than expected, w the information, h the leverage,
///   and φ the dispersion Σr²/w : Σ(1 − h). Under the model that has no bias, whatever the leverage; without φhw,
///   abilities that were fitted to few judgements would seem surer than they are.
/// - **Intervals** are ability ± z·SE, with the clustered error where a pair was judged more than once, since
///   judgements of one pair are not independent, else with the model's.
/// - **Rank intervals** follow from the differences to all others of the component: how many are surely better, how
///   many surely worse. The critical value is Šidák's for as many differences, so that the interval holds the true
///   rank with at least the level's chance, however the differences depend on each other.
public final class Ranking {

    /// How sure intervals are.
    public static final double LEVEL = 0.95;

    /// Abilities that differ by less are equal but for rounding.
    private static final double SAME = 1e-8;

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    /// How many standard errors reach from the middle of an interval to its ends.
    static final double Z = NORMAL.inverseCumulativeProbability((1 + LEVEL) / 2);

    private final List<Place> places;
    private final List<Component> components;

    private Ranking(List<Place> places, List<Component> components) {
        this.places = places;
        this.components = components;
    }

    /// What is known of an item. What cannot be known is NaN.
    ///
    /// @param item its number
    /// @param component where it can be ranked, from 1 on, the largest first
    /// @param flags why its ability by maximum likelihood is not finite, or not on the scale of most others
    /// @param rank in its component, from 1 on; equal abilities share the better rank
    public record Place(
            int item,
            int component,
            Set<Flag> flags,
            double ability,
            double abilityError,
            double reduced,
            double error,
            double clusteredError,
            double low,
            double high,
            int rank,
            int rankLow,
            int rankHigh,
            double wins,
            double count) {}

    /// The items with a flag, from the best on.
    public List<Integer> flagged(Flag flag) {
        return places.stream()
                .filter(place -> place.flags().contains(flag))
                .map(Place::item)
                .toList();
    }

    /// A set of connected items.
    ///
    /// @param size its items
    /// @param pairs unordered pairs that were judged
    /// @param core items whose abilities by maximum likelihood are finite
    /// @param logLikelihood of the bias-reduced abilities
    /// @param penalised what bias reduction maximises: that, with half the logarithm of the information's
    ///     determinant; NaN where errors are approximate
    /// @param dispersion φ; NaN where no pair is left to tell it from
    /// @param ambiguous whether what bias reduction maximises has another maximum, which is not as high, or just as
    ///     high
    /// @param exact whether the standard errors are exact
    /// @param error if they are not: the largest relative error among those that were computed exactly too
    public record Component(
            int size,
            int pairs,
            int core,
            double logLikelihood,
            double penalised,
            double dispersion,
            int steps,
            boolean converged,
            boolean ambiguous,
            boolean exact,
            double error,
            List<Integer> items,
            @SuppressWarnings("ArrayRecordComponent") double[] abilities,
            Uncertainty uncertainty) {}

    /// How sure the difference between two items of a component is.
    public static final class Uncertainty {

        private final Covariance covariance;
        private final double[] scale;

        private Uncertainty(Covariance covariance, double[] scale) {
            this.covariance = covariance;
            this.scale = scale;
        }

        /// The standard error of the difference between two items, by their numbers within the component: the
        /// model's, times the mean by which the two items' clustered errors are larger than the model's.
        double ofDifference(int one, int other) {
            return Math.sqrt(Math.max(0, covariance.ofDifference(one, other)) * (scale[one] + scale[other]) / 2);
        }
    }

    /// Fits the model.
    public static Ranking of(Pairs pairs) {
        Groups groups = Groups.of(pairs);
        double[] wins = new double[pairs.items()];
        double[] counts = new double[pairs.items()];
        for (int pair = 0; pair < pairs.size(); pair++) {
            int a = pairs.low()[pair];
            int b = pairs.high()[pair];
            wins[a] += pairs.share()[pair];
            wins[b] += pairs.count()[pair] - pairs.share()[pair];
            counts[a] += pairs.count()[pair];
            counts[b] += pairs.count()[pair];
        }
        List<Place> places = new ArrayList<>();
        List<Component> components = new ArrayList<>();
        for (int c = 0; c < groups.components(); c++) {
            new Placing(pairs, groups, c, wins, counts).into(places, components);
        }
        return new Ranking(List.copyOf(places), List.copyOf(components));
    }

    /// All items: those of the largest component first, each component from its best item on.
    public List<Place> places() {
        return places;
    }

    /// The chance that one item beats another, with its interval; null where they are not in one component.
    ///
    /// @param one an item's number
    public @Nullable Interval winProbability(int one, int other) {
        for (Component component : components) {
            int first = component.items.indexOf(one);
            int second = component.items.indexOf(other);
            if (first >= 0 && second >= 0 && first != second) {
                double difference = component.abilities[first] - component.abilities[second];
                double error = component.uncertainty.ofDifference(first, second);
                return new Interval(
                        Fit.chance(difference), Fit.chance(difference - Z * error), Fit.chance(difference + Z * error));
            }
        }
        return null;
    }

    /// An estimate with its interval.
    public record Interval(double estimate, double low, double high) {}

    /// The largest first.
    public List<Component> components() {
        return components;
    }

    /// One component's places.
    private record Placing(
            Pairs all,
            Groups groups,
            int which,
            @SuppressWarnings("ArrayRecordComponent") double[] wins,
            @SuppressWarnings("ArrayRecordComponent") double[] counts) {

        void into(List<Place> places, List<Component> components) {
            int[] members = groups.ofComponent(which);
            int n = members.length;
            if (n == 1) {
                alone(members[0], places, components);
                return;
            }
            Pairs pairs = all.among(members);
            int[] core = groups.core(which);
            double[] ability = new double[all.items()];
            double[] abilityError = new double[all.items()];
            Arrays.fill(ability, Double.NaN);
            Arrays.fill(abilityError, Double.NaN);
            if (core.length > 0) {
                Fit likely = Fit.mostLikely(all.among(core));
                double[] errors = likely.errors();
                for (int i = 0; i < core.length; i++) {
                    ability[core[i]] = likely.ability()[i];
                    abilityError[core[i]] = errors[i];
                }
            }
            Fit fit = Fit.biasReduced(pairs);
            Sandwich sandwich = Sandwich.of(pairs, fit);
            double[] errors = fit.errors();
            double[] clusteredErrors = sandwich.errors();
            double[] scale = new double[n];
            Arrays.setAll(scale, i -> {
                double ratio = clusteredErrors[i] / errors[i];
                return ratio * ratio;
            });
            Uncertainty uncertainty = new Uncertainty(fit.covariance(), scale);
            double[] reduced = fit.ability();
            Integer[] order = new Integer[n];
            Arrays.setAll(order, i -> i);
            Arrays.sort(
                    order,
                    Comparator.comparingDouble((Integer i) -> -reduced[i]).thenComparingInt(i -> i));
            int[][] ranks = ranks(reduced, uncertainty);
            for (int at = 0; at < n; at++) {
                int i = order[at];
                int item = members[i];
                places.add(new Place(
                        item,
                        which + 1,
                        flags(item, !Double.isNaN(ability[item])),
                        ability[item],
                        abilityError[item],
                        reduced[i],
                        errors[i],
                        clusteredErrors[i],
                        reduced[i] - Z * clusteredErrors[i],
                        reduced[i] + Z * clusteredErrors[i],
                        rank(reduced, order, at),
                        ranks[0][i],
                        ranks[1][i],
                        wins[item],
                        counts[item]));
            }
            components.add(new Component(
                    n,
                    pairs.size(),
                    core.length,
                    fit.logLikelihood(pairs),
                    fit.penalised(pairs),
                    sandwich.dispersion(),
                    fit.steps(),
                    fit.converged(),
                    fit.ambiguous(),
                    fit.covariance().exact(),
                    sandwich.error(),
                    Arrays.stream(members).boxed().toList(),
                    reduced,
                    uncertainty));
        }

        private void alone(int item, List<Place> places, List<Component> components) {
            double none = Double.NaN;
            Uncertainty nothing = new Uncertainty(DenseCovariance.NOTHING, new double[] {1});
            places.add(new Place(
                    item, which + 1, flags(item, false), none, none, 0, none, none, none, none, 1, 1, 1, 0, 0));
            components.add(new Component(
                    1, 0, 0, 0, 0, none, 0, true, false, true, 0, List.of(item), new double[] {0}, nothing));
        }

        private Set<Flag> flags(int item, boolean finite) {
            EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
            if (which > 0) {
                flags.add(Flag.NOT_CONNECTED);
            }
            if (wins[item] == 0) {
                flags.add(Flag.NEVER_WON);
            }
            if (wins[item] == counts[item]) {
                flags.add(Flag.NEVER_LOST);
            }
            if (!finite && (flags.isEmpty() || (which > 0 && flags.size() == 1))) {
                flags.add(Flag.ONE_SIDED);
            }
            return flags;
        }

        private static int rank(double[] reduced, Integer[] order, int at) {
            int rank = at;
            while (rank > 0 && reduced[order[rank - 1]] - reduced[order[at]] < SAME) {
                rank--;
            }
            return rank + 1;
        }

        /// The lowest and the highest rank of each item.
        private static int[][] ranks(double[] reduced, Uncertainty uncertainty) {
            int n = reduced.length;
            double each = Math.pow(LEVEL, 1.0 / (n - 1));
            double critical = NORMAL.inverseSurvivalProbability((1 - each) / 2);
            int[][] ranks = new int[2][n];
            Arrays.fill(ranks[0], 1);
            Arrays.fill(ranks[1], n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    double difference = reduced[i] - reduced[j];
                    if (Math.abs(difference) > critical * uncertainty.ofDifference(i, j)) {
                        ranks[0][difference > 0 ? j : i]++;
                        ranks[1][difference > 0 ? i : j]--;
                    }
                }
            }
            return ranks;
        }
    }
}
