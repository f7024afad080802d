package io.pairbatch.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizesTest {

    @Test
    void sizesHaveThreeDigitsAtMost() {
        assertThat(Sizes.of(0)).isEqualTo("0 B");
        assertThat(Sizes.of(999)).isEqualTo("999 B");
        assertThat(Sizes.of(1_234)).isEqualTo("1.2 kB");
        assertThat(Sizes.of(412_345)).isEqualTo("412 kB");
        assertThat(Sizes.of(999_999)).isEqualTo("1.0 MB");
        assertThat(Sizes.of(5_000_000_000L)).isEqualTo("5.0 GB");
    }
}
