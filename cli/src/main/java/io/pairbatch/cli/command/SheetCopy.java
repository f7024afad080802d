package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.workbook.Workbook;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table that a command takes. Of an Excel workbook that is a CSV file beside it, which stays: whoever is told that
/// something is wrong with it can look at it.
///
/// @param table to be read
/// @param from the character set to convert it from; null if it is to be found out
record SheetCopy(Path table, @Nullable String from) {

    /// Looks at a file that can be read. What the first sheet of a workbook holds is shown, and written as CSV if the
    /// user wants that.
    ///
    /// @param from what `--convert-from` says; null to ask
    /// @param silent whether nothing is asked; that is no consent
    static SheetCopy of(App app, Path file, @Nullable String from, boolean silent) throws IOException {
        boolean agreed = Workbook.NAME.equals(from);
        if (!Workbook.is(file)) {
            Optional<CliException> broken = Workbook.broken(file);
            if (broken.isPresent()) {
                throw broken.get();
            }
            if (agreed) {
                throw CliException.usage(
                        "--convert-from xlsx: " + file + " is no Excel workbook (xlsx), but a text or another file.",
                        "Leave the option out.");
            }
            return new SheetCopy(file, from);
        }
        if (from != null && !agreed) {
            throw CliException.usage(
                    "--convert-from: " + file + " is an Excel workbook, which has no character set.",
                    "Its first sheet is taken with --convert-from xlsx.");
        }
        Path csv = file.resolveSibling(nameOf(file));
        Path draft = csv.resolveSibling("." + csv.getFileName() + ".part");
        PrintWriter out = app.console().out();
        try {
            Workbook.Copied copied = Workbook.convert(file, draft);
            out.println(file + " is an Excel workbook: " + copied.words() + ".");
            copied.notices().forEach(notice -> out.println("note: " + notice));
            out.flush();
            if (!agreed && (silent || !app.live().canAsk())) {
                throw CliException.refused(
                        file + " is not taken as it is.",
                        "To take it as CSV, written to " + csv + ", add to the command: --convert-from xlsx");
            }
            if (!agreed && !app.live().agrees("Write it to " + csv + " as CSV, and take that? [y/N]")) {
                return new SheetCopy(file, null);
            }
            put(draft, csv);
            out.println("It is taken from " + csv + ", which stays.");
            return new SheetCopy(csv, null);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String nameOf(Path workbook) {
        String name = String.valueOf(workbook.getFileName());
        int dot = name.lastIndexOf('.');
        return (dot > 0 ? name.substring(0, dot) : name) + ".csv";
    }

    private static void put(Path draft, Path csv) throws IOException {
        if (!Files.exists(csv)) {
            Files.move(draft, csv);
        } else if (!Files.isRegularFile(csv) || Files.mismatch(draft, csv) >= 0) {
            throw CliException.usage(
                    csv + " is there already, and is not what the sheet holds.", "Give that file, or move it away.");
        }
    }
}
