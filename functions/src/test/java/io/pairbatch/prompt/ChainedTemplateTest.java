package io.pairbatch.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChainedTemplateTest {

    @Test
    void everyPassReadsTheTextInsertedByEarlierOnes() {
        ChainedTemplate template = ChainedTemplate.of(
                "{TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_{SAMPLE_1}}{SAMPLE_2}",
                new Trait("{TRAIT_DESCRIPTION}", "d{TRAIT_NAME}"));
        assertThat(template.withFirst("2", 1000)).contains("d{TRAIT_NAME}d{TRAIT_NAME}{SAMPLE_2}{SAMPLE_2}");
    }

    @Test
    void aPromptThatIsTooLongIsNotBuilt() {
        ChainedTemplate template = ChainedTemplate.of("{SAMPLE_1}".repeat(100_000), new Trait("n", "d"));
        assertThat(template.withFirst("x".repeat(1 << 20), 32 << 20)).isEmpty();
        assertThat(template.withFirst("xy", 200_000))
                .hasValueSatisfying(text -> assertThat(text).hasSize(200_000));
        assertThat(template.withFirst("xy", 199_999)).isEmpty();
    }
}
