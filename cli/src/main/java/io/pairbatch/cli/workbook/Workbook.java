package io.pairbatch.cli.workbook;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.store.Csv;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLStreamException;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ExcelReaderException;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.dhatim.fastexcel.reader.SheetVisibility;

/// An Excel workbook on disk. Its rows are read one after the other; the texts that Excel stores apart from the rows
/// are in memory, and a workbook with too many of them is refused.
public final class Workbook {

    /// What `--convert-from` calls one.
    public static final String NAME = "xlsx";

    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final String PART = "xl/workbook.xml";
    private static final String PARTS_OF_PART = "xl/_rels/workbook.xml.rels";
    private static final String SHARED_TEXTS = "xl/sharedStrings.xml";
    private static final String NOT_FOUND = " not found";
    /// An old workbook (xls), or one with a password.
    private static final byte[] OLE = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};
    private static final long MOST_SHARED_TEXTS = 64L << 20;
    private static final int MOST_OF_PARTS = 1 << 20;
    private static final String SAVE_AGAIN =
            "Open it in Excel or LibreOffice and save it again, or save it as \"CSV UTF-8 (Comma delimited)\", and give that"
                    + " file.";
    private static final String AS_CSV = "Save it in Excel as \"CSV UTF-8 (Comma delimited)\", and give that file.";

    private Workbook() {}

    /// What a copy of a sheet holds.
    ///
    /// @param sheet its name
    /// @param rows without the header
    /// @param columns the header
    /// @param notices what is worth knowing, a sentence each
    public record Copied(String sheet, long rows, List<String> columns, List<String> notices) {

        /// Such as `sheet "Essays", 60 rows, columns ID, text`.
        public String words() {
            return "sheet \"" + sheet + "\", " + rows + (rows == 1 ? " row" : " rows") + ", columns "
                    + String.join(", ", columns);
        }
    }

    /// Whether a file is a workbook, whatever its name is.
    public static boolean is(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (!Arrays.equals(in.readNBytes(ZIP.length), ZIP)) {
                return false;
            }
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry(PART) != null;
        } catch (ZipException e) {
            return false;
        }
    }

    /// What a file is that is no workbook, though it may have been meant as one.
    ///
    /// @return empty if it is something else, such as a table already
    public static Optional<CliException> broken(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(ZIP.length);
        }
        if (Arrays.equals(head, OLE)) {
            return Optional.of(refused(
                    file, "is an old Excel workbook (xls), or one with a password; what is read is xlsx", AS_CSV));
        }
        if (!Arrays.equals(head, ZIP)) {
            return Optional.empty();
        }
        try {
            new ZipFile(file.toFile()).close();
            return Optional.of(refused(
                    file,
                    "is a zip archive without " + PART + ", so no workbook",
                    "Give the table itself, as CSV, JSONL or an Excel workbook (xlsx)."));
        } catch (ZipException e) {
            return Optional.of(refused(
                    file,
                    "is a zip archive, as a workbook is, but damaged or cut off",
                    "Copy or download the file again, or open it in Excel and save it again."));
        }
    }

    /// Writes the first sheet that is not hidden as CSV in UTF-8. Blank rows are left out; the first row with something
    /// in it is the header. The same workbook gives the same bytes.
    ///
    /// @throws CliException if the sheet is no table
    public static Copied convert(Path workbook, Path copy) throws IOException {
        checkTexts(workbook);
        try (ReadableWorkbook book = new ReadableWorkbook(workbook.toFile(), new ReadingOptions(true, false));
                Writer out = Files.newBufferedWriter(copy)) {
            List<Sheet> sheets = book.getSheets().toList();
            Sheet sheet = sheets.stream()
                    .filter(one -> one.getVisibility() == SheetVisibility.VISIBLE)
                    .findFirst()
                    .orElseThrow(() -> refused(workbook, "has no sheet that is not hidden", AS_CSV));
            List<String> notices = new ArrayList<>();
            if (sheets.size() > 1) {
                notices.add("of " + sheets.size() + " sheets only \"" + sheet.getName()
                        + "\" is read, the first that is not hidden");
            }
            return new Copying(workbook, sheet, book.isDate1904(), out).run(notices);
        } catch (ExcelReaderException | UncheckedIOException e) {
            throw damaged(workbook, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            boolean read = e.getCause() instanceof XMLStreamException
                    || e instanceof ZipException
                    || e instanceof EOFException;
            if (read) {
                throw damaged(workbook, String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /// @param why as the library says it
    private static CliException damaged(Path workbook, String why) {
        if (!why.endsWith(NOT_FOUND)) {
            String first = why.lines().findFirst().orElse("").replaceFirst("^[\\w.]*Exception: ", "");
            return refused(workbook, "cannot be read as an Excel workbook: " + first, SAVE_AGAIN);
        }
        String part = why.substring(0, why.length() - NOT_FOUND.length()).replaceFirst("^/", "");
        return part.equals("null")
                ? refused(
                        workbook,
                        "is an Excel workbook whose list of parts, [Content_Types].xml, does not name one that it needs",
                        SAVE_AGAIN)
                : lacks(workbook, part);
    }

    private static CliException lacks(Path workbook, String part) {
        return refused(workbook, "is an Excel workbook that lacks one of its parts, " + part, SAVE_AGAIN);
    }

    private static void checkTexts(Path workbook) throws IOException {
        try (ZipFile zip = new ZipFile(workbook.toFile())) {
            // The library reads cells without their texts then, as if they were empty.
            ZipEntry parts = zip.getEntry(PARTS_OF_PART);
            if (zip.getEntry(SHARED_TEXTS) == null && parts != null) {
                try (InputStream in = zip.getInputStream(parts)) {
                    if (new String(in.readNBytes(MOST_OF_PARTS), StandardCharsets.UTF_8)
                            .contains("sharedStrings.xml")) {
                        throw lacks(workbook, SHARED_TEXTS);
                    }
                }
            }
            long size = Optional.ofNullable(zip.getEntry(SHARED_TEXTS))
                    .map(ZipEntry::getSize)
                    .orElse(0L);
            if (size > MOST_SHARED_TEXTS) {
                throw refused(
                        workbook, "has " + (size >> 20) + " MiB of texts; up to 64 MiB of a workbook are read", AS_CSV);
            }
        }
    }

    private static CliException refused(Path workbook, String what, String remedy) {
        return CliException.refused(workbook + " " + what + ".", remedy);
    }

    /// One sheet on its way to CSV.
    private static final class Copying {

        private final Path workbook;
        private final Sheet sheet;
        private final CellText texts;
        private final Writer out;
        private final StringBuilder line = new StringBuilder();
        private List<String> header = List.of();
        private long rows;

        Copying(Path workbook, Sheet sheet, boolean date1904, Writer out) {
            this.workbook = workbook;
            this.sheet = sheet;
            this.texts = new CellText(workbook, date1904);
            this.out = out;
        }

        Copied run(List<String> notices) throws IOException {
            try (Stream<Row> all = sheet.openStream()) {
                for (Iterator<Row> each = all.iterator(); each.hasNext(); ) {
                    copy(each.next());
                }
            }
            if (header.isEmpty()) {
                throw refused(workbook, "has nothing in its sheet \"" + sheet.getName() + "\"", AS_CSV);
            }
            notices.addAll(texts.notices());
            return new Copied(sheet.getName(), rows, header, List.copyOf(notices));
        }

        private void copy(Row row) throws IOException {
            List<String> fields = new ArrayList<>();
            int filled = 0;
            for (int i = 0; i < row.getCellCount(); i++) {
                Cell cell = row.getCell(i);
                String text = cell == null ? "" : texts.of(cell);
                fields.add(text);
                filled = text.isEmpty() ? filled : i + 1;
            }
            if (filled == 0) {
                return;
            }
            if (header.isEmpty()) {
                header = List.copyOf(fields.subList(0, filled));
                write(header);
                return;
            }
            if (filled > header.size()) {
                throw refused(
                        workbook,
                        "has something in cell " + row.getCell(filled - 1).getAddress() + " of sheet \""
                                + sheet.getName() + "\", in a column without a name",
                        "Name the column in the header, or clear the cell.");
            }
            while (fields.size() < header.size()) {
                fields.add("");
            }
            rows++;
            write(fields.subList(0, header.size()));
        }

        private void write(List<String> fields) throws IOException {
            line.setLength(0);
            Csv.line(line, fields);
            out.append(line);
        }
    }
}
