package io.pairbatch.cli.workbook;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// Workbooks as Excel writes them, part by part.
public final class Workbooks {

    private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
    private static final List<String> SHEETS = List.of("Notes", "Essays", "Old");

    private Workbooks() {}

    public static String row(int number, String... cells) {
        return "<row r='" + number + "'>" + String.join("", cells) + "</row>";
    }

    public static String text(String at, String text) {
        return "<c r='" + at + "' t='inlineStr'><is><t xml:space='preserve'>"
                + text.replace("&", "&amp;").replace("<", "&lt;") + "</t></is></c>";
    }

    /// Three sheets, of which the first is hidden; the second, `Essays`, has the rows. Style 1 shows numbers as `007`,
    /// style 2 as dates.
    ///
    /// @param shared texts that are stored apart from the rows
    public static Path of(Path file, String rows, String shared) throws IOException {
        StringBuilder sheets = new StringBuilder();
        StringBuilder ids = new StringBuilder();
        StringBuilder parts = new StringBuilder();
        for (int i = 1; i <= SHEETS.size(); i++) {
            sheets.append("<sheet name='" + SHEETS.get(i - 1) + "' sheetId='" + i + "' "
                    + (i == 1 ? "state='hidden' " : "") + "r:id='rId" + i + "'/>");
            ids.append(relation(i, "worksheet", "worksheets/sheet" + i + ".xml"));
            parts.append(part("worksheets/sheet" + i, "worksheet"));
        }
        ids.append(relation(4, "styles", "styles.xml"));
        ids.append(relation(5, "sharedStrings", "sharedStrings.xml"));
        parts.append(part("workbook", "sheet.main"));
        parts.append(part("styles", "styles"));
        parts.append(part("sharedStrings", "sharedStrings"));
        return zip(
                file,
                "[Content_Types].xml",
                "<Types xmlns='" + PACKAGE + "content-types'>"
                        + "<Default Extension='xml' ContentType='application/xml'/>" + parts + "</Types>",
                "_rels/.rels",
                "<Relationships xmlns='" + PACKAGE + "relationships'>"
                        + relation(1, "officeDocument", "xl/workbook.xml") + "</Relationships>",
                "xl/workbook.xml",
                "<workbook xmlns='" + MAIN + "' xmlns:r='" + OFFICE + "'><sheets>" + sheets + "</sheets></workbook>",
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns='" + PACKAGE + "relationships'>" + ids + "</Relationships>",
                "xl/styles.xml",
                "<styleSheet xmlns='" + MAIN
                        + "'><numFmts count='1'><numFmt numFmtId='164' formatCode='000'/></numFmts>"
                        + "<cellXfs count='3'><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='14'/></cellXfs>"
                        + "</styleSheet>",
                "xl/sharedStrings.xml",
                "<sst xmlns='" + MAIN + "'>" + shared + "</sst>",
                "xl/worksheets/sheet1.xml",
                sheet(""),
                "xl/worksheets/sheet2.xml",
                sheet(rows),
                "xl/worksheets/sheet3.xml",
                sheet(""));
    }

    private static String sheet(String rows) {
        return "<worksheet xmlns='" + MAIN + "'><sheetData>" + rows + "</sheetData></worksheet>";
    }

    private static String relation(int id, String kind, String target) {
        return "<Relationship Id='rId" + id + "' Type='" + OFFICE + "/" + kind + "' Target='" + target + "'/>";
    }

    private static String part(String name, String kind) {
        return "<Override PartName='/xl/" + name + ".xml'"
                + " ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml." + kind + "+xml'/>";
    }

    /// A copy of a workbook without one of its parts, or with other words in it.
    ///
    /// @param instead null for no such part
    public static Path damaged(Path workbook, Path copy, String part, @Nullable String instead) throws IOException {
        try (ZipFile zip = new ZipFile(workbook.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                boolean meant = entry.getName().equals(part);
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                if (meant) {
                    bytes = instead == null ? null : instead.getBytes(StandardCharsets.UTF_8);
                }
                if (bytes != null) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    out.write(bytes);
                }
            }
        }
        return copy;
    }

    /// Writes a zip archive.
    ///
    /// @param parts names and contents, by turns
    public static Path zip(Path file, String... parts) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < parts.length; i += 2) {
                zip.putNextEntry(new ZipEntry(parts[i]));
                zip.write(parts[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }
}
