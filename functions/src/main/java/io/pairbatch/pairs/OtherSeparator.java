package io.pairbatch.pairs;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A table whose columns are separated by something else than commas. Whoever writes one often has another charset and
/// other names too, so all of it is told at once, with what makes a copy that can be read.
final class OtherSeparator {

    private static final String SIGNS = ";\t|";

    private OtherSeparator() {}

    /// The refusal of a table; empty where commas separate its columns, or there is one only.
    ///
    /// @param code of the refusal
    /// @param line the header; Excel's line `sep=;` before one is refused as that
    /// @param charset of the file as `iconv` spells it; null for UTF-8, empty if nobody can tell
    static Optional<JobRejectedException> refusal(ErrorCode code, String file, String line, @Nullable String charset) {
        Optional<Character> other = separating(line);
        if (other.isEmpty()) {
            return Optional.empty();
        }
        char sign = other.get();
        List<String> names = fields(line, sign);
        if (Columns.areOfSamples(names)) {
            // Samples are read with any of these signs.
            return Optional.of(Columns.samples(code, file, names));
        }
        Optional<Columns.Wrong> wrong = Columns.wrong(names);
        String found = "columns that are separated by " + words(sign) + Encoding.notUtf8(charset)
                + wrong.map(columns -> columns.shown().isEmpty()
                                ? ", none of which has the name of a column that we need"
                                : ", with the names " + columns.shown())
                        .orElse("");
        String expected = "commas between the columns" + (charset == null ? "" : ", in UTF-8")
                + wrong.map(columns -> ", with the names ID1, text1, ID2 and text2 (missing: "
                                + String.join(", ", columns.missing()) + ")")
                        .orElse("")
                + ". To make a copy with commas" + new CopyCommands(file, sign, charset, "-commas").words(names, wrong);
        return Optional.of(new JobRejectedException(new Problem(code, file, found, expected)));
    }

    /// Whether a table with this header is refused.
    static boolean refuses(String line) {
        return separating(line).isPresent();
    }

    private static Optional<Character> separating(String line) {
        return line.toLowerCase(Locale.ROOT).startsWith("sep=") ? Optional.empty() : of(line);
    }

    /// What separates the names of a header; empty where commas do, or there is one name only.
    static Optional<Character> of(String line) {
        Optional<Character> sign = Optional.empty();
        int most = 1;
        for (int i = 0; i < SIGNS.length(); i++) {
            char one = SIGNS.charAt(i);
            int fields = fields(line, one).size();
            if (fields > most) {
                sign = Optional.of(one);
                most = fields;
            }
        }
        return fields(line, ',').size() > 1 ? Optional.empty() : sign;
    }

    private static String words(char sign) {
        return switch (sign) {
            case ';' -> "semicolons";
            case '\t' -> "tabs";
            default -> "vertical bars";
        };
    }

    /// The fields of a line, without their quotes.
    static List<String> fields(String line, char separator) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (char sign : line.strip().toCharArray()) {
            if (sign == '"') {
                quoted = !quoted;
            } else if (sign == separator && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(sign);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
