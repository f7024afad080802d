package io.pairbatch.cli.workbook;

import io.pairbatch.cli.fault.CliException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.jspecify.annotations.Nullable;

/// The cells of a sheet as text, and what is worth knowing of them.
final class CellText {

    /// No cell holds more characters.
    private static final int FULL = 32_767;
    /// How Excel writes a character that XML cannot hold, such as a carriage return: `_x000D_`.
    private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");
    /// Parts of a number format that are no pattern of a date: quoted words, escaped characters, colours, languages.
    private static final Pattern NO_PATTERN = Pattern.compile("\"[^\"]*\"|\\\\.|\\[[^\\]]*\\]");
    private static final Pattern DATE = Pattern.compile("(?i)[dy]|m{3,}|h|s");
    private static final Pattern PADDED = Pattern.compile("0{2,}");
    /// A number in a cell is a double, of which 17 digits are stored and 15 are shown.
    private static final MathContext SHOWN = new MathContext(15);
    /// What a formula gives that could not be worked out.
    private static final Set<String> ERRORS = Set.of(
            "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA");

    private final Path workbook;
    private final boolean date1904;
    private int formulas;
    private int dates;
    private int fulls;
    private @Nullable String firstFull;

    CellText(Path workbook, boolean date1904) {
        this.workbook = workbook;
        this.date1904 = date1904;
    }

    /// @throws CliException if the cell holds an error
    String of(Cell cell) {
        String raw = cell.getRawValue();
        if (raw == null || raw.isEmpty()) {
            return "";
        }
        formulas += cell.getType() == CellType.FORMULA ? 1 : 0;
        return switch (cell.getType()) {
            case EMPTY -> "";
            case ERROR -> throw wrong(cell, raw);
            case BOOLEAN -> truth(raw.equals("1") || raw.equalsIgnoreCase("true"));
            case NUMBER -> number(cell, raw);
            case STRING -> text(cell, cell.getText());
            case FORMULA ->
                switch (cell.getValue()) {
                    case BigDecimal number -> number(cell, raw);
                    case Boolean truth -> truth(truth);
                    default -> text(cell, worked(cell, raw));
                };
        };
    }

    private String worked(Cell cell, String text) {
        if (ERRORS.contains(text)) {
            throw wrong(cell, text);
        }
        return text;
    }

    private CliException wrong(Cell cell, String error) {
        return CliException.refused(
                workbook + " has the error " + error + " in cell " + cell.getAddress() + ".",
                "Correct the cell, or clear it.");
    }

    private static String truth(boolean truth) {
        return truth ? "TRUE" : "FALSE";
    }

    private String text(Cell cell, String text) {
        if (text.length() >= FULL) {
            firstFull = firstFull == null ? String.valueOf(cell.getAddress()) : firstFull;
            fulls++;
        }
        return ESCAPED.matcher(text)
                .replaceAll(
                        found -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }

    private String number(Cell cell, String raw) {
        BigDecimal value = new BigDecimal(raw);
        String format = cell.getDataFormatString();
        String pattern = format == null ? "" : NO_PATTERN.matcher(format).replaceAll("");
        if (DATE.matcher(pattern).find()) {
            dates++;
            return date(value);
        }
        BigDecimal shown = value.round(SHOWN).stripTrailingZeros();
        String plain = shown.signum() == 0 ? "0" : shown.toPlainString();
        // An ID such as 007 is a number of one digit to Excel, shown with three.
        return PADDED.matcher(pattern).matches() && plain.length() < pattern.length() && shown.scale() <= 0
                ? "0".repeat(pattern.length() - plain.length()) + plain
                : plain;
    }

    /// Days since the end of 1899, or since 1904 in workbooks of old Macs.
    private String date(BigDecimal days) {
        long seconds = Math.round(days.doubleValue() * 86_400);
        LocalDateTime start = date1904
                ? LocalDateTime.of(1904, 1, 1, 0, 0)
                // Excel takes 1900 for a leap year; from March 1900 on this is what it shows.
                : LocalDateTime.of(1899, 12, 30, 0, 0);
        LocalDateTime time = start.plusSeconds(seconds);
        return time.toLocalTime().equals(LocalTime.MIDNIGHT)
                ? time.toLocalDate().toString()
                : time.toString();
    }

    List<String> notices() {
        List<String> notices = new ArrayList<>();
        if (fulls > 0) {
            notices.add((fulls == 1 ? "1 cell has" : fulls + " cells have") + " 32,767 characters, the most that Excel"
                    + " takes: such a text was probably cut off (the first: cell " + firstFull + ")");
        }
        if (formulas > 0) {
            notices.add((formulas == 1 ? "1 cell is a formula" : formulas + " cells are formulas")
                    + ": what Excel last worked out is taken");
        }
        if (dates > 0) {
            notices.add((dates == 1 ? "1 cell is a date" : dates + " cells are dates") + ": written as 2026-11-30");
        }
        return notices;
    }
}
