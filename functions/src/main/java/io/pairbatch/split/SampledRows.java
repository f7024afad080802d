package io.pairbatch.split;

import io.pairbatch.spec.Sample;
import java.util.Arrays;
import java.util.BitSet;

/// Which of a table's accepted rows a part of a job judges: those that R's `sample.int(n)` draws after the first `from`
/// and up to `to`, in the table's order (contract 9.1). A larger limit only adds rows, because the number of draws does
/// not change a single draw. Holds a bit for each accepted row and 16 bytes for each drawn one.
final class SampledRows {

    private final BitSet wanted;
    private final boolean inverted;
    private final long count;

    private SampledRows(BitSet wanted, boolean inverted, long count) {
        this.wanted = wanted;
        this.inverted = inverted;
        this.count = count;
    }

    /// The rows of one part.
    ///
    /// @param accepted all accepted rows of the table
    /// @param from rows of the previous parts; 0 for the first part
    /// @param to rows of all parts up to this one; [Sample#EVERY_ROW] for all the rest
    static SampledRows of(long accepted, int seed, int from, int to) {
        if (accepted > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("too many rows to draw a sample from: " + accepted);
        }
        int n = (int) accepted;
        boolean rest = to == Sample.EVERY_ROW || to >= n;
        Draws draws = new Draws(n, seed, Math.min(n, rest ? from : to));
        BitSet before = new BitSet(n);
        for (int i = 0; i < Math.min(from, n); i++) {
            before.set(draws.next());
        }
        if (rest) {
            return new SampledRows(before, true, n - Math.min(from, n));
        }
        BitSet now = new BitSet(n);
        for (int i = from; i < to; i++) {
            now.set(draws.next());
        }
        return new SampledRows(now, false, Math.max(0, to - from));
    }

    /// Every row.
    static SampledRows all() {
        return new SampledRows(new BitSet(), true, Long.MAX_VALUE);
    }

    /// The number of rows in this part; practically unlimited if nobody has counted.
    long count() {
        return count;
    }

    /// Whether the `ordinal`-th accepted row (from 0) is one of them.
    boolean contains(long ordinal) {
        return wanted.isEmpty() ? inverted : wanted.get((int) ordinal) != inverted;
    }

    /// `sample.int(n)`, draw by draw: of the numbers from 0 to n - 1, only those that were moved are stored.
    private static final class Draws {

        private final RRandom random;
        private final int[] keys;
        private final int[] values;
        private int left;

        Draws(int n, int seed, int draws) {
            this.random = new RRandom(seed);
            this.left = n;
            int size = Integer.highestOneBit(Math.max(8, draws)) * 4;
            this.keys = new int[size];
            this.values = new int[size];
            Arrays.fill(keys, -1);
        }

        int next() {
            int j = (int) random.index(left);
            int drawn = at(j);
            left--;
            put(j, at(left));
            return drawn;
        }

        private int at(int index) {
            int slot = slot(index);
            return keys[slot] == index ? values[slot] : index;
        }

        private void put(int index, int value) {
            int slot = slot(index);
            keys[slot] = index;
            values[slot] = value;
        }

        private int slot(int index) {
            int mask = keys.length - 1;
            int slot = ((index * 0x9E3779B9) >>> 7) & mask;
            while (keys[slot] != -1 && keys[slot] != index) {
                slot = (slot + 1) & mask;
            }
            return slot;
        }
    }
}
