package io.pairbatch.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a template of a user's own has the judge answer, in place of the tag (contract 3.3).
///
/// @param first what says that the text at position 1 is better
/// @param second the same for position 2
/// @param tie what says that neither is; null if the judge has to decide
public record VerdictLabels(
        String first, String second, @Nullable String tie) {

    public static final int LONGEST = 64;

    private static final Pattern MARKED = Pattern.compile("\\\\?\\w*(\\[.+]|\\{.+}|<[^\\s<>]+>)");

    /// By their names in a job file, in the order in which `exact` looks for them.
    public Map<String, String> byName() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("first", first);
        labels.put("second", second);
        if (tie != null) {
            labels.put("tie", tie);
        }
        return labels;
    }

    /// Whether a label is closed in brackets of a kind that prose has not, as `[[A]]` is. Any other one, as `A`, `(A)`
    /// or
    /// `SAMPLE_1`, may stand in a sentence that says something else.
    public static boolean isMarked(String label) {
        return MARKED.matcher(label).matches();
    }

    /// For a message: `[[A]]`, `[[B]]` or `[[C]]`.
    public String shown() {
        return tie == null
                ? "`" + first + "` or `" + second + "`"
                : "`" + first + "`, `" + second + "` or `" + tie + "`";
    }
}
