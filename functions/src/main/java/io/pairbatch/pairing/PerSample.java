package io.pairbatch.pairing;

import io.pairbatch.numbers.RRandom;
import io.pairbatch.numbers.RSample;

/// So many comparisons for each sample, with others that the seed chooses: the samples stand in a circle in a random
/// order, and each is compared with the one next to it and with those at some other distances, which are drawn.
///
/// The next ones connect all samples. At each distance a sample stands once in the first position and once in the
/// second. Of an odd number one comparison is left, with the sample opposite; where the number of samples is odd too,
/// one has to have a comparison more than the others. Holds 4 bytes for each sample and distance.
public final class PerSample implements Design {

    private final int samples;
    private final int each;
    private final int[] circle;
    private final int[] distances;

    /// @param each comparisons of each sample
    public PerSample(int samples, int each, int seed) {
        new AllPairs(samples);
        if (each < 1 || each > samples - 1) {
            throw new RefusedDesignException(
                    each + " comparisons for each of " + samples + " samples",
                    "1 to " + (samples - 1) + ", since each can be compared with " + (samples - 1) + " others");
        }
        if (each == 1 && samples > 3) {
            throw new RefusedDesignException(
                    "1 comparison for each of " + samples + " samples, which leaves pairs that nothing connects",
                    "at least 2");
        }
        this.samples = samples;
        this.each = each;
        RRandom random = new RRandom(seed);
        RSample order = RSample.beginning(samples, random, samples);
        this.circle = new int[samples];
        for (int i = 0; i < samples; i++) {
            circle[i] = (int) order.next();
        }
        this.distances = distances(random);
    }

    /// Distance 1, and others that are shorter than half the circle and not that of the single comparisons.
    private int[] distances(RRandom random) {
        int[] chosen = new int[each / 2];
        int shortest = isOdd(samples) && isOdd(each) ? 3 : 2;
        int longest = (samples - 1) / 2;
        RSample others = RSample.beginning(Math.max(0, longest - shortest + 1), random, chosen.length);
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = i == 0 ? 1 : shortest + (int) others.next();
        }
        return chosen;
    }

    private static boolean isOdd(int number) {
        return number % 2 != 0;
    }

    @Override
    public long pairs() {
        return ((long) samples * each + 1) / 2;
    }

    @Override
    public PairCursor cursor() {
        return new Circling();
    }

    private final class Circling extends PairCursor {

        private int round;
        private int at;

        @Override
        public boolean next() {
            if (round < distances.length) {
                pair(at, at + (long) distances[round]);
                at++;
                if (at == samples) {
                    at = 0;
                    round++;
                }
                return true;
            }
            return isOdd(each) && (isOdd(samples) ? everySecond() : opposite());
        }

        private boolean opposite() {
            if (at == samples / 2) {
                return false;
            }
            pair(at, at + samples / 2L);
            at++;
            return true;
        }

        /// Steps of one distance come to every sample of an odd number before they come to the first one again; every
        /// second step is a comparison, and the last one is with the first sample, which has two.
        private boolean everySecond() {
            if (at > samples) {
                return false;
            }
            long step = samples == 3 ? 1 : 2;
            pair(at * step, (at + 1) * step);
            at += 2;
            return true;
        }

        private void pair(long first, long second) {
            set(circle[(int) (first % samples)], circle[(int) (second % samples)]);
        }
    }
}
