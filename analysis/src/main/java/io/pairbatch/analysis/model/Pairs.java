package io.pairbatch.analysis.model;

import io.pairbatch.analysis.counts.Cells;
import io.pairbatch.analysis.counts.Judgements;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;

/// Unordered pairs of items with their counts, over all judges, orders and repeats: what the Bradley–Terry model
/// needs. Pairs are sorted by their items. 32 bytes a pair.
///
/// @param items how many items there are, numbered from 0
/// @param low the pair's item with the lower number
/// @param high the other one
/// @param count judgements of the pair
/// @param share what the lower one got of them: a win is 1, a tie a half, a preference itself
@SuppressWarnings("ArrayRecordComponent") // these arrays are the table, and are never written to again
public record Pairs(int items, int[] low, int[] high, double[] count, double[] share) {

    /// Those of all judges together.
    public static Pairs of(Judgements judgements) {
        int judges = judgements.judges().size();
        Cells[] cells = new Cells[judges];
        Arrays.setAll(cells, judgements::of);
        return of(judgements.items().size(), cells);
    }

    /// Those of some judges.
    ///
    /// @param items how many items there are
    public static Pairs of(int items, Cells... judges) {
        int all = Arrays.stream(judges).mapToInt(Cells::size).sum();
        long[] keys = new long[all];
        int at = 0;
        for (Cells cells : judges) {
            for (int cell = 0; cell < cells.size(); cell++) {
                keys[at++] = key(cells.first(cell), cells.second(cell));
            }
        }
        Arrays.sort(keys);
        int size = 0;
        for (int k = 0; k < all; k++) {
            if (k == 0 || keys[k] != keys[k - 1]) {
                keys[size++] = keys[k];
            }
        }
        Pairs pairs = new Pairs(items, new int[size], new int[size], new double[size], new double[size]);
        for (int pair = 0; pair < size; pair++) {
            pairs.low[pair] = (int) (keys[pair] >> Integer.SIZE);
            pairs.high[pair] = (int) keys[pair];
        }
        for (Cells cells : judges) {
            for (int cell = 0; cell < cells.size(); cell++) {
                int first = cells.first(cell);
                int pair = Arrays.binarySearch(keys, 0, size, key(first, cells.second(cell)));
                int count = cells.count(cell);
                pairs.count[pair] += count;
                pairs.share[pair] += first == pairs.low[pair] ? cells.share(cell) : count - cells.share(cell);
            }
        }
        return pairs;
    }

    private static long key(int one, int other) {
        return (long) Math.min(one, other) << Integer.SIZE | Math.max(one, other);
    }

    /// How many pairs there are.
    public int size() {
        return low.length;
    }

    /// The pairs of some items among each other, which are numbered anew in the order of `some`.
    ///
    /// @param some items, ascending
    Pairs among(int[] some) {
        int[] number = new int[items];
        Arrays.fill(number, -1);
        for (int i = 0; i < some.length; i++) {
            number[some[i]] = i;
        }
        return kept(some.length, number, pair -> number[low[pair]] >= 0 && number[high[pair]] >= 0);
    }

    /// Two halves of the pairs, by chance.
    Pairs[] halves(Random random) {
        int[] same = new int[items];
        Arrays.setAll(same, i -> i);
        boolean[] chosen = new boolean[size()];
        // Exactly half of them, each as likely.
        int left = size() / 2;
        for (int pair = 0; pair < chosen.length; pair++) {
            chosen[pair] = random.nextInt(chosen.length - pair) < left;
            left -= chosen[pair] ? 1 : 0;
        }
        return new Pairs[] {kept(items, same, pair -> chosen[pair]), kept(items, same, pair -> !chosen[pair])};
    }

    private Pairs kept(int ofItems, int[] number, IntPredicate wanted) {
        int kept = 0;
        for (int pair = 0; pair < size(); pair++) {
            kept += wanted.test(pair) ? 1 : 0;
        }
        Pairs result = new Pairs(ofItems, new int[kept], new int[kept], new double[kept], new double[kept]);
        int at = 0;
        for (int pair = 0; pair < size(); pair++) {
            if (wanted.test(pair)) {
                result.low[at] = number[low[pair]];
                result.high[at] = number[high[pair]];
                result.count[at] = count[pair];
                result.share[at++] = share[pair];
            }
        }
        return result;
    }

    /// The same pairs with other results.
    ///
    /// @param shares what the lower one of each pair got
    Pairs with(double[] shares) {
        return new Pairs(items, low, high, count, shares);
    }
}
