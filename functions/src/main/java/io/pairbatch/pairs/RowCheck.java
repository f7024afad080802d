package io.pairbatch.pairs;

import io.pairbatch.problem.RowRejection;
import java.util.ArrayList;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Decides whether a readable row is a pair (contract 1.1).
final class RowCheck {

    private static final String ITER = "iter";
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:\\d{1,400}\\.?\\d{0,400}|\\.\\d{1,400})(?:[eE][+-]?\\d{1,4})?");

    private RowCheck() {}

    /// @param columns the row's values in order; null is missing. Modified: our own columns are removed
    static InputRow check(long row, SequencedMap<String, @Nullable String> columns) {
        boolean comparison = Columns.endWithOwn(new ArrayList<>(columns.sequencedKeySet()));
        if (comparison && !dropOwn(columns)) {
            return new InputRow.Rejected(
                    row,
                    RowRejection.OTHER_JUDGE,
                    "judge names one of several judges, or order or repeat is no number");
        }
        if (columns.containsKey(ITER)) {
            columns.put(ITER, whole(columns.get(ITER)));
        }
        String id1 = columns.get(Columns.ID1);
        String id2 = columns.get(Columns.ID2);
        if (id1 == null || id1.isEmpty()) {
            return missing(row, RowRejection.MISSING_ID, Columns.ID1, id1);
        }
        if (id2 == null || id2.isEmpty()) {
            return missing(row, RowRejection.MISSING_ID, Columns.ID2, id2);
        }
        String text1 = columns.get(Columns.TEXT1);
        String text2 = columns.get(Columns.TEXT2);
        if (text1 == null) {
            return missing(row, RowRejection.MISSING_TEXT, Columns.TEXT1, null);
        }
        if (text2 == null) {
            return missing(row, RowRejection.MISSING_TEXT, Columns.TEXT2, null);
        }
        return new InputRow.Accepted(new Pair(row, id1, id2, text1, text2, columns), false, false, comparison);
    }

    private static InputRow missing(long row, RowRejection reason, String column, @Nullable String value) {
        return new InputRow.Rejected(row, reason, column + (value == null ? " is missing" : " is empty"));
    }

    /// Removes our own columns from a row of failed_pairs.csv, which is one comparison in the order in which its texts
    /// stand; false if it is one of another judge.
    private static boolean dropOwn(SequencedMap<String, @Nullable String> columns) {
        boolean known = isOneOf(columns.get("order"), "[12]")
                && isOneOf(columns.get("repeat"), "[1-9]\\d{0,2}")
                && isOneOf(columns.get("judge"), "1");
        Columns.OWN.forEach(columns::remove);
        return known;
    }

    private static boolean isOneOf(@Nullable String value, String form) {
        return value == null || value.isEmpty() || value.matches(form);
    }

    /// The integer that R's `as.integer` returns for a text: fractions are cut off, anything that is not a number is
    /// missing.
    static @Nullable String whole(@Nullable String value) {
        if (value == null || !NUMBER.matcher(value.strip()).matches()) {
            return null;
        }
        double number = Double.parseDouble(value.strip());
        return Math.abs(number) < 1L << 31 ? Integer.toString((int) number) : null;
    }
}
