package io.pairbatch.cli.pilot;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/// How many pairs have prompts of how many bytes. Holds each size once, however many pairs have it.
public final class SizeCounts {

    private final TreeMap<Long, Long> counts = new TreeMap<>();
    private long pairs;

    void add(long bytes) {
        counts.merge(bytes, 1L, Long::sum);
        pairs++;
    }

    /// Takes one away that was added.
    void remove(long bytes) {
        counts.computeIfPresent(bytes, (size, count) -> count == 1 ? null : Long.valueOf(count - 1));
        pairs--;
    }

    long pairs() {
        return pairs;
    }

    /// The sum of a function of each pair's bytes.
    double sum(DoubleUnaryOperator of) {
        double sum = 0;
        for (Map.Entry<Long, Long> size : counts.entrySet()) {
            sum += size.getValue() * of.applyAsDouble(size.getKey().doubleValue());
        }
        return sum;
    }

    /// The quantile of type 7, R's default. There is at least one pair.
    double quantile(double share) {
        double place = (pairs - 1) * share;
        long below = (long) Math.floor(place);
        double low = (double) at(below);
        return low + (place - below) * (at(Math.min(below + 1, pairs - 1)) - low);
    }

    /// The size of the pair at a place in ascending order, from 0.
    private long at(long place) {
        long seen = 0;
        for (Map.Entry<Long, Long> size : counts.entrySet()) {
            seen += size.getValue();
            if (place < seen) {
                return size.getKey();
            }
        }
        throw new IllegalArgumentException(place + " of " + pairs);
    }
}
