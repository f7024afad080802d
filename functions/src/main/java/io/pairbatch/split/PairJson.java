package io.pairbatch.split;

import io.pairbatch.pairs.Pair;
import io.pairbatch.store.JsonLine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pair's columns as a JSON object, each with its text or null, in their order.
public final class PairJson {

    private static final int FLUSH = 1 << 16;
    private static final int SLICE = 1 << 13;

    private PairJson() {}

    /// Appends the object to a line. What has grown long goes to `out` at once and the line begins anew, because a
    /// pair's
    /// columns may be large; the rest stays in the line.
    public static void write(JsonLine line, Pair pair, OutputStream out) throws IOException {
        String comma = "{";
        for (Map.Entry<String, @Nullable String> column : pair.columns().entrySet()) {
            line.raw(comma).string(column.getKey());
            String value = column.getValue();
            if (value == null) {
                line.raw(":null");
            } else {
                line.raw(":\"");
                writeText(line, value, out);
                line.raw("\"");
            }
            comma = ",";
        }
        line.raw("}");
    }

    private static void writeText(JsonLine line, String value, OutputStream out) throws IOException {
        int from = 0;
        while (from < value.length()) {
            int to = Math.min(value.length(), from + SLICE);
            if (to < value.length() && Character.isHighSurrogate(value.charAt(to - 1))) {
                to++;
            }
            line.text(value, from, to);
            from = to;
            if (line.size() > FLUSH - SLICE) {
                line.writeTo(out);
                line.reset();
            }
        }
    }
}
