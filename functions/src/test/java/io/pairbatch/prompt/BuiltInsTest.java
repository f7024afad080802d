package io.pairbatch.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.Placeholder;
import io.pairbatch.job.Trait;
import org.junit.jupiter.api.Test;

class BuiltInsTest {

    @Test
    void theDefaultTemplateHoldsWhatTheContractAsksFor() {
        String template = BuiltIns.template("default").orElseThrow();
        assertThat(Placeholder.missingIn(template)).isEmpty();
        assertThat(template).doesNotEndWith("\n");
        assertThat(template.length()).isBetween(700, 1300);
        assertThat(template.indexOf("=== SAMPLE_1 ===")).isLessThan(template.indexOf("=== SAMPLE_2 ==="));
        assertThat(template)
                .contains("<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>")
                .contains("<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>");
        assertThat(BuiltIns.template("test1")).isEmpty();
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
