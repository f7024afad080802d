package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.pairs.Encoding;
import io.pairbatch.pairs.FileEncoding;
import io.pairbatch.pairs.InputFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/// Whether a table on disk is UTF-8, what it is otherwise, and a copy of it that is. Reads it once, in a buffer of
/// 64 KiB and the line in which something is wrong, up to 64 KiB of it.
///
/// @param charset what the file probably is, for [#convert]; empty where it is UTF-8, or nobody can tell
/// @param words what is wrong, in one sentence; empty where it is UTF-8
/// @param plain whether nothing shows that it is UTF-8: all bytes are ASCII, or some are NUL
/// @param mixture its lines, where some are UTF-8 and some are not
public record TableEncoding(String charset, String words, boolean plain, Optional<FileEncoding> mixture) {

    private static final int BUFFER = 1 << 16;
    private static final String UTF_16 = "utf-16";
    private static final String UTF_32 = "utf-32";
    private static final int UTF_32_MARK = 4;
    /// As Java spells it.
    private static final String MAC_ROMAN = "x-MacRoman";

    TableEncoding(String charset, String words, boolean plain) {
        this(charset, words, plain, Optional.empty());
    }

    /// Whether there is nothing to convert.
    public boolean isUtf8() {
        return words.isEmpty();
    }

    /// Looks at a file, plain or gzipped. One that is damaged is left to those who read it as a table.
    public static TableEncoding of(Path table) throws IOException {
        Scan scan = new Scan();
        try (InputStream in = open(table)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                scan.add(buffer, n);
            }
        } catch (ZipException | EOFException e) {
            return new TableEncoding("", "", false);
        }
        return scan.end();
    }

    private static InputStream open(Path table) throws IOException {
        InputStream stored = new BufferedInputStream(Files.newInputStream(table), BUFFER);
        stored.mark(2);
        boolean zipped = stored.read() == 0x1F && stored.read() == 0x8B;
        stored.reset();
        return zipped ? new GZIPInputStream(stored, BUFFER) : stored;
    }

    /// The beginning of a table as a copy of it would be, for those who look at its header.
    ///
    /// @param from the name of a character set
    public static InputFile head(Path table, String from) throws IOException {
        Charset charset = Charset.forName(from);
        byte[] head;
        try (InputStream in = open(table)) {
            head = new String(in.readNBytes(BUFFER), charset).getBytes(StandardCharsets.UTF_8);
        }
        return new InputFile(
                table.toString(),
                head.length,
                offset -> new ByteArrayInputStream(head, (int) offset, head.length - (int) offset),
                Encoding.iconv(charset));
    }

    /// The character set that `--convert-from` names.
    ///
    /// @param what is in it, with its verb
    /// @throws CliException if there is none
    public static Charset charset(String from, String what) {
        try {
            return Charset.forName(from);
        } catch (UnsupportedCharsetException | IllegalCharsetNameException e) {
            throw CliException.usage(
                    "--convert-from: no character set has the name \"" + from + "\".",
                    "Name the one that the " + what + " in, such as windows-1252, iso-8859-15 or utf-16.");
        }
    }

    /// Writes a copy in UTF-8, gzipped if the name says so. The same file gives the same bytes.
    ///
    /// @param from the name of a character set
    /// @throws CliException if there is no such character set, or the file is not in it
    public static void convert(Path table, String from, Path copy) throws IOException {
        Charset charset = charset(from, "table is");
        boolean zipped = table.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        long line = 1;
        try (Reader in = new InputStreamReader(
                        open(table),
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT));
                OutputStream file = Files.newOutputStream(copy);
                Writer out = new OutputStreamWriter(
                        zipped ? new GZIPOutputStream(file, BUFFER) : file, StandardCharsets.UTF_8)) {
            char[] buffer = new char[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                line = checkControls(table, charset, buffer, n, line);
                out.write(buffer, 0, n);
            }
        } catch (CharacterCodingException e) {
            throw CliException.usage(
                    table + " is not in " + charset.name() + ": " + firstBad(table, charset)
                            + ", which means nothing there.",
                    remedy(of(table).charset(), charset));
        }
    }

    private static String remedy(String probably, Charset named) {
        return probably.isEmpty() || Charset.forName(probably).equals(named)
                ? "Name the character set that the table is in with --convert-from."
                : "It is probably in " + probably + ": --convert-from " + probably;
    }

    /// Where a file, of which it is known that it is not in a character set, stops being in it. Lines are those of its
    /// text: in UTF-16 a byte 0x0A may be a part of any character.
    private static String firstBad(Path table, Charset charset) throws IOException {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        // With room for all that the bytes can become.
        CharBuffer text = CharBuffer.allocate(2 * BUFFER);
        long before = 0;
        long line = 1;
        try (InputStream in = open(table)) {
            while (true) {
                int n = in.readNBytes(bytes.array(), bytes.position(), bytes.remaining());
                bytes.limit(bytes.position() + n).position(0);
                CoderResult result = decoder.decode(bytes, text, n == 0);
                line += text.flip().chars().filter(c -> c == '\n').count();
                text.clear();
                if (result.isError() || (n == 0 && result.isUnderflow())) {
                    int bad = bytes.hasRemaining() ? bytes.get(bytes.position()) & 0xFF : 0;
                    return "line " + line + " has the byte 0x" + String.format(Locale.ROOT, "%02X", bad) + " (byte "
                            + (before + bytes.position() + 1) + " of the file)";
                }
                before += bytes.position();
                bytes.compact();
            }
        }
    }

    /// What Windows-1252 has as quotes and dashes is a control character in ISO-8859-1, and nobody would see the loss.
    ///
    /// @param from the line in which the text begins
    /// @return the line in which it ends
    private static long checkControls(Path table, Charset charset, char[] text, int length, long from) {
        long line = from;
        for (int i = 0; i < length; i++) {
            line += text[i] == '\n' ? 1 : 0;
            if (text[i] >= 0x80 && text[i] < 0xA0) {
                throw CliException.usage(
                        table + " is not in " + charset.name() + ": line " + line
                                + " would have a control character, 0x"
                                + String.format(Locale.ROOT, "%02X", (int) text[i])
                                + ".",
                        "It is probably in windows-1252, where that is a quote or a dash: --convert-from windows-1252");
            }
        }
        return line;
    }

    /// Finds out what the bytes are.
    private static final class Scan {

        private final FileEncoding.Scan lines = new FileEncoding.Scan();
        /// Whether there is a NUL near the beginning: an Excel workbook, say, which no character set makes a table.
        private boolean binary;

        private long bytes;
        private int zeros;
        private int first = -1;
        private int second = -1;

        void add(byte[] buffer, int n) {
            for (int i = 0; i < n; i++) {
                byte b = buffer[i];
                // The bytes of UTF-32's mark that UTF-16's has not.
                zeros += bytes < UTF_32_MARK && (b == 0) ? 1 : 0;
                if (first < 0) {
                    first = b & 0xFF;
                } else if (second < 0) {
                    second = b & 0xFF;
                }
                binary |= b == 0 && bytes < BUFFER;
                bytes++;
            }
            lines.add(buffer, n);
        }

        TableEncoding end() {
            boolean utf32 = zeros == 2 && ((first == 0xFF && second == 0xFE) || (first == 0 && second == 0));
            if (utf32) {
                return new TableEncoding(UTF_32, "it is UTF-32", false);
            }
            if ((first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF)) {
                return new TableEncoding(UTF_16, "it is UTF-16, as Excel's \"Unicode Text\"", false);
            }
            if (binary) {
                return new TableEncoding("", "", true);
            }
            FileEncoding seen = lines.end();
            if (seen.isMixture()) {
                return new TableEncoding("", seen.first(), false, Optional.of(seen));
            }
            return seen.isUtf8()
                    ? new TableEncoding("", "", seen.isPlain())
                    : new TableEncoding(java(seen.charset()), seen.first(), false);
        }

        private static String java(String charset) {
            return charset.equals(Encoding.MAC_ROMAN) ? MAC_ROMAN : charset.toLowerCase(Locale.ROOT);
        }
    }
}
