package io.pairbatch.standins.expression;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// Numbers as the service stores them: exact, at most 38 digits, each with only one representation.
final class Numbers {

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");
    private static final BigDecimal LARGEST = new BigDecimal("9.9999999999999999999999999999999999999E+125");
    private static final BigDecimal SMALLEST = new BigDecimal("1E-130");
    private static final int DIGITS = 38;
    private static final int SURELY_LONG = 18;

    private Numbers() {}

    /// The service's only representation of this number.
    static String normal(String text) {
        if (plain(text)) {
            return text;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw Invalid.request("The parameter cannot be converted to a numeric value: " + text);
        }
        return normal(new BigDecimal(text));
    }

    static String normal(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.signum() == 0) {
            return "0";
        }
        if (stripped.precision() > DIGITS) {
            throw Invalid.request("Attempting to store more than 38 significant digits in a Number");
        }
        if (stripped.abs().compareTo(LARGEST) > 0) {
            throw Invalid.request(
                    "Number overflow. Attempting to store a number with magnitude larger than supported range");
        }
        if (stripped.abs().compareTo(SMALLEST) < 0) {
            throw Invalid.request(
                    "Number underflow. Attempting to store a number with magnitude smaller than supported range");
        }
        return stripped.toPlainString();
    }

    /// Compares two normalised numbers.
    static int compare(String a, String b) {
        return plain(a) && plain(b)
                ? Long.compare(Long.parseLong(a), Long.parseLong(b))
                : new BigDecimal(a).compareTo(new BigDecimal(b));
    }

    /// What a normalised number adds to an item's size: one byte per two digits, and a little more.
    static int size(String normal) {
        return (normal.length() + 1) / 2 + 1;
    }

    /// Whether it is a normalised whole number that certainly fits into a long.
    private static boolean plain(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - start;
        if (digits == 0 || digits > SURELY_LONG) {
            return false;
        }
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return text.charAt(start) != '0' || text.length() == 1;
    }
}
