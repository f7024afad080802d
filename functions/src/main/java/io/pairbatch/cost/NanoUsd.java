package io.pairbatch.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Money as a whole number of nano-USD (10⁻⁹ USD): sums of it are exact.
public final class NanoUsd {

    private static final int DIGITS = 9;
    private static final int SHOWN = 2;
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

    /// The amount for people: `USD 0.12`, and more digits for less than a cent.
    public static String words(long nano) {
        BigDecimal usd = toUsd(nano);
        boolean small = usd.signum() > 0 && usd.compareTo(CENT) < 0;
        int scale = small ? usd.scale() - usd.precision() + SHOWN : SHOWN;
        return "USD " + usd.setScale(scale, RoundingMode.HALF_UP).toPlainString();
    }

    /// The next whole cent, as a decimal number of USD: a limit that is surely not less.
    public static String cents(long nano) {
        return toUsd(nano).setScale(SHOWN, RoundingMode.CEILING).toPlainString();
    }
}
