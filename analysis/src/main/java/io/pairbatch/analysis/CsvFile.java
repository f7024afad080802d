package io.pairbatch.analysis;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A CSV file as Pairbatch writes them (contract 8): comma, `\n`, UTF-8 without BOM, `NA` for what is missing, a
/// quoted `"NA"` for an ID of that name.
final class CsvFile implements Closeable {

    private final Writer out;

    CsvFile(Path file, String... columns) throws IOException {
        out = Files.newBufferedWriter(file);
        row((Object[]) columns);
    }

    /// A row; null and NaN are missing.
    void row(@Nullable Object... values) throws IOException {
        for (int i = 0; i < values.length; i++) {
            out.write(i == 0 ? "" : ",");
            out.write(field(values[i]));
        }
        out.write('\n');
    }

    private static String field(@Nullable Object value) {
        return switch (value) {
            case null -> "NA";
            case Double number -> number(number);
            case Boolean yes -> yes ? "TRUE" : "FALSE";
            default -> text(value.toString());
        };
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NA";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Double.toString(value).replace('E', 'e');
    }

    private static String text(String value) {
        boolean quoted =
                value.equals("NA") || value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return quoted ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
