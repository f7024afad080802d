package io.pairbatch.pairs;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The format of a table. The content decides; the name is used only if the content is ambiguous.
enum TableFormat {
    CSV,
    JSONL;

    /// Number of bytes at the (decompressed) beginning that are examined.
    static final int HEAD = 4096;

    private static final String USUAL = "CSV with a header line, or JSONL, in UTF-8, plain or gzipped";
    /// What the name of a copy with an object on each line has more.
    private static final String LINES = "-lines";
    private static final String UTF16 = "UTF-16 text";

    /// The first bytes of other files that people drop instead of a table.
    private static final List<Magic> OTHERS = List.of(
            new Magic("PAR1", "a Parquet file"),
            new Magic("PK\u0003\u0004", "a zip archive or an Excel workbook (xlsx)"),
            new Magic("\u00D0\u00CF\u0011\u00E0", "an old Excel or Word file"),
            new Magic("%PDF", "a PDF"),
            new Magic("\u00FE\u00FF", UTF16),
            new Magic("\u00FF\u00FE", UTF16),
            new Magic("BZh", "a bzip2 file"),
            new Magic("(\u00B5/\u00FD", "a Zstandard file"),
            new Magic("\u00FD7zXZ", "an xz file"),
            new Magic("7z\u00BC\u00AF", "a 7-Zip archive"),
            new Magic("\u001F\u008B", "a file that was gzipped twice"),
            new Magic("RDX", "an R data file"),
            new Magic("X\n\u0000\u0000", "an R data file"),
            new Magic("ARROW1", "an Arrow file"),
            new Magic("{\\rtf", "an RTF document"),
            new Magic("<", "HTML or XML"));

    private record Magic(String start, String description) {}

    /// The format of a file that begins with `head`.
    ///
    /// @param anySeparator whether nothing is to be said of what separates its columns
    /// @throws JobRejectedException `INPUT_FORMAT`, naming what the file looks like
    static TableFormat of(String fileName, byte[] head, boolean anySeparator) {
        if (head.length == 0) {
            throw refused(fileName, "an empty file");
        }
        String start = new String(head, StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u00FF\u00FE\0\0") || start.startsWith("\0\0\u00FE\u00FF")) {
            throw unicode(fileName, head, anySeparator, "UTF-32 text", "UTF-32");
        }
        for (Magic magic : OTHERS) {
            if (start.startsWith(magic.start())) {
                throw magic.description().equals(UTF16)
                        ? unicode(fileName, head, anySeparator, UTF16, "UTF-16")
                        : refused(fileName, magic.description());
            }
        }
        if (start.indexOf('\0') >= 0) {
            checkNuls(fileName, head, start, anySeparator);
        }
        String plain = (hasBom(head) ? start.substring(3) : start).stripLeading();
        String name = extensions(fileName);
        boolean lines = name.endsWith(".jsonl") || name.endsWith(".ndjson");
        if (plain.startsWith("[")
                && (!lines || plain.substring(1).stripLeading().matches("(?s)([{\\]].*)?"))) {
            throw refused(
                    fileName,
                    lines ? "one JSON list, not one object on each line (JSON Lines)" : "one JSON list",
                    lines
                            ? "a JSON object on each line, as pandas' to_json(orient=\"records\", lines=True) writes;"
                                    + " to make a copy that has them: `"
                                    + Encoding.filtered(fileName, "jq -c '.[]'", LINES) + "`"
                            : USUAL);
        }
        if (plain.startsWith("{") && isSpread(plain)) {
            throw refused(
                    fileName,
                    "a JSON object that is spread over several lines, not one on each line (JSON Lines)",
                    "a JSON object on each line; to make a copy that has them: `"
                            + Encoding.filtered(fileName, "jq -c .", LINES) + "`");
        }
        if (plain.startsWith("{") || lines) {
            return JSONL;
        }
        if (plain.isEmpty()) {
            throw refused(fileName, "a file of blanks only");
        }
        return CSV;
    }

    /// NULs after the first line cost their rows.
    private static void checkNuls(String fileName, byte[] head, String start, boolean anySeparator) {
        if (looksLikeUtf32(head)) {
            throw unicode(fileName, head, anySeparator, "UTF-32 text", head[0] == 0 ? "UTF-32BE" : "UTF-32LE");
        }
        if (looksLikeUtf16(head)) {
            throw unicode(fileName, head, anySeparator, UTF16, head[0] == 0 ? "UTF-16BE" : "UTF-16LE");
        }
        int first = start.indexOf('\0');
        if (start.chars().anyMatch(c -> c < ' ' && c != 0 && "\t\n\r\f\u000b".indexOf(c) < 0)
                && start.substring(0, first).indexOf('\n') < 0) {
            throw refused(fileName, "binary data");
        }
        if (start.substring(0, first).indexOf('\n') < 0) {
            throw refused(
                    fileName,
                    "a NUL (0x00) in the first line, at byte " + (first + 1),
                    "a first line of text; to make a copy without NULs: `"
                            + Encoding.filtered(fileName, "tr -d '\\000'", "-text") + "`");
        }
    }

    /// Whether the first object goes on in the second line, which then begins with one of its names.
    private static boolean isSpread(String plain) {
        int end = plain.indexOf('\n');
        String first = end < 0 ? plain : plain.substring(0, end).stripTrailing();
        String rest = end < 0 ? "" : plain.substring(end).stripLeading();
        return !rest.isEmpty() && !rest.startsWith("{") && "{[,:".indexOf(first.charAt(first.length() - 1)) >= 0;
    }

    private static JobRejectedException unicode(
            String fileName, byte[] head, boolean anySeparator, String found, String charset) {
        if (anySeparator) {
            return inUnicode(fileName, found, charset);
        }
        // Excel's "Unicode Text" has tabs too.
        String line = new String(head, Charset.forName(charset))
                .replace("\uFEFF", "")
                .lines()
                .findFirst()
                .orElse("");
        return OtherSeparator.refusal(ErrorCode.INPUT_FORMAT, fileName, line, charset)
                .or(() -> line.stripLeading().startsWith("{")
                        ? Optional.empty()
                        : Columns.refusal(ErrorCode.INPUT_FORMAT, fileName, OtherSeparator.fields(line, ','), charset))
                .orElseGet(() -> inUnicode(fileName, found, charset));
    }

    private static JobRejectedException inUnicode(String fileName, String found, String charset) {
        return refused(
                fileName, found, USUAL + "; to make a copy in UTF-8: `" + Encoding.command(fileName, charset) + "`");
    }

    static boolean hasBom(byte[] head) {
        return head.length >= 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF;
    }

    private static String extensions(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    }

    /// Three bytes of four are NUL, and the two high ones always, since no character is beyond U+10FFFF.
    private static boolean looksLikeUtf32(byte[] head) {
        int highest = head[0] == 0 ? 0 : 3;
        int nuls = 0;
        for (int i = 0; i < head.length; i++) {
            nuls += head[i] == 0 ? 1 : 0;
            if ((i & 3) == highest && head[i] != 0) {
                return false;
            }
        }
        return nuls > head.length / 2;
    }

    private static boolean looksLikeUtf16(byte[] head) {
        int[] zeros = new int[2];
        for (int i = 0; i < head.length; i++) {
            if (head[i] == 0) {
                zeros[i & 1]++;
            }
        }
        return Arrays.stream(zeros).max().orElse(0) > head.length / 4
                && Arrays.stream(zeros).min().orElse(0) == 0;
    }

    private static JobRejectedException refused(String fileName, String found) {
        return new JobRejectedException(new Problem(ErrorCode.INPUT_FORMAT, fileName, found, USUAL));
    }

    /// A file that cannot be read in the format that it seemed to have.
    static JobRejectedException refused(String fileName, String found, String expected) {
        return new JobRejectedException(new Problem(ErrorCode.INPUT_FORMAT, fileName, found, expected));
    }
}
