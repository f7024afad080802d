package io.pairbatch.spec;

import java.math.BigDecimal;
import java.util.Optional;

/// What a job may be told to cost at most: more than nothing, to the micro-USD.
public final class CostLimit {

    /// The largest, in USD.
    public static final int MOST = 1_000_000;

    /// In words.
    public static final String EXPECTED = "an amount of USD from 0.000001 to 1,000,000, such as 5 or 2.50";

    private static final int DIGITS = 6;

    private CostLimit() {}

    /// An amount as a limit, in its shortest form: the same amount is the same number, however it was written.
    ///
    /// @param usd in USD
    /// @return empty if it cannot be one
    public static Optional<BigDecimal> of(BigDecimal usd) {
        boolean valid = usd.signum() > 0
                && usd.compareTo(BigDecimal.valueOf(MOST)) <= 0
                && usd.stripTrailingZeros().scale() <= DIGITS;
        return valid ? Optional.of(plain(usd)) : Optional.empty();
    }

    static BigDecimal plain(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
    }
}
