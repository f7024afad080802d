package io.pairbatch.pairs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;

/// What bytes that are not UTF-8 probably are, and the command that converts them.
public final class Encoding {

    /// What Excel on Windows saves as "CSV".
    public static final String WINDOWS_1252 = "WINDOWS-1252";

    /// The last words of [#describe] for a character that was guessed.
    private static final String GUESS = " in Windows-1252";

    private static final Charset GUESSED = Charset.forName(WINDOWS_1252);

    private Encoding() {}

    /// Where bytes stop being UTF-8, and the character that was probably meant there.
    ///
    /// @param at the index of the first byte that is not UTF-8
    /// @param from the index of the first byte, which counts as byte 1
    /// @param what the bytes are, such as `row`
    static String describe(byte[] bytes, int from, int length, int at, String what) {
        String place = "byte " + (at - from + 1) + " of the " + what;
        String meant = meant(bytes, from, length, at);
        return meant.isEmpty() ? place : place + ", probably " + meant + GUESS;
    }

    /// Whether [#describe] guessed Windows-1252 in this text.
    public static boolean isWindows1252(String described) {
        return described.endsWith(GUESS);
    }

    /// The character that a byte stands for in Windows-1252; empty where the bytes are something else: UTF-8 that is
    /// broken, or text of another script.
    public static String meant(byte[] bytes, int from, int length, int at) {
        int b = bytes[at] & 0xFF;
        int next = at + 1 < from + length ? bytes[at + 1] & 0xFF : 0;
        boolean brokenUtf8 = b >= 0xC0 && next >= 0x80 && next < 0xC0 && !isMark(next);
        if (b == 0xFF || brokenUtf8 || hasUtf8(bytes, from, length) || isForeign(bytes, from, length)) {
            return "";
        }
        try {
            String text = GUESSED.newDecoder()
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, at, 1))
                    .toString();
            return text.isBlank() || Character.isISOControl(text.charAt(0)) ? "" : text;
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    /// The index of the first byte that is not UTF-8; -1 if all are.
    public static int firstBad(byte[] bytes, int from, int length) {
        return Utf8.decode(bytes, from, length) == null ? from + Utf8.firstBadByte(bytes, from, length) - 1 : -1;
    }

    /// Whether some characters are UTF-8 of several bytes: then the bytes are a mixture.
    public static boolean hasUtf8(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            int b = bytes[i] & 0xFF;
            int more = b >= 0xC2 && b < 0xE0 ? 1 : b >= 0xE0 && b < 0xF0 ? 2 : b >= 0xF0 && b < 0xF5 ? 3 : 0;
            int found = 0;
            while (found < more && i + found + 1 < from + length && (bytes[i + found + 1] & 0xC0) == 0x80) {
                found++;
            }
            if (more > 0 && found == more && !(more == 1 && isMark(bytes[i + 1] & 0xFF))) {
                return true;
            }
        }
        return false;
    }

    /// An ellipsis, a quote or a dash in Windows-1252: after an accented letter, as in `café’s` or `“Süß”`, it looks
    /// like
    /// UTF-8, whole or broken.
    private static boolean isMark(int b) {
        return b == 0x85 || (b >= 0x91 && b <= 0x97);
    }

    /// Text in a Latin script has more plain letters than accented ones.
    private static boolean isForeign(byte[] bytes, int from, int length) {
        int high = 0;
        int letters = 0;
        for (int i = from; i < from + length; i++) {
            high += bytes[i] < 0 ? 1 : 0;
            letters += Character.isLetter(bytes[i] & 0x7F) && bytes[i] >= 0 ? 1 : 0;
        }
        return high > letters;
    }

    /// The command that makes a UTF-8 copy of a file.
    ///
    /// @param charset as `iconv` spells it
    public static String command(String file, String charset) {
        boolean zipped = file.toLowerCase(Locale.ROOT).endsWith(".gz");
        String plain = zipped ? file.substring(0, file.length() - 3) : file;
        int dot = plain.lastIndexOf('.');
        String copy = dot > 0 ? plain.substring(0, dot) + "-utf8" + plain.substring(dot) : plain + "-utf8";
        String iconv = "iconv -f " + charset + " -t UTF-8";
        return zipped
                ? "gunzip -c " + quoted(file) + " | " + iconv + " > " + quoted(copy)
                : iconv + " " + quoted(file) + " > " + quoted(copy);
    }

    /// A file's name as a shell takes it.
    static String quoted(String file) {
        return file.matches("[A-Za-z0-9._/-]+") ? file : "'" + file.replace("'", "'\\''") + "'";
    }
}
