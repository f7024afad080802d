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
import java.util.Objects;
import java.util.SequencedMap;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads a table of pairs row by row: CSV (RFC 4180; a BOM and CRLF are accepted) or JSONL, plain or gzipped, detected
/// by content. An invalid row becomes an [InputRow.Rejected] and reading continues after it; only a file that is not a
/// table at all is refused. Blank lines are not rows. Buffers one row of at most 16 MiB.
public final class PairReader implements Closeable {

    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC = 0x8B1F;

    private final InputFile file;
    private final TableFormat format;
    private final CsvFields csv = new CsvFields();
    private final JsonFields json = new JsonFields();
    private final InputStream in;
    private final RecordScanner scanner;
    private List<String> header = List.of();
    private long rows;

    private PairReader(InputFile file, TableFormat format, InputStream in, long offset, long rows, int maxRecord) {
        this.file = file;
        this.format = format;
        this.in = in;
        this.rows = rows;
        this.scanner = new RecordScanner(in, format == TableFormat.CSV, offset, maxRecord);
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
        try {
            PairReader first = atStart(file, maxRecord);
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
    public @Nullable InputRow read() throws IOException {
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
    public Position position() {
        return new Position(scanner.offset(), rows);
    }

    /// The columns of a CSV file in order, without those of failed_pairs.csv; empty for JSONL, whose rows name their
    /// own.
    public List<String> header() {
        return Columns.endWithOwn(header) ? header.subList(0, header.size() - Columns.OWN.size()) : header;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static PairReader atStart(InputFile file, int maxRecord) throws IOException {
        InputStream in = decompressed(file, 0);
        try {
            in.mark(TableFormat.HEAD);
            byte[] head = in.readNBytes(TableFormat.HEAD);
            in.reset();
            TableFormat format = TableFormat.of(file.name(), head);
            int bom = TableFormat.hasBom(head) ? 3 : 0;
            in.skipNBytes(bom);
            PairReader reader = new PairReader(file, format, in, bom, 0, maxRecord);
            if (format == TableFormat.CSV) {
                reader.readHeader();
            }
            return reader;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private PairReader reopened(Position position, int maxRecord) throws IOException {
        InputStream at = decompressed(file, position.offset());
        PairReader reader = new PairReader(file, format, at, position.offset(), position.rows(), maxRecord);
        reader.header = header;
        return reader;
    }

    /// The decompressed bytes from `offset` on. A plain file is read from there; a gzipped one is read from its start.
    private static InputStream decompressed(InputFile file, long offset) throws IOException {
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
        if (regular) {
            checkSeparator(text);
        }
        if (regular && text == null) {
            throw Columns.notUtf8(file.name(), badByte("first line"));
        }
        List<@Nullable String> names = text == null ? null : csv.parse(text, true);
        if (names == null) {
            throw TableFormat.refused(file.name(), "a first line that is no header", "a header line of CSV in UTF-8");
        }
        header =
                names.stream().map(name -> Objects.requireNonNullElse(name, "")).toList();
        Columns.checkHeader(file.name(), header);
    }

    /// @param text the header; null if it is not UTF-8
    private void checkSeparator(@Nullable String text) throws IOException {
        String line = text == null
                ? new String(scanner.bytes(), scanner.start(), scanner.length(), StandardCharsets.ISO_8859_1)
                : text;
        if (OtherSeparator.refusal(ErrorCode.INPUT_COLUMNS, file.name(), line, null)
                .isPresent()) {
            try (InputStream again = decompressed(file, 0)) {
                throw OtherSeparator.refusal(ErrorCode.INPUT_COLUMNS, file.name(), line, Encoding.charset(again))
                        .orElseThrow();
            }
        }
    }

    private InputRow row() {
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
            return rejected(RowRejection.INVALID_UTF8, badByte("row"));
        }
        if (text.indexOf('\0') >= 0) {
            return rejected(RowRejection.NUL_BYTE, "byte " + firstNul() + " of the row is NUL (0x00)");
        }
        return format == TableFormat.CSV ? csvRow(text) : jsonRow(text);
    }

    private InputRow csvRow(String text) {
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
        return RowCheck.check(rows, columns);
    }

    private InputRow jsonRow(String text) {
        return switch (json.parse(text)) {
            case JsonFields.Line.Unreadable line -> rejected(RowRejection.UNPARSEABLE_ROW, line.detail());
            case JsonFields.Line.Fields line -> {
                if (rows == 1) {
                    Columns.checkFirstObject(
                            file.name(), new ArrayList<>(line.values().keySet()), line.kinds());
                }
                if (!line.nul().isEmpty()) {
                    yield rejected(RowRejection.NUL_BYTE, line.nul() + " holds a NUL (\\u0000)");
                }
                InputRow row = RowCheck.check(rows, line.values());
                yield row instanceof InputRow.Accepted accepted
                        ? new InputRow.Accepted(accepted.pair(), line.repaired(), Columns.anyNeeded(line.kinds()))
                        : row;
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

    private InputRow rejected(RowRejection reason, String detail) {
        return new InputRow.Rejected(rows, reason, detail);
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
