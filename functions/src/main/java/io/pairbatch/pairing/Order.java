package io.pairbatch.pairing;

import io.pairbatch.numbers.RRandom;
import java.util.Locale;

/// Which sample of a pair stands first (contract 9.1).
public enum Order {
    /// As the design has it.
    AS_GIVEN,
    /// Swapped where R's `runif` is below a half: one number for each pair, in their order.
    RANDOM,
    /// Every second pair is swapped, beginning with the second.
    ALTERNATE,
    /// Each pair in both orders, one after the other.
    BOTH;

    /// The name in lower case.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// How many comparisons a number of pairs makes.
    public long comparisons(long pairs) {
        return this == BOTH ? 2 * pairs : pairs;
    }

    /// The comparisons of a design.
    ///
    /// @param seed of a generator of their own
    public PairCursor of(Design design, int seed) {
        PairCursor pairs = design.cursor();
        return switch (this) {
            case AS_GIVEN -> pairs;
            case RANDOM -> {
                RRandom random = new RRandom(seed);
                yield new Swapping(pairs) {
                    @Override
                    boolean swaps() {
                        return random.unif() < 0.5;
                    }
                };
            }
            case ALTERNATE ->
                new Swapping(pairs) {
                    private boolean odd;

                    @Override
                    boolean swaps() {
                        odd = !odd;
                        return !odd;
                    }
                };
            case BOTH -> new Both(pairs);
        };
    }

    private abstract static class Swapping extends PairCursor {

        private final PairCursor pairs;

        Swapping(PairCursor pairs) {
            this.pairs = pairs;
        }

        abstract boolean swaps();

        @Override
        public boolean next() {
            if (!pairs.next()) {
                return false;
            }
            if (swaps()) {
                set(pairs.second(), pairs.first());
            } else {
                set(pairs.first(), pairs.second());
            }
            return true;
        }
    }

    private static final class Both extends PairCursor {

        private final PairCursor pairs;
        private boolean half;

        Both(PairCursor pairs) {
            this.pairs = pairs;
        }

        @Override
        public boolean next() {
            if (half) {
                half = false;
                set(pairs.second(), pairs.first());
                return true;
            }
            half = pairs.next();
            if (half) {
                set(pairs.first(), pairs.second());
            }
            return half;
        }
    }
}
