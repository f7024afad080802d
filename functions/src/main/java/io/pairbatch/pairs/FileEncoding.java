package io.pairbatch.pairs;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the lines of a file are in. A file of lines in UTF-8 with some that are not is a mixture, of which no program
/// makes a good copy: what converts the latter spoils the former.
///
/// @param utf8 how many lines have characters beyond ASCII, in UTF-8
/// @param other how many lines are not UTF-8
/// @param lines the numbers of the first of the latter
/// @param first what is wrong with the very first, for people; empty if all are UTF-8
/// @param charset what nearly all of these lines seem to be in, as `iconv` spells it; empty if nobody can tell
/// @param marked whether the file begins with the mark of UTF-8, which a conversion would make a part of the header
public record FileEncoding(long utf8, long other, List<Long> lines, String first, String charset, boolean marked) {

    /// How many lines are named.
    private static final int SHOWN = 10;
    /// One line of so many may look like what it is not.
    private static final int FEW = 100;

    private static final int LONGEST_LINE = 1 << 16;
    private static final int BUFFER = 1 << 16;
    private static final long MOST_READ = 1 << 26;

    public FileEncoding {
        lines = List.copyOf(lines);
    }

    public boolean isUtf8() {
        return other == 0;
    }

    /// Whether all is ASCII, as far as it was looked at.
    public boolean isPlain() {
        return utf8 == 0 && other == 0;
    }

    public boolean isMixture() {
        return other > 0 && (marked || utf8 * FEW > utf8 + other);
    }

    /// Whether most lines that show it are UTF-8.
    public boolean isMostlyUtf8() {
        return utf8 >= other;
    }

    /// Such as `lines 3, 9, 14, …`; empty if all are UTF-8.
    public String places() {
        return lines.isEmpty()
                ? ""
                : (other == 1 ? "line " : "lines ")
                        + String.join(", ", lines.stream().map(String::valueOf).toList())
                        + (other > lines.size() ? ", …" : "");
    }

    /// What mends a mixture.
    ///
    /// @param where which of its lines or rows are not UTF-8
    private String sentence(String where) {
        boolean one = !where.contains("s ");
        return where + (one ? " is" : " are") + " not UTF-8, and the others are: save " + (one ? "it" : "them")
                + " again in UTF-8; a conversion of the whole file would spoil the others";
    }

    /// The same, of the lines that are known here.
    public String mending() {
        return sentence(places());
    }

    /// The end of a sentence that asks for UTF-8: what mends the file. Empty if nobody can tell.
    ///
    /// @param file as the user has named it
    String remedy(String file) {
        return remedy(file, places(), charset);
    }

    /// The same, where rows were found that are not UTF-8, perhaps beyond what was looked at here.
    ///
    /// @param rows such as `rows 3, 9`
    /// @param guessed what the first of them is in; empty if nobody can tell
    public String remedy(String file, String rows, String guessed) {
        if (isMixture() || (other == 0 && utf8 > 0)) {
            return "; " + sentence(lines.isEmpty() ? rows : places());
        }
        String known = other == 0 ? guessed : charset;
        return known.isEmpty() ? "" : "; to make a copy in UTF-8: `" + Encoding.command(file, known) + "`";
    }

    /// Looks at a file. Holds 64 KiB of a line, and reads no more than 64 MiB.
    ///
    /// @param in the file as text, not gzipped
    public static FileEncoding of(InputStream in) throws IOException {
        Scan scan = new Scan();
        byte[] buffer = new byte[BUFFER];
        long left = MOST_READ;
        for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
            scan.add(buffer, n);
            left -= n;
        }
        return scan.end();
    }

    /// The same of a table.
    public static FileEncoding of(InputFile file) throws IOException {
        try (InputStream in = RowReader.decompressed(file, 0)) {
            return of(in);
        }
    }

    /// Looks at a file as it is read. Holds a line, up to 64 KiB of it.
    public static final class Scan {

        private byte[] line = new byte[256];
        private int length;
        private boolean cut;
        private long number = 1;
        /// Whether the line has bytes that are not ASCII.
        private boolean high;

        private boolean marked;
        private long utf8;
        private long other;
        private final List<Long> lines = new ArrayList<>();
        private String first = "";
        /// What the lines that are not UTF-8 seem to be in, and how many of them.
        private final Map<String, Long> guesses = new HashMap<>();

        /// Takes the next bytes.
        public void add(byte[] buffer, int n) {
            for (int i = 0; i < n; i++) {
                byte b = buffer[i];
                if (b == '\n') {
                    endLine();
                } else if (length < LONGEST_LINE) {
                    append(b);
                } else {
                    cut = true;
                }
            }
        }

        private void append(byte b) {
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = b;
            high |= b < 0;
        }

        private void endLine() {
            int bad = high ? Encoding.firstBad(line, 0, length) : -1;
            // A line that was cut may have been cut within a character.
            if (bad >= 0 && !(cut && bad > length - 4)) {
                isOther(bad);
            } else if (high) {
                utf8++;
            }
            marked |= number == 1 && TableFormat.hasBom(line) && length >= 3;
            length = 0;
            cut = false;
            high = false;
            number++;
        }

        private void isOther(int bad) {
            other++;
            if (lines.size() < SHOWN) {
                lines.add(number);
            }
            Encoding.Guess guess = Encoding.guess(line, 0, length, bad);
            if (!guess.either()) {
                guesses.merge(guess.charset(), 1L, Long::sum);
            }
            if (first.isEmpty()) {
                first = "line " + number + " has the byte 0x" + String.format(Locale.ROOT, "%02X", line[bad])
                        + switch (guess.charset()) {
                            case Encoding.WINDOWS_1252 ->
                                ", which is " + guess.meant() + " in Windows-1252, Excel's \"CSV\"";
                            case Encoding.MAC_ROMAN ->
                                ", which is " + guess.meant() + " in Mac OS Roman, as old programs on a Mac save it";
                            default -> "";
                        };
            }
        }

        /// What was seen.
        public FileEncoding end() {
            endLine();
            long all = guesses.values().stream().mapToLong(Long::longValue).sum();
            String charset = guesses.entrySet().stream()
                    .filter(guess -> (all - guess.getValue()) * FEW < all)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse("");
            return new FileEncoding(utf8, other, lines, first, charset, marked);
        }
    }
}
