package io.pairbatch.cli.view;

import java.util.Locale;

/// Sizes for people.
public final class Sizes {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private Sizes() {}

    /// `412 kB`: at most three digits, decimal units.
    public static String of(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 999.5 && unit < UNITS.length - 1) {
            size /= 1000;
            unit++;
        }
        String number = String.format(Locale.ROOT, unit == 0 || size >= 9.95 ? "%.0f" : "%.1f", size);
        return number + " " + UNITS[unit];
    }
}
