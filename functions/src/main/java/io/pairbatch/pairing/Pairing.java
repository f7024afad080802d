package io.pairbatch.pairing;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which comparisons are made of samples: a design with its values, and the order within each pair.
///
/// @param k comparisons of each sample, or of each new one
/// @param pairs how many are drawn at most
/// @param percent how many of all are drawn, in percent
/// @param anchors the IDs of samples that new ones are compared with
public record Pairing(
        DesignKind design,
        @Nullable Integer k,
        @Nullable Long pairs,
        @Nullable BigDecimal percent,
        int seed,
        Order order,
        List<String> anchors) {

    public static final int DEFAULT_SEED = 1;

    public Pairing {
        anchors = List.copyOf(anchors);
    }

    /// The design for so many samples.
    ///
    /// @param old which of them are anchors
    /// @throws RefusedDesignException if it is none for these
    public Design of(int samples, BitSet old) {
        return switch (design) {
            case ALL -> new AllPairs(samples);
            case RANDOM -> new RandomPairs(samples, percent, pairs, seed);
            case PER_SAMPLE -> new PerSample(samples, given(k), seed);
            case LINKED ->
                new Linked(
                        IntStream.range(0, samples).filter(i -> !old.get(i)).toArray(),
                        old.stream().toArray(),
                        given(k),
                        seed);
        };
    }

    /// The comparisons of its design, in their order.
    public PairCursor cursor(Design of) {
        return order.of(of, seed);
    }

    /// How many comparisons its design makes.
    public long comparisons(Design of) {
        return order.comparisons(of.pairs());
    }

    /// Whether pairs are drawn one by one, which takes memory for each.
    public boolean isDrawn(Design of) {
        return of instanceof RandomPairs random && random.isPart();
    }

    /// Such as `per_sample k=10`.
    public String words() {
        StringBuilder words = new StringBuilder(design.code());
        if (k != null) {
            words.append(" k=").append(k);
        }
        if (pairs != null) {
            words.append(" pairs=").append(pairs);
        }
        if (percent != null) {
            words.append(" percent=").append(percent.toPlainString());
        }
        return order == Order.AS_GIVEN
                ? words.toString()
                : words.append(" order=").append(order.code()).toString();
    }

    private static int given(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
