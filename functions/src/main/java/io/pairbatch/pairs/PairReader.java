package io.pairbatch.pairs;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// Reads a table of pairs row by row, as [RowReader] does. An invalid row becomes an [InputRow.Rejected] and reading
/// continues after it; only a file that is not a table at all is refused.
public final class PairReader implements PairRows {

    private final RowReader<InputRow> rows;

    private PairReader(RowReader<InputRow> rows) {
        this.rows = rows;
    }

    /// Opens a table before its first row.
    ///
    /// @throws JobRejectedException `INPUT_FORMAT`, `INPUT_COLUMNS` or `INPUT_UNREADABLE`
    public static PairReader open(InputFile file) throws IOException {
        return open(file, Position.START);
    }

    /// Opens a table at the position of an earlier reader; a CSV file's header is read again.
    ///
    /// @throws JobRejectedException `INPUT_FORMAT`, `INPUT_COLUMNS` or `INPUT_UNREADABLE`
    public static PairReader open(InputFile file, Position position) throws IOException {
        return open(file, position, RecordScanner.MAX_RECORD);
    }

    static PairReader open(InputFile file, Position position, int maxRecord) throws IOException {
        return new PairReader(RowReader.open(file, PairsOnly.OF_PAIRS, position, maxRecord));
    }

    @Override
    public @Nullable InputRow read() throws IOException {
        return rows.read();
    }

    @Override
    public Position position() {
        return rows.position();
    }

    /// The columns of a CSV file in order, without those of failed_pairs.csv; empty for JSONL, whose rows name their
    /// own.
    @Override
    public List<String> header() {
        List<String> header = rows.header();
        return Columns.endWithOwn(header) ? header.subList(0, header.size() - Columns.OWN.size()) : header;
    }

    /// Whether it is a failed_pairs.csv.
    public boolean isOfFailedPairs() {
        return Columns.endWithOwn(rows.header());
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private enum PairsOnly implements RowReader.Rows<InputRow> {
        OF_PAIRS;

        @Override
        public boolean anySeparator() {
            return false;
        }

        @Override
        public List<String> needed() {
            return Columns.NEEDED;
        }

        @Override
        public void checkHeader(String file, List<String> names, RowReader.Writing writing) throws IOException {
            Columns.checkHeader(file, names, writing);
        }

        @Override
        public void checkFirstObject(
                String file, List<String> names, Map<String, JsonToken> kinds, RowReader.Writing writing)
                throws IOException {
            Columns.checkFirstObject(file, names, kinds, writing);
        }

        @Override
        public InputRow row(long row, JsonFields.Line.Fields fields) {
            InputRow checked = RowCheck.check(row, fields.values());
            return checked instanceof InputRow.Accepted accepted
                    ? accepted.found(fields.repaired(), Columns.anyNeeded(fields.kinds()))
                    : checked;
        }

        @Override
        public InputRow rejected(InputRow.Rejected row) {
            return row;
        }
    }
}
