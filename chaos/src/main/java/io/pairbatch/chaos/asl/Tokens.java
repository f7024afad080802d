package io.pairbatch.chaos.asl;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tokens of an expression. A string is represented by its characters after an apostrophe; escapes are not
/// supported here.
final class Tokens {

    private static final Pattern TOKEN = Pattern.compile("\\s*(?:"
            + "'(?<single>[^'\\\\]*)'|\"(?<double>[^\"\\\\]*)\""
            + "|(?<other>\\d+(?:\\.\\d+)?|\\$\\w+|[A-Za-z_]\\w*|!=|<=|>=|[-+*/%&=<>?:,.(){}\\[\\]]))");

    private Tokens() {}

    /// Splits an expression into tokens.
    ///
    /// @return null if there is a token that is not supported here
    static @Nullable List<String> of(String text) {
        List<String> tokens = new ArrayList<>();
        String stripped = text.strip();
        Matcher found = TOKEN.matcher(stripped);
        int end = 0;
        while (end < stripped.length()) {
            if (!found.find(end) || found.start() != end) {
                return null;
            }
            end = found.end();
            String other = found.group("other");
            if (other != null) {
                tokens.add(other);
            } else {
                String single = found.group("single");
                tokens.add("'" + (single != null ? single : found.group("double")));
            }
        }
        return tokens;
    }
}
