package io.pairbatch.numbers;

/// R's default generator since 3.6 (Mersenne Twister, `sample.kind = "Rejection"`), so that a seed draws the same here
/// as after `set.seed` in R (contract 9.1).
public final class RRandom {

    private static final int N = 624;
    private static final int M = 397;
    private static final int UPPER = 0x80000000;
    private static final int LOWER = 0x7fffffff;
    private static final int MATRIX = 0x9908b0df;
    private static final int SCRAMBLES = 50;
    private static final int LCG = 69069;
    private static final double UNIT = 2.3283064365386963e-10;

    private final int[] state = new int[N];
    private int at = N;

    /// As after `set.seed(seed)`.
    public RRandom(int seed) {
        int x = seed;
        for (int i = 0; i < SCRAMBLES; i++) {
            x = LCG * x + 1;
        }
        // The first word is the position, which starts at the end of the state.
        x = LCG * x + 1;
        for (int i = 0; i < N; i++) {
            x = LCG * x + 1;
            state[i] = x;
        }
    }

    /// A number strictly between 0 and 1.
    public double unif() {
        double value = (next() & 0xffffffffL) * UNIT;
        return Math.min(Math.max(value, 0.5 * UNIT), 1 - 0.5 * UNIT);
    }

    /// A number from 0 to `n - 1`.
    ///
    /// @param n at least 1
    public long index(long n) {
        int bits = n == 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(n - 1);
        while (true) {
            long v = 0;
            for (int k = 0; k <= bits; k += 16) {
                v = 65_536 * v + (long) Math.floor(65_536 * unif());
            }
            v &= (1L << bits) - 1;
            if (v < n) {
                return v;
            }
        }
    }

    private int next() {
        if (at == N) {
            twist();
            at = 0;
        }
        int y = state[at++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = (state[i] & UPPER) | (state[(i + 1) % N] & LOWER);
            state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX);
        }
    }
}
