package io.pairbatch.pairs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What bytes that are not UTF-8 probably are, and the command that converts them.
public final class Encoding {

    /// What Excel on Windows saves as "CSV".
    public static final String WINDOWS_1252 = "WINDOWS-1252";

    /// What old programs on a Mac save, as `iconv` calls it.
    public static final String MAC_ROMAN = "MACINTOSH";

    /// Before the charset in [#describe], for a character that was guessed.
    private static final String IN = " in ";

    private static final String WINDOWS_WORD = "Windows-1252";
    private static final String MAC_WORD = "Mac OS Roman";
    private static final String JAVA_MAC_ROMAN = "x-MacRoman";

    private static final Charset GUESSED = Charset.forName(WINDOWS_1252);

    /// The accented letters of Mac OS Roman, from 0x80 on. In Windows-1252 these bytes are signs and a few letters.
    private static final String MAC_LETTERS = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü";

    /// Those of Windows-1252 that may stand within a word or at its ends: quotes, dashes, the ellipsis, and `š`, `œ`,
    /// `ž`.
    private static final String FITS_BOTH = "\u0085\u0091\u0092\u0093\u0094\u0096\u0097\u009A\u009C\u009E";

    private static final int MAC_CAPITALS = 0x86;
    private static final int MAC_END = 0xA0;
    private static final int MAC_SHARP_S = 0xA7;
    private static final int MAC_QUOTES = 0xD2;
    private static final int MAC_LAST_QUOTE = 0xD5;
    private static final int WINDOWS_LETTERS = 0xC0;
    private static final int WINDOWS_SMALL = 0xDF;

    /// What bytes probably are.
    ///
    /// @param charset as `iconv` spells it; empty where nobody can tell
    /// @param meant the character at the byte that was asked about; empty likewise
    /// @param either whether the bytes make sense in both of the charsets that are known here
    public record Guess(String charset, String meant, boolean either) {

        private static final Guess NONE = new Guess("", "", false);
    }

    private Encoding() {}

    /// Where bytes stop being UTF-8, and the character that was probably meant there.
    ///
    /// @param at the index of the first byte that is not UTF-8
    /// @param from the index of the first byte, which counts as byte 1
    /// @param what the bytes are, such as `row`
    static String describe(byte[] bytes, int from, int length, int at, String what) {
        String place = "byte " + (at - from + 1) + " of the " + what;
        Guess guess = guess(bytes, from, length, at);
        return guess.charset().isEmpty()
                ? place
                : place + ", probably " + guess.meant() + IN
                        + (guess.charset().equals(MAC_ROMAN) ? MAC_WORD : WINDOWS_WORD);
    }

    /// The charset that [#describe] guessed in this text, as `iconv` spells it; empty if it guessed none.
    public static String charsetOf(String described) {
        if (described.endsWith(IN + MAC_WORD)) {
            return MAC_ROMAN;
        }
        return described.endsWith(IN + WINDOWS_WORD) ? WINDOWS_1252 : "";
    }

    /// What a byte stands for in Windows-1252 or in Mac OS Roman, whichever makes words of the bytes around it; nothing
    /// where they are something else: UTF-8 that is broken, or text of another script.
    public static Guess guess(byte[] bytes, int from, int length, int at) {
        int b = bytes[at] & 0xFF;
        int next = at + 1 < from + length ? bytes[at + 1] & 0xFF : 0;
        boolean brokenUtf8 = b >= 0xC0 && next >= 0x80 && next < 0xC0 && !isMark(next);
        if (b == 0xFF || brokenUtf8 || hasUtf8(bytes, from, length) || isForeign(bytes, from, length)) {
            return Guess.NONE;
        }
        boolean windows = false;
        boolean mac = false;
        for (int i = from; i < from + length; i++) {
            if (bytes[i] < 0) {
                mac |= isMac(bytes, from, length, i);
                windows |= isWindows(bytes, from, length, i);
            }
        }
        if (mac == windows) {
            return new Guess("", "", true);
        }
        String meant = mac ? mac(b) : windows(b);
        return meant.isEmpty() ? Guess.NONE : new Guess(mac ? MAC_ROMAN : WINDOWS_1252, meant, false);
    }

    /// What makes sense in Mac OS Roman, and in Windows-1252 would be a sign or a capital within a word.
    private static boolean isMac(byte[] bytes, int from, int length, int i) {
        int b = bytes[i] & 0xFF;
        boolean before = isLower(bytes, from, length, i - 1);
        boolean after = isLower(bytes, from, length, i + 1);
        if (b >= MAC_END) {
            return !mac(b).isEmpty() && (before || (b == MAC_SHARP_S && after));
        }
        if (b <= MAC_CAPITALS) {
            return after && !before && FITS_BOTH.indexOf(b) < 0;
        }
        return FITS_BOTH.indexOf(b) < 0 && (before || (after && windows(b).isEmpty()));
    }

    /// What makes sense in Windows-1252, and in Mac OS Roman would be a letter where none stands. An apostrophe does,
    /// as in `it’s`, `l’homme` and `students’`, where it is no `í`.
    private static boolean isWindows(byte[] bytes, int from, int length, int i) {
        int b = bytes[i] & 0xFF;
        boolean before = isLower(bytes, from, length, i - 1);
        boolean after = isLower(bytes, from, length, i + 1);
        if (b >= WINDOWS_SMALL) {
            return true;
        }
        if (b >= WINDOWS_LETTERS) {
            return !before && !(b >= MAC_QUOTES && b <= MAC_LAST_QUOTE);
        }
        if (b >= MAC_END) {
            return before == after;
        }
        if (windows(b).isEmpty()) {
            return false;
        }
        if (!before && !after) {
            return true;
        }
        return switch (b) {
            case 0x92 ->
                after
                        ? !isLower(bytes, from, length, i + 2) || !isLower(bytes, from, length, i - 2)
                        : bytes[i - 1] == 's';
            case 0x91, 0x93 -> !before;
            case 0x85, 0x94 -> !after;
            default -> false;
        };
    }

    private static boolean isLower(byte[] bytes, int from, int length, int i) {
        return i >= from && i < from + length && bytes[i] >= 'a' && bytes[i] <= 'z';
    }

    private static String mac(int b) {
        return switch (b) {
            case MAC_SHARP_S -> "ß";
            case 0xC7 -> "«";
            case 0xC8 -> "»";
            case 0xC9 -> "…";
            case 0xD0 -> "–";
            case 0xD1 -> "—";
            case 0xD2 -> "“";
            case 0xD3 -> "”";
            case 0xD4 -> "‘";
            case 0xD5 -> "’";
            default -> b < MAC_END ? String.valueOf(MAC_LETTERS.charAt(b - 0x80)) : "";
        };
    }

    private static String windows(int b) {
        try {
            String text = GUESSED.newDecoder()
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(new byte[] {(byte) b}))
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
    /// like UTF-8, whole or broken.
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
        boolean zipped = isZipped(file);
        String copy = copy(file, "-utf8");
        String iconv = "iconv -f " + charset + " -t UTF-8";
        return zipped
                ? "gunzip -c " + quoted(file) + " | " + iconv + " > " + quoted(copy)
                : iconv + " " + quoted(file) + " > " + quoted(copy);
    }

    /// The command that makes a copy of a file with a program that reads its standard input.
    ///
    /// @param mark what the copy's name has more
    static String filtered(String file, String program, String mark) {
        String to = " > " + quoted(copy(file, mark));
        return isZipped(file)
                ? "gunzip -c " + quoted(file) + " | " + program + to
                : program + " < " + quoted(file) + to;
    }

    private static boolean isZipped(String file) {
        return file.toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    /// The name of a copy that is not zipped.
    ///
    /// @param mark before the extension
    static String copy(String file, String mark) {
        String plain = isZipped(file) ? file.substring(0, file.length() - 3) : file;
        int dot = plain.lastIndexOf('.');
        return dot > plain.lastIndexOf('/') + 1 ? plain.substring(0, dot) + mark + plain.substring(dot) : plain + mark;
    }

    /// For people.
    ///
    /// @param charset as `iconv` spells it
    static String words(String charset) {
        return switch (charset) {
            case WINDOWS_1252 -> WINDOWS_WORD;
            case MAC_ROMAN -> MAC_WORD;
            default -> charset;
        };
    }

    /// What a character set is called here and by `iconv`.
    public static String iconv(Charset charset) {
        return charset.name().equals(JAVA_MAC_ROMAN)
                ? MAC_ROMAN
                : charset.name().toUpperCase(Locale.ROOT);
    }

    /// The character set.
    ///
    /// @param charset as `iconv` spells it
    static Charset of(String charset) {
        return Charset.forName(charset.equals(MAC_ROMAN) ? JAVA_MAC_ROMAN : charset);
    }

    /// That a file is in another character set; empty where it is UTF-8.
    ///
    /// @param charset as `iconv` spells it; null for UTF-8, empty if nobody can tell
    static String notUtf8(@Nullable String charset) {
        if (charset == null) {
            return "";
        }
        return charset.isEmpty() ? " in a file that is not UTF-8" : " in a file in " + words(charset) + ", not UTF-8";
    }

    /// As Python spells it.
    ///
    /// @param charset as `iconv` spells it
    static String python(String charset) {
        return switch (charset) {
            case WINDOWS_1252 -> "cp1252";
            case MAC_ROMAN -> "mac_roman";
            default -> charset.toLowerCase(Locale.ROOT);
        };
    }

    /// A file's name as a shell takes it.
    static String quoted(String file) {
        return file.matches("[A-Za-z0-9._/-]+") ? file : "'" + file.replace("'", "'\\''") + "'";
    }
}
