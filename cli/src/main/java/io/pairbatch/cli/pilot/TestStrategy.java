package io.pairbatch.cli.pilot;

import io.pairbatch.numbers.RRandom;
import io.pairbatch.numbers.RSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/// Which pairs a pilot takes (contract 9.6).
public enum TestStrategy {
    /// Those at the table's beginning.
    FIRST {
        @Override
        SortedSet<Long> choose(Sizes sizes, SizeCounts counts, int pairs, int seed) {
            SortedSet<Long> chosen = new TreeSet<>();
            for (long place = 0; place < pairs; place++) {
                chosen.add(place);
            }
            return chosen;
        }
    },
    /// Those that R's `sample.int` draws.
    RANDOM {
        @Override
        SortedSet<Long> choose(Sizes sizes, SizeCounts counts, int pairs, int seed) {
            return drawn(RSample.of(counts.pairs(), seed, pairs), pairs);
        }
    },
    /// As many of each fifth of the prompts' sizes, drawn within it.
    STRATIFIED_PROMPT_BYTES {
        @Override
        SortedSet<Long> choose(Sizes sizes, SizeCounts counts, int pairs, int seed) throws IOException {
            return new Strata(counts, sizes).choose(pairs, new RRandom(seed));
        }
    };

    /// Gives the bytes of each pair's prompts, in the table's order; each call the same.
    @FunctionalInterface
    interface Sizes {

        void each(LongConsumer bytes) throws IOException;
    }

    /// The places of pairs, from 0.
    ///
    /// @param counts of all sizes
    /// @param pairs how many, at most as many as there are
    abstract SortedSet<Long> choose(Sizes sizes, SizeCounts counts, int pairs, int seed) throws IOException;

    /// Its name in options and files.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return code();
    }

    private static SortedSet<Long> drawn(RSample sample, int draws) {
        SortedSet<Long> drawn = new TreeSet<>();
        for (int i = 0; i < draws; i++) {
            drawn.add(sample.next());
        }
        return drawn;
    }

    /// Bins between the quintiles.
    private static final class Strata {

        private static final int BINS = 5;

        private final Sizes sizes;
        private final long pairs;
        /// Where each bin begins; a size belongs to the last one that begins at it or below.
        private final List<Double> starts = new ArrayList<>();

        private final long[] members;

        Strata(SizeCounts counts, Sizes sizes) throws IOException {
            this.sizes = sizes;
            this.pairs = counts.pairs();
            for (int i = 0; i < BINS; i++) {
                double point = counts.quantile((double) i / BINS);
                // The largest size stands in the last bin, and begins none.
                if (starts.isEmpty() || (point > starts.getLast() && point < counts.quantile(1))) {
                    starts.add(point);
                }
            }
            this.members = new long[starts.size()];
            sizes.each(bytes -> members[bin(bytes)]++);
        }

        private int bin(long bytes) {
            int bin = starts.size() - 1;
            while (bin > 0 && bytes < starts.get(bin)) {
                bin--;
            }
            return bin;
        }

        SortedSet<Long> choose(int wanted, RRandom random) throws IOException {
            List<SortedSet<Long>> ofBins = new ArrayList<>();
            int chosen = 0;
            for (int bin = 0; bin < members.length; bin++) {
                int share = wanted / members.length + (bin < wanted % members.length ? 1 : 0);
                int draws = (int) Math.min(share, members[bin]);
                ofBins.add(drawn(RSample.beginning(Math.toIntExact(members[bin]), random, draws), draws));
                chosen += draws;
            }
            int missing = wanted - chosen;
            SortedSet<Long> others = missing == 0
                    ? new TreeSet<>()
                    : drawn(RSample.beginning(Math.toIntExact(pairs - chosen), random, missing), missing);
            return places(ofBins, others);
        }

        /// @param ofBins places within each bin
        /// @param others places among those that no bin has given
        private SortedSet<Long> places(List<SortedSet<Long>> ofBins, SortedSet<Long> others) throws IOException {
            SortedSet<Long> places = new TreeSet<>();
            long[] seen = new long[members.length];
            long[] at = new long[2];
            sizes.each(bytes -> {
                int bin = bin(bytes);
                boolean drawn = ofBins.get(bin).contains(seen[bin]++);
                if (drawn || others.contains(at[1]++)) {
                    places.add(at[0]);
                }
                at[0]++;
            });
            return places;
        }
    }
}
