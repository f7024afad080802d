package io.pairbatch.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lines of our CSV files (contract 8): comma, `\n`, no BOM; a field is quoted only if it holds a comma, a quote, CR or
/// LF, or if it is literally `NA`, which means a missing value if unquoted.
public final class Csv {

    /// How a missing value is written.
    public static final String NA = "NA";

    private Csv() {}

    /// Appends one line with its `\n`; null is written as `NA`, an empty string as nothing. An empty field is quoted if
    /// it is the only one of the line, because a blank line is not a record.
    public static void line(StringBuilder out, List<? extends @Nullable String> fields) {
        if (fields.size() == 1 && "".equals(fields.get(0))) {
            out.append("\"\"\n");
            return;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            field(out, fields.get(i));
        }
        out.append('\n');
    }

    /// Appends one field without a comma.
    public static void field(StringBuilder out, @Nullable String value) {
        if (value == null) {
            out.append(NA);
        } else if (value.equals(NA) || needsQuotes(value)) {
            quote(out, value);
        } else {
            out.append(value);
        }
    }

    private static boolean needsQuotes(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }

    private static void quote(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                out.append('"');
            }
            out.append(c);
        }
        out.append('"');
    }
}
