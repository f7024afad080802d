package io.pairbatch.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Money as a whole number of nano-USD (10⁻⁹ USD): sums of it are exact.
public final class NanoUsd {

    private static final int DIGITS = 9;
    private static final int SHOWN = 2;
    private static final int DIGITS_OF_A_LIMIT = 6;
    private static final BigDecimal CENT = new BigDecimal("0.01");

    private NanoUsd() {}

    /// The whole number for an amount, rounded up: what is paid is never counted as less.
    public static long of(BigDecimal usd) {
        return usd.movePointRight(DIGITS).setScale(0, RoundingMode.CEILING).longValueExact();
    }

    /// The same for an amount that may be missing.
    public static @Nullable Long orNull(@Nullable BigDecimal usd) {
        return usd == null ? null : Long.valueOf(of(usd));
    }

    /// The amount in USD.
    public static BigDecimal toUsd(long nano) {
        BigDecimal usd = BigDecimal.valueOf(nano, DIGITS).stripTrailingZeros();
        return usd.scale() < 0 ? usd.setScale(0) : usd;
    }

    /// The same for an amount that may be missing.
    public static @Nullable BigDecimal toUsdOrNull(@Nullable Long nano) {
        return nano == null ? null : toUsd(nano);
    }

    /// The amount for people: `USD 0.12`, and two significant digits for less than a cent. Whatever shows money to
    /// people shows it so.
    public static String words(long nano) {
        return "USD " + amount(nano);
    }

    /// The same for an exact amount.
    public static String words(BigDecimal usd) {
        return words(of(usd));
    }

    /// The same without its unit, for a column that names it.
    public static String amount(long nano) {
        BigDecimal usd = toUsd(nano);
        return usd.setScale(scale(usd), RoundingMode.HALF_UP).toPlainString();
    }

    /// A limit that is surely not less, as it can be given: rounded up, to as many digits.
    public static String limit(long nano) {
        BigDecimal usd = toUsd(nano);
        return usd.setScale(Math.min(scale(usd), DIGITS_OF_A_LIMIT), RoundingMode.CEILING)
                .toPlainString();
    }

    private static int scale(BigDecimal usd) {
        boolean small = usd.signum() > 0 && usd.compareTo(CENT) < 0;
        return small ? usd.scale() - usd.precision() + SHOWN : SHOWN;
    }
}
