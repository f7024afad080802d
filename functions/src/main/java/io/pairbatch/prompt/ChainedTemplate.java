package io.pairbatch.prompt;

import java.util.Optional;

/// A template that is filled in four passes over the whole text, in the order of [Placeholder]; each pass replaces all
/// occurrences literally. Text inserted by one pass is read again by the next ones: `{SAMPLE_2}` inside the first text
/// becomes the second text (contract 3.1). Gives the same as [PromptTemplate] if no value holds a placeholder.
public final class ChainedTemplate {

    /// The placeholder of the second text in [#withFirst].
    public static final String SECOND = Placeholder.SAMPLE_2.token();

    private static final String FIRST = Placeholder.SAMPLE_1.token();

    private final String withTrait;
    private final long firsts;

    private ChainedTemplate(String withTrait) {
        this.withTrait = withTrait;
        this.firsts = occurrences(withTrait);
    }

    /// The template after its first two passes.
    public static ChainedTemplate of(String template, Trait trait) {
        return new ChainedTemplate(template.replace(Placeholder.TRAIT_NAME.token(), trait.name())
                .replace(Placeholder.TRAIT_DESCRIPTION.token(), trait.description()));
    }

    /// The prompt after its third pass: every [#SECOND] in it marks the place of the second text.
    ///
    /// @param maxChars the maximum length
    /// @return empty if it would be longer
    public Optional<String> withFirst(String text1, long maxChars) {
        long length = withTrait.length() + firsts * (text1.length() - FIRST.length());
        return length > maxChars ? Optional.empty() : Optional.of(withTrait.replace(FIRST, text1));
    }

    private static long occurrences(String text) {
        long count = 0;
        for (int at = text.indexOf(FIRST); at >= 0; at = text.indexOf(FIRST, at + FIRST.length())) {
            count++;
        }
        return count;
    }
}
