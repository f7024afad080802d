package io.pairbatch.text;

/// Strings from JSON may hold half a surrogate pair (`"\ud800"`), which a UTF-8 file cannot.
public final class Unicode {

    private static final char REPLACEMENT = '\uFFFD';

    private Unicode() {}

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
