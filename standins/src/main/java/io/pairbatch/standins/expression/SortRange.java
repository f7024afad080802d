package io.pairbatch.standins.expression;

import org.jspecify.annotations.Nullable;

/// The sort keys that a query requests: from one on, and before another. There is no string between `x` and `x\0`.
///
/// @param from the first of them
/// @param to the first that is too large; null if there is none
public record SortRange(String from, @Nullable String to) {

    private static final char NEXT = '\0';

    static final SortRange ALL = new SortRange("", null);

    static SortRange of(Condition.Comparison comparison, String value) {
        return switch (comparison) {
            case EQUAL -> new SortRange(value, value + NEXT);
            case LESS -> new SortRange("", value);
            case LESS_OR_EQUAL -> new SortRange("", value + NEXT);
            case GREATER -> new SortRange(value + NEXT, null);
            case GREATER_OR_EQUAL -> new SortRange(value, null);
            case NOT_EQUAL -> throw new IllegalArgumentException("no range excludes a single key");
        };
    }

    static SortRange between(String lower, String upper) {
        return new SortRange(lower, upper + NEXT);
    }

    static SortRange beginningWith(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            end -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                int next = last == Character.MIN_SURROGATE - 1 ? Character.MAX_SURROGATE + 1 : last + 1;
                return new SortRange(prefix, prefix.substring(0, end) + Character.toString(next));
            }
        }
        return new SortRange(prefix, null);
    }

    /// Whether a sort key is within the range.
    public boolean contains(String key) {
        return Values.compareText(from, key) <= 0 && (to == null || Values.compareText(key, to) < 0);
    }
}
