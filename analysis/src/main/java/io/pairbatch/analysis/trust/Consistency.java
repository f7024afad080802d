package io.pairbatch.analysis.trust;

import io.pairbatch.analysis.counts.Cells;
import io.pairbatch.analysis.counts.Judgements;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.jspecify.annotations.Nullable;

/// Pairs that a judge saw in both orders (contract 9.2, 9.3). The order that came first in the files is the main
/// one.
public final class Consistency {

    private static final int DRAWS = 1_000;

    private Consistency() {}

    /// What a judge said of a pair in one order.
    ///
    /// @param first the item in the first position
    /// @param firstVotes how often it won
    /// @param secondVotes how often the other one won
    public record Side(int first, int second, int firstVotes, int secondVotes) {

        /// Whether nobody wins.
        public boolean tie() {
            return firstVotes == secondVotes;
        }

        /// The position that won more often.
        public int position() {
            return firstVotes > secondVotes ? 1 : 2;
        }

        /// The item that won more often.
        public int better() {
            return firstVotes > secondVotes ? first : second;
        }
    }

    /// A pair with a winner in both orders.
    public record Detail(String key, Side main, Side reverse) {

        public boolean consistent() {
            return main.better() == reverse.better();
        }

        /// Whether the same position, this one, won in both orders.
        public boolean favours(int position) {
            return main.position() == position && reverse.position() == position;
        }
    }

    /// What the details of a judge add up to; the names are those of contract 9.3. NaN is what no pair tells.
    ///
    /// @param signTest the p-value of an exact sign test: whether of the pairs without a consistent winner as many
    ///     favour one position as the other
    public record Summary(
            long pairs,
            double consistent,
            double bootMean,
            double bootLow,
            double bootHigh,
            double pMain,
            double pReverse,
            double pOverall,
            long firstWins,
            long comparisons,
            long inconsistent,
            long favourFirst,
            long favourSecond,
            double signTest) {}

    /// The pairs of a judge that have a winner in both orders, by their keys: both IDs, the smaller one first.
    public static List<Detail> details(Judgements judgements, int judge) {
        Cells cells = judgements.of(judge);
        List<String> items = judgements.items();
        List<Detail> details = new ArrayList<>();
        for (int cell = 0; cell < cells.size(); cell++) {
            int back = cells.find(/* first= */ cells.second(cell), /* second= */ cells.first(cell));
            if (back > cell) {
                Side main = side(cells, cell);
                Side reverse = side(cells, back);
                if (!main.tie() && !reverse.tie()) {
                    details.add(new Detail(key(items, main), main, reverse));
                }
            }
        }
        details.sort(Comparator.comparing(Detail::key));
        return details;
    }

    private static String key(List<String> items, Side side) {
        String one = items.get(side.first);
        String other = items.get(side.second);
        return one.compareTo(other) < 0 ? one + "||" + other : other + "||" + one;
    }

    private static Side side(Cells cells, int cell) {
        return new Side(cells.first(cell), cells.second(cell), cells.firstWins(cell), cells.secondWins(cell));
    }

    /// Null without a pair.
    ///
    /// @param seed of the bootstrap of the share of consistent pairs
    public static @Nullable Summary summary(List<Detail> details, double level, long seed) {
        if (details.isEmpty()) {
            return null;
        }
        long n = details.size();
        long consistent = count(details, Detail::consistent);
        long mainFirst = count(details, detail -> detail.main.position() == 1);
        long reverseFirst = count(details, detail -> detail.reverse.position() == 1);
        long favourFirst = count(details, detail -> detail.favours(1));
        long favourSecond = count(details, detail -> detail.favours(2));
        // The mean of n values that are 0 or 1, drawn with replacement, is a binomial number over n.
        UniformRandomProvider random = Chance.random(seed);
        double share = (double) consistent / n;
        double[] means = new double[DRAWS];
        Arrays.setAll(means, draw -> (double) Chance.binomial(n, share, random) / n);
        Arrays.sort(means);
        return new Summary(
                n,
                share,
                Arrays.stream(means).average().orElseThrow(),
                Chance.quantile(means, (1 - level) / 2),
                Chance.quantile(means, (1 + level) / 2),
                Chance.fairCoin(mainFirst, n),
                Chance.fairCoin(reverseFirst, n),
                Chance.fairCoin(mainFirst + reverseFirst, 2 * n),
                mainFirst + reverseFirst,
                2 * n,
                n - consistent,
                favourFirst,
                favourSecond,
                Chance.fairCoin(favourFirst, favourFirst + favourSecond));
    }

    private static long count(List<Detail> details, java.util.function.Predicate<Detail> which) {
        return details.stream().filter(which).count();
    }
}
