package io.pairbatch.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.Answer;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTableTest {

    private final PriceTable prices = PriceTable.bundled();

    @Test
    void aMillionTokensCostWhatTheTableSays() {
        assertThat(prices.batchCost("gpt-4.1", tokens(1_000_000L, null, 1_000_000L)))
                .isEqualByComparingTo("5.00");
        assertThat(prices.standardCost("gpt-4.1", tokens(1_000_000L, null, 1_000_000L)))
                .isEqualByComparingTo("10.00");
    }

    @Test
    void cachedInputHasItsOwnPriceWhereOneIsKnown() {
        assertThat(prices.standardCost("gpt-4.1", tokens(1000L, 400L, 0L))).isEqualByComparingTo("0.0014");
        assertThat(prices.batchCost("gpt-4.1", tokens(1000L, 400L, 0L))).isEqualByComparingTo("0.001");
    }

    @Test
    void costsAreExact() {
        assertThat(prices.batchCost("gpt-5-mini", tokens(1L, null, 1L))).isEqualTo(new BigDecimal("0.000001125"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4.1-2025-04-14", "gpt-4.1-20250414", "gpt-4.1"})
    void aDatedNameHasThePriceOfItsModel(String model) {
        assertThat(prices.batchCost(model, tokens(1_000_000L, null, 0L))).isEqualByComparingTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4.1-mini",
                "gpt-4.1-mini-2025-04-14",
                "gpt-4.1-2025",
                "gpt-4.12",
                "gpt-4",
                "ft:gpt-4.1:x",
                "",
                "-2025-04-14"
            })
    void anUnknownModelHasNoPrice(String model) {
        assertThat(prices.batchCost(model, tokens(1L, 1L, 1L))).isNull();
    }

    @Test
    void theLongerNameWins() {
        assertThat(prices.batchCost("gpt-5-mini-2025-08-07", tokens(1_000_000L, null, 0L)))
                .isEqualByComparingTo("0.125");
        assertThat(prices.batchCost("gpt-5-2025-08-07", tokens(1_000_000L, null, 0L)))
                .isEqualByComparingTo("0.625");
    }

    @Test
    void anAnswerWithoutTokensHasNoCost() {
        assertThat(prices.batchCost("gpt-4.1", tokens(null, null, 5L))).isNull();
        assertThat(prices.batchCost("gpt-4.1", tokens(5L, null, null))).isNull();
        assertThat(prices.batchCost(null, tokens(5L, null, 5L))).isNull();
    }

    @Test
    void theTableSaysOfWhenItIs() {
        assertThat(prices.date()).isAfter(LocalDate.of(2026, 1, 1));
        assertThat(prices.source()).isNotBlank();
    }

    private static Answer tokens(@Nullable Long prompt, @Nullable Long cached, @Nullable Long completion) {
        Answer.Tokens tokens = new Answer.Tokens(prompt, completion, null, cached, null, null);
        return new Answer(null, null, null, null, null, null, null, null, null, tokens, null, null, null);
    }
}
