package io.pairbatch.analysis.trust;

import io.pairbatch.analysis.model.Pairs;
import java.util.stream.IntStream;

/// Circles of three: a beats b, b beats c, c beats a. A pair's winner is who won more of its judgements.
///
/// @param triads of items that were all compared with each other, with a winner each
/// @param circular how many of them are circles; of coin flips a quarter would be
/// @param status `ok`, or why they were not counted
public record Triads(long triads, long circular, String status) {

    private static final int MOST_ITEMS = 20_000;

    public static Triads of(Pairs pairs) {
        int n = pairs.items();
        if (n > MOST_ITEMS) {
            return new Triads(0, 0, "not scoreable: more than " + MOST_ITEMS + " items");
        }
        int words = (n + Long.SIZE - 1) / Long.SIZE;
        long[][] beaten = new long[n][words];
        long[][] lostTo = new long[n][words];
        for (int pair = 0; pair < pairs.size(); pair++) {
            int better = better(pairs, pair);
            if (better >= 0) {
                int worse = pairs.low()[pair] + pairs.high()[pair] - better;
                beaten[better][worse >> 6] |= 1L << worse;
                lostTo[worse][better >> 6] |= 1L << better;
            }
        }
        // Each triad is counted at each of its three pairs.
        long[] counts = IntStream.range(0, pairs.size())
                .parallel()
                .filter(pair -> better(pairs, pair) >= 0)
                .mapToObj(pair -> {
                    int better = better(pairs, pair);
                    int worse = pairs.low()[pair] + pairs.high()[pair] - better;
                    long all = 0;
                    long circles = 0;
                    for (int w = 0; w < words; w++) {
                        long ofBetter = beaten[better][w] | lostTo[better][w];
                        long ofWorse = beaten[worse][w] | lostTo[worse][w];
                        all += Long.bitCount(ofBetter & ofWorse);
                        circles += Long.bitCount(beaten[worse][w] & lostTo[better][w]);
                    }
                    return new long[] {all, circles};
                })
                .reduce(new long[2], (a, b) -> new long[] {a[0] + b[0], a[1] + b[1]});
        return counts[0] == 0
                ? new Triads(0, 0, "not scoreable: no three items were all compared with each other")
                : new Triads(counts[0] / 3, counts[1] / 3, "ok");
    }

    /// -1 for a tie.
    private static int better(Pairs pairs, int pair) {
        double more = 2 * pairs.share()[pair] - pairs.count()[pair];
        return more == 0 ? -1 : more > 0 ? pairs.low()[pair] : pairs.high()[pair];
    }
}
