package io.pairbatch.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltInsTest {

    @Test
    void thereAreSixTemplates() {
        assertThat(BuiltIns.templates()).containsExactly("default", "test1", "test2", "test3", "test4", "test5");
        assertThat(BuiltIns.template("test6")).isEmpty();
        assertThat(BuiltIns.templates().stream().map(BuiltIns::template).distinct())
                .hasSize(6);
    }

    /// Contract 3.2: a heading with its name for each text, position 1 first, then the procedure, and at the very end
    /// exactly the two tags.
    @ParameterizedTest
    @ValueSource(strings = {"default", "test1", "test2", "test3", "test4", "test5"})
    void everyTemplateHoldsWhatTheContractRequires(String name) {
        String template = BuiltIns.template(name).orElseThrow();
        assertThat(Placeholder.missingIn(template)).isEmpty();
        assertThat(template).doesNotEndWith("\n").doesNotContain("\r");
        assertThat(template.length()).isBetween(900, 1200);
        for (Placeholder placeholder : Placeholder.values()) {
            assertThat(template).containsOnlyOnce(placeholder.token());
        }
        assertThat(template)
                .containsSubsequence(
                        "{TRAIT_NAME}",
                        "{TRAIT_DESCRIPTION}",
                        "SAMPLE_1",
                        "{SAMPLE_1}",
                        "SAMPLE_2",
                        "{SAMPLE_2}",
                        "<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>\n<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>");
        assertThat(template.toLowerCase(Locale.ROOT))
                .containsPattern("impartial|neutral|fair|without taking sides|even-handed")
                .containsPattern("silently|without writing|to yourself|in your head|write nothing")
                .containsPattern("first|order");
    }

    @Test
    void builtInTraitsHaveALabelAndOneSentence() {
        for (String key : new String[] {"overall_quality", "organization"}) {
            Trait trait = BuiltIns.trait(key).orElseThrow();
            assertThat(trait.name()).isNotEqualTo(key);
            assertThat(trait.description()).endsWith(".").doesNotContain(". ");
        }
        assertThat(BuiltIns.trait("wit")).isEmpty();
    }

    @Test
    void fillsEachPlaceInOnePass() {
        PromptTemplate template = PromptTemplate.of(
                "{SAMPLE_2}{TRAIT_NAME}{SAMPLE_1}{TRAIT_DESCRIPTION}{", new Trait("{SAMPLE_1}", "$1"));
        assertThat(template.fill("{SAMPLE_2}", "b")).isEqualTo("b{SAMPLE_1}{SAMPLE_2}$1{");
        assertThat(template.pieces()).hasSize(4);
    }

    @Test
    void aMissingPlaceholderIsNamedInContractOrder() {
        assertThatThrownBy(() -> PromptTemplate.of("{SAMPLE_1}", new Trait("n", "d")))
                .hasMessage("The template lacks {TRAIT_NAME}, {TRAIT_DESCRIPTION}, {SAMPLE_2}");
    }
}
