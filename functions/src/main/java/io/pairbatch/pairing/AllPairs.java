package io.pairbatch.pairing;

/// Each sample with each later one: 1-2, 1-3, …, 2-3, …
///
/// @param samples at least 2
public record AllPairs(int samples) implements Design {

    public AllPairs {
        if (samples < 2) {
            throw new RefusedDesignException(
                    samples == 1 ? "1 sample" : samples + " samples", "at least 2, since one is compared with another");
        }
    }

    @Override
    public long pairs() {
        return before(samples);
    }

    /// The pairs whose first sample is an earlier one than `sample`.
    private long before(long sample) {
        return sample * (2L * samples - sample - 1) / 2;
    }

    /// The first sample of the pair at an index, from 0.
    public int first(long index) {
        double n = samples - 0.5;
        long guess = (long) (n - Math.sqrt(Math.max(0, n * n - 2.0 * index)));
        // The root is not exact.
        long first = Math.clamp(guess, 0, samples - 2);
        while (before(first) > index) {
            first--;
        }
        while (before(first + 1) <= index) {
            first++;
        }
        return (int) first;
    }

    /// The second sample of the pair at an index whose first sample is known.
    public int second(long index, int first) {
        return (int) (index - before(first)) + first + 1;
    }

    @Override
    public PairCursor cursor() {
        return new PairCursor() {
            private int i;
            private int j;

            @Override
            public boolean next() {
                j++;
                if (j == samples) {
                    i++;
                    j = i + 1;
                }
                if (j >= samples) {
                    return false;
                }
                set(i, j);
                return true;
            }
        };
    }
}
