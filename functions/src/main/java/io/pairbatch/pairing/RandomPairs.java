package io.pairbatch.pairing;

import io.pairbatch.numbers.RSample;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Some of all pairs, as R's `sample.int` draws them and in the order of the draws; all of them in their own order
/// where as many are wanted. Holds 16 to 32 bytes for each pair that is drawn.
public final class RandomPairs implements Design {

    /// More are not drawn.
    public static final int MOST = 10_000_000;

    private static final int PERCENT = 2;

    private final AllPairs all;
    private final int seed;
    private final long drawn;

    /// @param percent of all pairs; null for all
    /// @param most pairs at most; null for any number
    public RandomPairs(int samples, @Nullable BigDecimal percent, @Nullable Long most, int seed) {
        this.all = new AllPairs(samples);
        this.seed = seed;
        // A share as R reads it from a text: 7 % is 0.07.
        double share =
                percent == null ? 1 : Math.clamp(percent.movePointLeft(PERCENT).doubleValue(), 0.0, 1.0);
        long wanted = (long) Math.floor(share * all.pairs());
        this.drawn = most == null ? wanted : Math.min(wanted, most);
        if (drawn < 1) {
            throw new RefusedDesignException(
                    "no pair to draw of the " + all.pairs() + " that there are", "a share or a number that gives one");
        }
        if (drawn < all.pairs() && drawn > MOST) {
            throw new RefusedDesignException(
                    drawn + " pairs to draw", MOST + " at most, or all " + all.pairs() + " of them");
        }
    }

    /// Whether some pairs are left out.
    boolean isPart() {
        return drawn < all.pairs();
    }

    @Override
    public long pairs() {
        return drawn;
    }

    @Override
    public PairCursor cursor() {
        return drawn == all.pairs() ? all.cursor() : new Drawing();
    }

    private final class Drawing extends PairCursor {

        private final RSample sample = RSample.of(all.pairs(), seed, (int) drawn);
        private long left = drawn;

        @Override
        public boolean next() {
            if (left == 0) {
                return false;
            }
            left--;
            long index = sample.next();
            int first = all.first(index);
            set(first, all.second(index, first));
            return true;
        }
    }
}
