package io.pairbatch.cli.job;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Counts the records of a table: independent of the reader that made the results, and without a limit on a record's
/// length. Holds one buffer of 64 KiB, and of the columns that are asked for the beginning of one field each.
final class RecordCounter {

    private static final int BUFFER_BYTES = 64 << 10;

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private RecordCounter() {}

    /// Rows of a user's table: CSV without its header, or JSONL (`.jsonl`, `.ndjson`), each plain or
    /// gzipped. Blank lines are not rows.
    static long rows(String name, InputStream raw) throws IOException {
        InputStream in = withoutMark(unzipped(raw));
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return plain.endsWith(".jsonl") || plain.endsWith(".ndjson") ? lines(in) : csvRows(in);
    }

    /// Rows of a CSV file, its header not counted.
    static long csvRows(InputStream in) throws IOException {
        return Math.max(0, csvRecords(in, new CsvState(null)) - 1);
    }

    /// Rows of a CSV file, plain or gzipped; shows each row's fields in `columns` on the way, if there are any.
    ///
    /// @param each gets the fields in the order of `columns`: of a long one its first 2,000 bytes, of a column that the
    /// file does not have null. The array is used again for the next row.
    static long csvRows(InputStream in, List<String> columns, Consumer<@Nullable String[]> each) throws IOException {
        CsvState state = new CsvState(columns.isEmpty() ? null : new CsvColumns(columns, each));
        return Math.max(0, csvRecords(withoutMark(unzipped(in)), state) - 1);
    }

    /// Records of a CSV file (RFC 4180; LF, CR and CRLF end a record outside of quotes), blank lines left out.
    private static long csvRecords(InputStream in, CsvState state) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) {
                state.accept(buffer[i]);
            }
        }
        return state.end();
    }

    private static long lines(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long count = 0;
        boolean blank = true;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) {
                byte b = buffer[i];
                if (b == '\n') {
                    count += blank ? 0 : 1;
                    blank = true;
                } else if (b != ' ' && b != '\t' && b != '\r') {
                    blank = false;
                }
            }
        }
        return count + (blank ? 0 : 1);
    }

    private static InputStream unzipped(InputStream raw) throws IOException {
        PushbackInputStream in = new PushbackInputStream(raw, 2);
        byte[] head = in.readNBytes(2);
        in.unread(head);
        boolean gzip = head.length == 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B;
        return gzip ? new GZIPInputStream(new Unending(in), BUFFER_BYTES) : in;
    }

    /// The library looks for another gzip member only if more bytes are reported as available, which a connection need
    /// not do. If there is none, the stream ends.
    private static final class Unending extends FilterInputStream {

        Unending(InputStream in) {
            super(in);
        }

        @Override
        public int available() {
            return 1;
        }
    }

    /// Skips a byte order mark, which would hide a quote behind it.
    private static InputStream withoutMark(InputStream raw) throws IOException {
        PushbackInputStream in = new PushbackInputStream(raw, MARK.length);
        byte[] head = in.readNBytes(MARK.length);
        if (!Arrays.equals(head, MARK)) {
            in.unread(head);
        }
        return in;
    }

    /// The position in a record. A quote opens a quoted field only as its first character; inside, a doubled
    /// quote is one quote, and what follows the closing quote belongs to the field.
    private static final class CsvState {

        private enum At {
            RECORD_START,
            /// Nothing but blanks so far.
            BLANK,
            FIELD_START,
            PLAIN,
            QUOTED,
            QUOTE_IN_QUOTED
        }

        private final @Nullable CsvColumns columns;
        private At at = At.RECORD_START;
        private long records;

        CsvState(@Nullable CsvColumns columns) {
            this.columns = columns;
        }

        void accept(byte b) {
            at = switch (at) {
                case QUOTED -> b == '"' ? At.QUOTE_IN_QUOTED : content(b, At.QUOTED);
                case QUOTE_IN_QUOTED -> b == '"' ? content(b, At.QUOTED) : plain(b);
                case RECORD_START -> b == '"' ? At.QUOTED : blank(b);
                case BLANK -> blank(b);
                case FIELD_START -> b == '"' ? At.QUOTED : plain(b);
                case PLAIN -> plain(b);
            };
        }

        private At blank(byte b) {
            if (b == ' ' || b == '\t') {
                return content(b, At.BLANK);
            }
            if (b == '\n' || b == '\r') {
                if (columns != null) {
                    columns.forget();
                }
                return At.RECORD_START;
            }
            return plain(b);
        }

        private At plain(byte b) {
            if (b == '\n' || b == '\r') {
                endRecord();
                return At.RECORD_START;
            }
            if (b == ',') {
                if (columns != null) {
                    columns.endField();
                }
                return At.FIELD_START;
            }
            return content(b, At.PLAIN);
        }

        private At content(byte b, At next) {
            if (columns != null) {
                columns.content(b);
            }
            return next;
        }

        private void endRecord() {
            records++;
            if (columns != null) {
                columns.endRecord();
            }
        }

        long end() {
            if (at != At.RECORD_START && at != At.BLANK) {
                endRecord();
            }
            return records;
        }
    }
}
