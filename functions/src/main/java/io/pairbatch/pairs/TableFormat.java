package io.pairbatch.pairs;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The format of a table. The content decides; the name is used only if the content is ambiguous.
enum TableFormat {
    CSV,
    JSONL;

    /// Number of bytes at the (decompressed) beginning that are examined.
    static final int HEAD = 4096;

    /// The first bytes of other files that people drop instead of a table.
    private static final List<Magic> OTHERS = List.of(
            new Magic("PAR1", "a Parquet file"),
            new Magic("PK\u0003\u0004", "a zip archive or an Excel workbook (xlsx)"),
            new Magic("\u00D0\u00CF\u0011\u00E0", "an old Excel or Word file"),
            new Magic("%PDF", "a PDF"),
            new Magic("\u00FE\u00FF", "UTF-16 text"),
            new Magic("\u00FF\u00FE", "UTF-16 text"),
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
    /// @throws JobRejectedException `INPUT_FORMAT`, naming what the file looks like
    static TableFormat of(String fileName, byte[] head) {
        if (head.length == 0) {
            throw refused(fileName, "an empty file");
        }
        String start = new String(head, StandardCharsets.ISO_8859_1);
        for (Magic magic : OTHERS) {
            if (start.startsWith(magic.start())) {
                throw refused(fileName, magic.description());
            }
        }
        if (start.indexOf('\0') >= 0) {
            throw refused(fileName, looksLikeUtf16(head) ? "UTF-16 text" : "binary data");
        }
        String plain = (hasBom(head) ? start.substring(3) : start).stripLeading();
        String name = extensions(fileName);
        if (plain.startsWith("{") || name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return JSONL;
        }
        if (plain.startsWith("[")) {
            throw refused(fileName, "one JSON list");
        }
        if (plain.isEmpty()) {
            throw refused(fileName, "a file of blanks only");
        }
        return CSV;
    }

    static boolean hasBom(byte[] head) {
        return head.length >= 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF;
    }

    private static String extensions(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
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
        return new JobRejectedException(new Problem(
                ErrorCode.INPUT_FORMAT,
                fileName,
                found,
                "CSV with a header line, or JSONL, in UTF-8, plain or gzipped"));
    }

    /// A file that cannot be read in the format that it seemed to have.
    static JobRejectedException refused(String fileName, String found, String expected) {
        return new JobRejectedException(new Problem(ErrorCode.INPUT_FORMAT, fileName, found, expected));
    }
}
