package io.pairbatch.split;

import io.pairbatch.numbers.RSample;
import io.pairbatch.spec.Sample;
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
        RSample draws = RSample.beginning(n, seed, Math.min(n, rest ? from : to));
        BitSet before = new BitSet(n);
        for (int i = 0; i < Math.min(from, n); i++) {
            before.set((int) draws.next());
        }
        if (rest) {
            return new SampledRows(before, true, n - Math.min(from, n));
        }
        BitSet now = new BitSet(n);
        for (int i = from; i < to; i++) {
            now.set((int) draws.next());
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
}
