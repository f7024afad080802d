package io.pairbatch.text;

/// Numbers of things, for people.
public final class Plural {

    private Plural() {}

    /// Such as `1 row` and `2 rows`.
    ///
    /// @param one of them
    public static String of(long count, String one) {
        return count + " " + one + (count == 1 ? "" : "s");
    }
}
