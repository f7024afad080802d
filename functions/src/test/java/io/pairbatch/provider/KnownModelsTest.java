package io.pairbatch.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.provider.catalog.Providers;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Which names are known, and which are taken for a slip.
class KnownModelsTest {

    private static final KnownModels OPENAI = Providers.of(Backend.OPENAI).known();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4.1-mini",
                "GPT-4.1",
                "gpt-4.1-2025-04-14",
                "gpt-4.5-preview-2025-02-27",
                "gpt-4-0613",
                "ft:gpt-4.1-mini-2025-04-14:lab::x1"
            })
    void aModelIsKnownWithItsDateOrItsOwner(String model) {
        assertThat(OPENAI.has(model)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4.1-mni, gpt-4.1-mini",
        "gtp-5-mini, gpt-5-mini",
        "gpt4.1, gpt-4.1",
        "gtp-4.1, gpt-4.1",
        "o4mini, o4-mini"
    })
    void aSlipIsMendedByTheNearestName(String model, String nearest) {
        assertThat(OPENAI.has(model)).isFalse();
        assertThat(OPENAI.nearest(model)).contains(nearest);
    }

    @Test
    void anotherNameIsLikeNone() {
        assertThat(OPENAI.nearest("llama-4-maverick")).isEmpty();
        assertThat(Providers.of(Backend.ANTHROPIC).known().has("claude-sonnet-4-5-20250929"))
                .isTrue();
        assertThat(Providers.of(Backend.GEMINI).known().has("models/gemini-2.5-flash-001"))
                .isTrue();
    }

    @Test
    void whatHasAPriceIsKnown() throws Exception {
        try (InputStream prices = PriceTable.class.getResourceAsStream("prices.json")) {
            assertThat(JsonMapper.shared()
                            .readTree(Objects.requireNonNull(prices))
                            .required("models")
                            .propertyNames())
                    .isNotEmpty()
                    .allMatch(name -> java.util.Arrays.stream(Backend.values())
                            .anyMatch(backend -> Providers.of(backend).known().has(name)));
        }
    }
}
