package io.pairbatch.spec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What people get when they copy JSON out of a text program or a program's source, and what to write instead. Holds
/// the file, which is 1 MiB at most.
final class JsonSlips {

    private static final String CURLY = "“”„‟‘’‚‛«»‹›";
    private static final String SINGLE = "'`´";
    private static final List<String> PYTHON = List.of("True", "False", "None");
    private static final List<String> WORDS = List.of("true", "false", "null");
    /// What Word and web pages put in place of a blank.
    private static final String BLANKS = "\u00A0\u2007\u202F\u200B\uFEFF";

    private static final int CONTINUES = 0x80;

    /// A slip.
    ///
    /// @param at the index of its first byte
    /// @param found what stands there, without a quotation of the file
    /// @param expected what to write
    record Slip(int at, String found, String expected) {}

    private final String text;

    private JsonSlips(String text) {
        this.text = text;
    }

    /// The first slip in a file that is not JSON; empty if it has none of those that are known here.
    static Optional<Slip> in(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return Optional.of(notUtf8(bytes));
        }
        return new JsonSlips(text).first();
    }

    private static Slip notUtf8(byte[] bytes) {
        String readable = new String(bytes, StandardCharsets.UTF_8);
        String before = readable.substring(0, Math.max(0, readable.indexOf('\uFFFD')));
        int index = before.getBytes(StandardCharsets.UTF_8).length;
        return new Slip(
                index,
                "the byte 0x" + String.format(Locale.ROOT, "%02X", bytes[index]) + ", which is not UTF-8",
                "JSON in UTF-8, with straight quotes (\"): save the file in that encoding");
    }

    private Optional<Slip> first() {
        int string = -1;
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (sign == '"') {
                string = i;
                i = endOfString(i);
            } else if (CURLY.indexOf(sign) >= 0) {
                return curly(i);
            } else if (SINGLE.indexOf(sign) >= 0) {
                return slip(
                        i,
                        "a single quote (" + sign + ") around a name or text",
                        "straight double quotes (\")" + " around each, as Python's json.dumps() writes them");
            } else if (BLANKS.indexOf(sign) >= 0) {
                return slip(
                        i,
                        "a blank of another kind (" + String.format(Locale.ROOT, "U+%04X", (int) sign)
                                + "), as text programs put it in",
                        "plain blanks between the fields");
            } else if (Character.isLetter(sign)) {
                String word = word(i);
                if (PYTHON.contains(word)) {
                    return slip(i, "`" + word + "`, as Python writes it", "`true`, `false` or `null`");
                }
                if (!WORDS.contains(word) && !isExponent(i)) {
                    return unquoted(i, string);
                }
                i += word.length() - 1;
            } else if (sign == '/' || sign == '#') {
                return slip(i, "a comment", "no comments: JSON has none");
            }
        }
        return Optional.empty();
    }

    /// A string that was opened straight and closed curly ends at the next straight quote, and a word follows.
    private Optional<Slip> unquoted(int i, int string) {
        if (string >= 0) {
            for (int k = string + 1; k < i; k++) {
                if (CURLY.indexOf(text.charAt(k)) >= 0) {
                    return curly(k);
                }
            }
        }
        return slip(i, "a name or text without quotes", "straight double quotes (\") around each name and text");
    }

    private Optional<Slip> curly(int i) {
        return slip(
                i,
                "a curly quote (" + text.charAt(i) + "), as Word writes it",
                "straight double quotes (\") around each name and text; text programs bend them, plain editors do not");
    }

    private Optional<Slip> slip(int i, String found, String expected) {
        int at = text.substring(0, i).getBytes(StandardCharsets.UTF_8).length;
        return Optional.of(new Slip(at, found, expected));
    }

    private int endOfString(int begin) {
        for (int i = begin + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i;
            }
        }
        return text.length();
    }

    private String word(int begin) {
        int end = begin;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return text.substring(begin, end);
    }

    /// As in `1e5`.
    private boolean isExponent(int i) {
        return "eE".indexOf(text.charAt(i)) >= 0 && i > 0 && "0123456789.".indexOf(text.charAt(i - 1)) >= 0;
    }

    /// The line and the column, in letters, of a byte.
    static String place(byte[] bytes, int at) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                line++;
                column = 1;
            } else if ((bytes[i] & 0xC0) != CONTINUES) {
                column++;
            }
        }
        return "line " + line + ", column " + column;
    }
}
