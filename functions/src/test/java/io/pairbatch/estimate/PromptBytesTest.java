package io.pairbatch.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptBytesTest {

    @Test
    void aPartIsExtrapolated() {
        assertThat(new PromptBytes(10, 1_000, 250).scaledTo(4)).isEqualTo(new PromptBytes(4, 400, 100));
        assertThat(new PromptBytes(10, 1_001, 250).scaledTo(10)).isEqualTo(new PromptBytes(10, 1_001, 250));
    }
}
