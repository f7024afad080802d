package io.pairbatch.text;

/// What a text consists of. Strings from JSON may hold half a surrogate pair (`"\ud800"`), which a UTF-8 file cannot.
public final class Unicode {

    private static final char REPLACEMENT = '\uFFFD';

    /// Letters and signs that show nothing: the Hangul fillers and the empty Braille pattern.
    private static final String UNSEEN = "\u115F\u1160\u3164\uFFA0\u2800";

    private Unicode() {}

    /// Whether a reader sees nothing of a text: it is empty, or holds only blanks of any kind, characters without a
    /// width, and control characters.
    public static boolean isBlank(String text) {
        return text.chars()
                .allMatch(c -> Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT
                        || UNSEEN.indexOf(c) >= 0);
    }

    /// `text` with each lone surrogate replaced by U+FFFD; the same object if there is none.
    public static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return repaired(text);
            }
        }
        return text;
    }

    private static String repaired(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int codePoint = text.codePointAt(i);
            if (Character.isSupplementaryCodePoint(codePoint)) {
                out.appendCodePoint(codePoint);
                i++;
            } else {
                out.append(Character.isSurrogate((char) codePoint) ? REPLACEMENT : (char) codePoint);
            }
        }
        return out.toString();
    }
}
