package io.pairbatch.results;

import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.TagMode;

/// Whether a text holds what an answer is read by, in the spellings that the job reads: a judge that quotes it is then
/// misread.
public final class TagsInTexts {

    /// How each tag begins, to leave most texts out quickly; empty where a tag may be spelled otherwise.
    private final String beginning;

    private final WinnerTags tags;

    private TagsInTexts(String beginning, WinnerTags tags) {
        this.beginning = beginning;
        this.tags = tags;
    }

    public static TagsInTexts of(AnswerRules rules) {
        boolean letterByLetter = rules.labels().isEmpty() && rules.tagMode() != TagMode.TOLERANT;
        return new TagsInTexts(
                letterByLetter ? rules.tagPrefix() + "SAMPLE_" : "", WinnerTags.of(rules, rules.tagMode()));
    }

    public boolean in(String text) {
        return text.contains(beginning) && tags.in(text) != null;
    }
}
