package io.pairbatch.prompt;

/// How many bytes a template's prompts have in UTF-8: those of the template with the trait filled in but without the
/// placeholders of the samples, and of both texts as often as they appear in it.
///
/// @param fixed the bytes without the texts
/// @param firsts how often the first text appears
/// @param seconds how often the second text appears
public record PromptSize(long fixed, int firsts, int seconds) {

    /// The size of the prompts of a template.
    ///
    /// @throws IllegalArgumentException if the template lacks a placeholder
    public static PromptSize of(String template, Trait trait) {
        long fixed = 0;
        int firsts = 0;
        int seconds = 0;
        for (PromptTemplate.Piece piece : PromptTemplate.of(template, trait).pieces()) {
            switch (piece) {
                case PromptTemplate.Piece.Literal literal -> fixed += utf8(literal.text());
                case PromptTemplate.Piece.Sample sample -> {
                    firsts += sample.position() == 1 ? 1 : 0;
                    seconds += sample.position() == 2 ? 1 : 0;
                }
            }
        }
        return new PromptSize(fixed, firsts, seconds);
    }

    /// The bytes of one pair's prompt.
    public long with(String text1, String text2) {
        return with(utf8(text1), utf8(text2));
    }

    /// The same of texts of so many bytes.
    public long with(long text1, long text2) {
        return fixed + firsts * text1 + seconds * text2;
    }

    /// Bytes of a text in UTF-8, without encoding it.
    public static long utf8(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
