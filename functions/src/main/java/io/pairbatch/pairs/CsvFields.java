package io.pairbatch.pairs;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of one CSV record. An unquoted `NA` is missing (null), a quoted one is text, an empty field is empty.
final class CsvFields {

    private final CsvReader.CsvReaderBuilder parser;
    private final Handler handler = new Handler();

    CsvFields(char separator) {
        parser = CsvReader.builder().fieldSeparator(separator);
    }

    /// The record's fields, or null if a quoted field continues after its closing quote.
    ///
    /// @param rawNames whether to keep `NA` as a text, as in a header
    @Nullable
    List<@Nullable String> parse(String text, boolean rawNames) {
        handler.rawNames = rawNames;
        try {
            return parser.ofSingleCsvRecord(handler, text);
        } catch (CsvParseException e) {
            return null;
        }
    }

    private static final class Handler extends AbstractBaseCsvCallbackHandler<List<@Nullable String>> {

        private List<@Nullable String> fields = new ArrayList<>();
        private boolean rawNames;

        @Override
        protected void handleBegin(long startingLineNumber) {
            fields = new ArrayList<>();
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            boolean missing = !quoted && !rawNames && length == 2 && buffer[offset] == 'N' && buffer[offset + 1] == 'A';
            fields.add(missing ? null : new String(buffer, offset, length));
        }

        @Override
        protected List<@Nullable String> buildRecord() {
            return fields;
        }
    }
}
