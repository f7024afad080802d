package io.pairbatch.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.prompt.PromptTemplate.Piece;
import org.junit.jupiter.api.Test;

/// Substitution is literal, and only the template's own placeholders are filled (contract 3.1).
class PromptTemplateTest {

    private static final Trait TRAIT = new Trait("Clarity", "How {clear} it is: $1 \\1 {SAMPLE_1}");

    @Test
    void theTemplateIsCutAtItsSamples() {
        PromptTemplate template =
                PromptTemplate.of("{TRAIT_NAME}. {TRAIT_DESCRIPTION}!\n{SAMPLE_1}{SAMPLE_2} {x} {", TRAIT);
        assertThat(template.pieces())
                .containsExactly(
                        new Piece.Literal("Clarity. How {clear} it is: $1 \\1 {SAMPLE_1}!\n"),
                        new Piece.Sample(1),
                        new Piece.Sample(2),
                        new Piece.Literal(" {x} {"));
    }

    @Test
    void eachTextGoesToItsPositionUnchanged() {
        PromptTemplate template =
                PromptTemplate.of("{SAMPLE_2}|{SAMPLE_1}|{SAMPLE_2}{TRAIT_NAME}{TRAIT_DESCRIPTION}", TRAIT);
        assertThat(template.fill("{SAMPLE_2}", "$0 {TRAIT_NAME} \\"))
                .isEqualTo("$0 {TRAIT_NAME} \\|{SAMPLE_2}|$0 {TRAIT_NAME} \\Clarity" + TRAIT.description());
    }
}
