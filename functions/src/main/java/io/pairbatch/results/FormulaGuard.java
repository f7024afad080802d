package io.pairbatch.results;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Prevents a spreadsheet from executing what a participant or a model has written: a text that begins like a formula
/// is prefixed with an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection).
final class FormulaGuard {

    private static final int LONGEST_NUMBER = 40;
    private static final Pattern NUMBER = Pattern.compile("[+-]\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

    private FormulaGuard() {}

    /// The text in a form that is safe in a spreadsheet. A number with its sign computes nothing, and stays a number.
    static @Nullable String harmless(@Nullable String text) {
        return text == null || !beginsLikeAFormula(text) || isNumber(text) ? text : "'" + text;
    }

    private static boolean beginsLikeAFormula(String text) {
        if (text.isEmpty()) {
            return false;
        }
        return switch (text.charAt(0)) {
            case '=', '+', '-', '@', '\t', '\r' -> true;
            default -> false;
        };
    }

    private static boolean isNumber(String text) {
        return text.length() <= LONGEST_NUMBER && NUMBER.matcher(text).matches();
    }
}
