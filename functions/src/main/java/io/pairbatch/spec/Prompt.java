package io.pairbatch.spec;

import io.pairbatch.prompt.Trait;

/// What is asked about each pair, and how the answer is read (contract 3).
///
/// @param template the template's text, with all four placeholders
public record Prompt(Trait trait, String template, Substitution substitution, AnswerRules rules) {

    static Prompt of(FieldValues values) {
        return new Prompt(
                new Trait(values.get(JobFields.TRAIT_NAME), values.get(JobFields.TRAIT_DESCRIPTION)),
                values.get(JobFields.PROMPT_TEMPLATE),
                values.get(JobFields.SUBSTITUTION),
                AnswerRules.of(values));
    }
}
