package io.pairbatch.numbers;

import java.util.Arrays;

/// R's `sample.int`, without replacement, draw by draw (contract 9.1). Holds 16 to 32 bytes for each draw.
public abstract sealed class RSample {

    /// Above so many numbers, R draws few of them with a table of those that were drawn.
    private static final long MANY = 10_000_000;

    private RSample() {}

    /// The beginning of `sample.int(n)`: the number of draws changes no draw.
    ///
    /// @param draws how many are drawn at most
    public static RSample beginning(int n, int seed, int draws) {
        return beginning(n, new RRandom(seed), draws);
    }

    /// The same, with the next numbers of a generator.
    public static RSample beginning(int n, RRandom random, int draws) {
        return new Moving(n, random, draws);
    }

    /// `sample.int(n, k)`, which has another rule where `n` is large and `k` at most half of it.
    public static RSample of(long n, int seed, int k) {
        RRandom random = new RRandom(seed);
        return n > MANY && 2L * k <= n ? new Remembering(n, random, k) : beginning(Math.toIntExact(n), random, k);
    }

    /// The next number, from 0 on.
    public abstract long next();

    /// Moves the last number to where one was drawn. Only those that were moved are stored.
    private static final class Moving extends RSample {

        private final RRandom random;
        private final int[] keys;
        private final int[] values;
        private int left;

        Moving(int n, RRandom random, int draws) {
            this.random = random;
            this.left = n;
            int size = Integer.highestOneBit(Math.max(8, draws)) * 4;
            this.keys = new int[size];
            this.values = new int[size];
            Arrays.fill(keys, -1);
        }

        @Override
        public long next() {
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

    /// Draws once more where a number was drawn before.
    private static final class Remembering extends RSample {

        private final long n;
        private final RRandom random;
        private final LongTable drawn;

        Remembering(long n, RRandom random, int k) {
            this.n = n;
            this.random = random;
            this.drawn = LongTable.ofKeys(k);
        }

        @Override
        public long next() {
            while (true) {
                long number = random.index(n);
                if (drawn.get(number + 1) == 0) {
                    drawn.put(number + 1, 1);
                    return number;
                }
            }
        }
    }
}
