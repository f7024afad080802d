package io.pairbatch.spec;

import io.pairbatch.prompt.Trait;
import io.pairbatch.text.Hex;

/// What is asked about each pair, and how the answer is read (contract 3).
///
/// @param template the template's text, with all four placeholders
/// @param tagPrefix the text before `SAMPLE_1` or `SAMPLE_2` in a valid answer
/// @param tagSuffix the text after it
public record Prompt(
        Trait trait,
        String template,
        Substitution substitution,
        String tagPrefix,
        String tagSuffix,
        TagMode tagMode,
        Ambiguous ambiguous) {

    private static final int DIGITS = 16;

    /// What the rules by which the winner is read out of an answer are known by: 16 hex digits.
    public String tagRules() {
        return tagRules(tagPrefix, tagSuffix, tagMode, ambiguous);
    }

    /// What such rules are known by.
    public static String tagRules(String tagPrefix, String tagSuffix, TagMode tagMode, Ambiguous ambiguous) {
        return Hex.sha256(String.join("\n", tagPrefix, tagSuffix, tagMode.rules(), ambiguous.code()))
                .substring(0, DIGITS);
    }

    static Prompt of(FieldValues values) {
        return new Prompt(
                new Trait(values.get(JobFields.TRAIT_NAME), values.get(JobFields.TRAIT_DESCRIPTION)),
                values.get(JobFields.PROMPT_TEMPLATE),
                values.get(JobFields.SUBSTITUTION),
                values.get(JobFields.TAG_PREFIX),
                values.get(JobFields.TAG_SUFFIX),
                values.get(JobFields.TAG_MODE),
                values.get(JobFields.AMBIGUOUS));
    }
}
