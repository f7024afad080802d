package io.pairbatch.spec;

import io.pairbatch.prompt.Trait;

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
