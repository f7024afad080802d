package io.pairbatch.pairs;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.problem.RowRejection;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// Reads a table row by row: CSV (RFC 4180; a BOM and CRLF are accepted) or JSONL, plain or gzipped, detected by
/// content. What the rows are, [Rows] say. Blank lines are not rows. Buffers one row of at most 16 MiB.
///
/// @param <T> what becomes of a row
final class RowReader<T> implements Closeable {

    /// What a table's columns must be, and what becomes of its rows.
    interface Rows<T> {

        /// Whether the columns of a CSV file may be separated by other signs than commas.
        boolean anySeparator();

        /// The columns that must be there.
        List<String> needed();

        /// Looks at the names of the columns.
        ///
        /// @throws JobRejectedException if columns are missing or have no name
        void checkHeader(String file, List<String> names, Writing writing) throws IOException;

        /// Looks at the first line of a JSONL file.
        ///
        /// @throws JobRejectedException if the first object of a JSONL file is none of a table
        void checkFirstObject(String file, List<String> names, Map<String, JsonToken> kinds, Writing writing)
                throws IOException;

        /// A row that can be read.
        ///
        /// @param fields modified
        T row(long row, JsonFields.Line.Fields fields);

        T rejected(InputRow.Rejected row);
    }

    /// How a file is written.
    interface Writing {

        /// What it is in, as `iconv` spells it; null for UTF-8, empty if nobody can tell. Looks for it only when asked,
        /// for that reads the file again.
        @Nullable
        String charset() throws IOException;

        /// What separates the columns of a CSV file.
        char separator();
    }

    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC = 0x8B1F;

    private final InputFile file;
    private final TableFormat format;
    private final char separator;
    private final Rows<T> kind;
    private final ColumnNames columns;
    private final CsvFields csv;
    private final JsonFields json = new JsonFields();
    private final InputStream in;
    private final RecordScanner scanner;
    private List<String> header = List.of();
    private long rows;
    private @Nullable FileEncoding encoding;
    private final Writing writing = new Writing() {
        @Override
        public @Nullable String charset() throws IOException {
            return RowReader.this.charset();
        }

        @Override
        public char separator() {
            return separator;
        }
    };

    private RowReader(
            InputFile file,
            Rows<T> kind,
            TableFormat format,
            char separator,
            InputStream in,
            long offset,
            long rows,
            int maxRecord) {
        this.file = file;
        this.kind = kind;
        this.columns = new ColumnNames(file.columns());
        this.format = format;
        this.separator = separator;
        this.csv = new CsvFields(separator);
        this.in = in;
        this.rows = rows;
        this.scanner =
                new RecordScanner(in, format == TableFormat.CSV ? separator : RecordScanner.LINES, offset, maxRecord);
    }

    /// Opens a table at the position of an earlier reader; a CSV file's header is read again.
    ///
    /// @throws JobRejectedException `INPUT_FORMAT` or `INPUT_UNREADABLE`, or what the kind of rows refuses
    static <T> RowReader<T> open(InputFile file, Rows<T> kind, Position position, int maxRecord) throws IOException {
        try {
            RowReader<T> first = atStart(file, kind, maxRecord);
            if (position.offset() == 0) {
                return first;
            }
            first.close();
            return first.reopened(position, maxRecord);
        } catch (ZipException | EOFException e) {
            throw unreadable(file, position.rows(), e);
        }
    }

    /// The next row, or null after the last one.
    ///
    /// @throws JobRejectedException `INPUT_UNREADABLE` if a gzipped file is damaged
    /// @throws IOException if the file cannot be read
    @Nullable
    T read() throws IOException {
        try {
            while (scanner.next()) {
                if (!isBlank()) {
                    rows++;
                    return row();
                }
            }
            return null;
        } catch (ZipException | EOFException e) {
            throw unreadable(file, rows, e);
        }
    }

    /// The position after the last row that was read.
    Position position() {
        return new Position(scanner.offset(), rows);
    }

    /// The columns of a CSV file in order; empty for JSONL, whose rows name their own.
    List<String> header() {
        return header;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static <T> RowReader<T> atStart(InputFile file, Rows<T> kind, int maxRecord) throws IOException {
        InputStream in = decompressed(file, 0);
        try {
            in.mark(TableFormat.HEAD);
            byte[] head = in.readNBytes(TableFormat.HEAD);
            in.reset();
            TableFormat format = TableFormat.of(file.name(), head, kind.anySeparator());
            int bom = TableFormat.hasBom(head) ? 3 : 0;
            in.skipNBytes(bom);
            char separator = kind.anySeparator()
                    ? OtherSeparator.of(firstLine(head, bom)).orElse(',')
                    : ',';
            RowReader<T> reader = new RowReader<>(file, kind, format, separator, in, bom, 0, maxRecord);
            if (format == TableFormat.CSV) {
                reader.readHeader();
            }
            return reader;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static String firstLine(byte[] head, int from) {
        return new String(head, from, head.length - from, StandardCharsets.ISO_8859_1)
                .stripLeading()
                .lines()
                .findFirst()
                .orElse("");
    }

    private RowReader<T> reopened(Position position, int maxRecord) throws IOException {
        InputStream at = decompressed(file, position.offset());
        RowReader<T> reader =
                new RowReader<>(file, kind, format, separator, at, position.offset(), position.rows(), maxRecord);
        reader.header = header;
        return reader;
    }

    /// The decompressed bytes from `offset` on. A plain file is read from there; a gzipped one is read from its start.
    static InputStream decompressed(InputFile file, long offset) throws IOException {
        InputStream stored = new BufferedInputStream(file.open(0), BUFFER);
        stored.mark(2);
        int magic = stored.read() | stored.read() << 8;
        stored.reset();
        if (magic == GZIP_MAGIC) {
            InputStream plain = new BufferedInputStream(new GzipInput(stored), BUFFER);
            plain.skipNBytes(offset);
            return plain;
        }
        if (offset == 0) {
            return stored;
        }
        stored.close();
        return new BufferedInputStream(file.open(offset), BUFFER);
    }

    private void readHeader() throws IOException {
        boolean found = scanner.next();
        while (found && isBlank()) {
            found = scanner.next();
        }
        boolean regular = found && scanner.end() == RecordScanner.End.REGULAR;
        String text = regular ? text() : null;
        if (regular && !kind.anySeparator()) {
            checkSeparator(text);
        }
        if (regular && text == null) {
            checkOtherCharset();
            throw Columns.notUtf8(file.name(), badByte("first line"), encoding());
        }
        List<@Nullable String> names = text == null ? null : csv.parse(text, true);
        if (names == null) {
            throw TableFormat.refused(file.name(), "a first line that is no header", "a header line of CSV in UTF-8");
        }
        telling(() -> {
            header = ours(names);
            kind.checkHeader(file.name(), header, writing);
        });
    }

    /// Looks at something that is at the beginning of a file. Where it is refused, what else is wrong with a mixture is
    /// told with it, since nothing that is proposed makes a copy of one.
    private void telling(Check check) throws IOException {
        try {
            check.run();
        } catch (JobRejectedException e) {
            if (encoding == null || !encoding.isMixture()) {
                throw e;
            }
            List<Problem> problems = new ArrayList<>(e.problems());
            problems.add(new Problem(
                    ErrorCode.INPUT_FORMAT, file.name(), "a mixture: " + encoding.first(), encoding.mending()));
            throw new JobRejectedException(problems);
        }
    }

    @FunctionalInterface
    private interface Check {

        void run() throws IOException;
    }

    /// Looks at the names of a header that is not UTF-8, so that whoever converts the file need not come a second time.
    private void checkOtherCharset() throws IOException {
        String charset = charset();
        List<@Nullable String> names = charset == null || charset.isEmpty()
                ? null
                : csv.parse(new String(scanner.bytes(), scanner.start(), scanner.length(), Encoding.of(charset)), true);
        if (names != null) {
            kind.checkHeader(file.name(), ours(names), writing);
        }
    }

    private List<String> ours(List<@Nullable String> names) {
        List<String> filled =
                names.stream().map(name -> Objects.requireNonNullElse(name, "")).toList();
        return columns.ofHeader(file.name(), filled, kind.needed());
    }

    /// Of a mixture UTF-8, which it is to be.
    private @Nullable String charset() throws IOException {
        if (file.charset() != null) {
            return file.charset();
        }
        return encoding().isUtf8() || encoding().isMixture() ? null : encoding().charset();
    }

    /// What the file's lines are in, which is looked for once.
    FileEncoding encoding() throws IOException {
        FileEncoding known = encoding == null ? FileEncoding.of(file) : encoding;
        encoding = known;
        return known;
    }

    /// @param text the header; null if it is not UTF-8
    private void checkSeparator(@Nullable String text) throws IOException {
        String line = text == null
                ? new String(scanner.bytes(), scanner.start(), scanner.length(), StandardCharsets.ISO_8859_1)
                : text;
        if (OtherSeparator.refuses(line)) {
            telling(() -> {
                throw OtherSeparator.refusal(ErrorCode.INPUT_COLUMNS, file.name(), line, charset())
                        .orElseThrow();
            });
        }
    }

    private T row() throws IOException {
        switch (scanner.end()) {
            case TOO_LONG -> {
                return rejected(RowRejection.ROW_TOO_LONG, "more than 16 MiB");
            }
            case OPEN_QUOTE -> {
                return rejected(RowRejection.UNPARSEABLE_ROW, "a quote opens and does not close");
            }
            case REGULAR -> {}
        }
        String text = text();
        if (text == null) {
            checkOtherObject();
            return rejected(RowRejection.INVALID_UTF8, badByte("row"));
        }
        if (text.indexOf('\0') >= 0) {
            return rejected(RowRejection.NUL_BYTE, "byte " + firstNul() + " of the row is NUL (0x00)");
        }
        return format == TableFormat.CSV ? csvRow(text) : jsonRow(text);
    }

    private T csvRow(String text) {
        List<@Nullable String> fields = csv.parse(text, false);
        if (fields == null) {
            // Probably an unescaped quote: the lines after the first one may be good rows.
            scanner.keepFirstLineOnly();
            return rejected(RowRejection.UNPARSEABLE_ROW, "text after a closing quote");
        }
        if (fields.size() != header.size()) {
            return rejected(RowRejection.RAGGED_ROW, ragged(fields));
        }
        SequencedMap<String, @Nullable String> columns = LinkedHashMap.newLinkedHashMap(header.size());
        for (int i = 0; i < header.size(); i++) {
            columns.put(header.get(i), fields.get(i));
        }
        return kind.row(rows, new JsonFields.Line.Fields(columns, false, Map.of(), ""));
    }

    /// Looks at the names in a first object that is not UTF-8. They are ASCII, if they are ours.
    private void checkOtherObject() throws IOException {
        String text = new String(scanner.bytes(), scanner.start(), scanner.length(), StandardCharsets.ISO_8859_1);
        if (rows == 1 && format == TableFormat.JSONL && json.parse(text) instanceof JsonFields.Line.Fields line) {
            checkFirstObject(line);
        }
    }

    private void checkFirstObject(JsonFields.Line.Fields line) throws IOException {
        telling(() -> {
            columns.checkFirstObject(file.name(), line.values().keySet());
            JsonFields.Line.Fields ours = columns.ofRow(line).orElse(line);
            kind.checkFirstObject(file.name(), new ArrayList<>(ours.values().keySet()), ours.kinds(), writing);
        });
    }

    private T jsonRow(String text) throws IOException {
        return switch (json.parse(text)) {
            case JsonFields.Line.Unreadable line -> rejected(RowRejection.UNPARSEABLE_ROW, line.detail());
            case JsonFields.Line.Fields line -> {
                if (rows == 1) {
                    checkFirstObject(line);
                }
                if (!line.nul().isEmpty()) {
                    yield rejected(RowRejection.NUL_BYTE, line.nul() + " holds a NUL (\\u0000)");
                }
                yield columns.ofRow(line)
                        .map(ours -> kind.row(rows, ours))
                        .orElseGet(() -> rejected(
                                RowRejection.UNPARSEABLE_ROW,
                                "a column of our name beside the one that `columns` in job.json has for it"));
            }
        };
    }

    private String ragged(List<@Nullable String> fields) {
        String counts = fields.size() + " fields instead of " + header.size();
        if (fields.size() != header.size() + 1) {
            return counts;
        }
        if ("".equals(fields.getLast())) {
            return counts + "; the last one is empty: a comma too many at the end of the row";
        }
        return Long.toString(rows).equals(fields.getFirst())
                ? counts + "; the first one is the row's number, as R writes it: row.names=FALSE leaves it out"
                : counts;
    }

    private T rejected(RowRejection reason, String detail) {
        return kind.rejected(new InputRow.Rejected(rows, reason, detail));
    }

    /// Where the record stops being UTF-8.
    private String badByte(String what) {
        int start = scanner.start();
        int bad = Utf8.firstBadByte(scanner.bytes(), start, scanner.length());
        return Encoding.describe(scanner.bytes(), start, scanner.length(), start + bad - 1, what);
    }

    /// The record's first NUL, from 1.
    private int firstNul() {
        int i = 0;
        while (scanner.bytes()[scanner.start() + i] != 0) {
            i++;
        }
        return i + 1;
    }

    private @Nullable String text() {
        return Utf8.decode(scanner.bytes(), scanner.start(), scanner.length());
    }

    private boolean isBlank() {
        if (scanner.end() != RecordScanner.End.REGULAR) {
            return false;
        }
        for (int i = scanner.start(); i < scanner.start() + scanner.length(); i++) {
            byte b = scanner.bytes()[i];
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static JobRejectedException unreadable(InputFile file, long rows, IOException cause) {
        String found = cause instanceof EOFException ? "a gzip file that ends too early" : "a damaged gzip file";
        JobRejectedException rejected = new JobRejectedException(new Problem(
                ErrorCode.INPUT_UNREADABLE,
                file.name() + ", after row " + rows,
                found,
                "a gzip file that `gzip -t` accepts"));
        rejected.addSuppressed(cause);
        return rejected;
    }
}
