package io.pairbatch.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({
        "1000, , , 100, 0.00225",
        "0, 1000, , 0, 0.00015",
        "0, , 1000, 0, 0.001875",
        "200, 5000, 300, 40, 0.0019125",
        "0, 0, 0, 0, 0"
    })
    void claudeCountsWhatTheCacheReadsAndTakesApart(
            long input, @Nullable Long read, @Nullable Long written, long output, BigDecimal usd) {
        Answer.Tokens tokens = new Answer.Tokens(input, output, null, read, written, 90L);
        assertThat(prices.batchCost("claude-sonnet-4-5-20250929", answer(tokens)))
                .isEqualByComparingTo(usd);
        assertThat(prices.standardCost("claude-sonnet-4-5", answer(tokens)))
                .isEqualByComparingTo(usd.multiply(BigDecimal.TWO));
    }

    @Test
    void aPromptThatIsLongerThanThePricesAreValidForHasNoCost() {
        assertThat(prices.batchCost(
                        "claude-haiku-5-5", answer(new Answer.Tokens(100_000L, 0L, null, null, null, null))))
                .isEqualByComparingTo("0.005");
        assertThat(prices.batchCost(
                        "claude-haiku-5-5", answer(new Answer.Tokens(60_000L, 0L, null, 40_001L, 0L, null))))
                .isNull();
    }

    @Test
    void thoughtsOfGeminiAreOutputBesideTheAnswer() {
        // 800 × 0.375 + (6 + 30) × 1.875, per million
        assertThat(prices.batchCost("gemini-3.8-flash", answer(new Answer.Tokens(800L, 6L, 836L, null, null, 30L))))
                .isEqualByComparingTo("0.0003675");
        // (800 − 500) × 0.375 + 500 × 0.0375 + 6 × 1.875, per million
        assertThat(prices.batchCost("gemini-3.8-flash", answer(new Answer.Tokens(800L, 6L, 806L, 500L, null, null))))
                .isEqualByComparingTo("0.0001425");
        assertThat(prices.standardCost("gemini-3.8-flash", answer(new Answer.Tokens(800L, 6L, 836L, null, null, 30L))))
                .isEqualByComparingTo("0.000735");
    }

    @Test
    void whatGeminiDoesNotCountIsZeroIfThereIsATotal() {
        assertThat(prices.batchCost("gemini-3.8-flash", answer(new Answer.Tokens(800L, null, 830L, null, null, 30L))))
                .isEqualByComparingTo("0.00035625");
        assertThat(prices.batchCost("gemini-3.8-flash", answer(new Answer.Tokens(800L, null, 800L, null, null, null))))
                .isEqualByComparingTo("0.0003");
        assertThat(prices.batchCost("gemini-3.8-flash", answer(new Answer.Tokens(800L, null, null, null, null, 30L))))
                .isNull();
    }

    @Test
    void aPromptOfGeminiBeyondThePricesHasNoCost() {
        assertThat(prices.batchCost("gemini-2.5-pro", answer(new Answer.Tokens(200_000L, 0L, null, null, null, null))))
                .isEqualByComparingTo("0.125");
        assertThat(prices.batchCost("gemini-2.5-pro", answer(new Answer.Tokens(200_001L, 0L, null, null, null, null))))
                .isNull();
    }

    @Test
    void eachProviderHasACheapestModelOfItsOwn() {
        assertThat(prices.cheapest(Backend.OPENAI)).contains("gpt-6-luna");
        assertThat(prices.cheapest(Backend.ANTHROPIC)).get().asString().startsWith("claude-");
        assertThat(prices.cheapest(Backend.GEMINI)).get().asString().startsWith("gemini-");
    }

    @Test
    void theTableHasADate() {
        assertThat(prices.date()).isAfter(LocalDate.of(2026, 1, 1));
        assertThat(prices.source()).isNotBlank();
    }

    private static Answer tokens(@Nullable Long prompt, @Nullable Long cached, @Nullable Long completion) {
        Answer.Tokens tokens = new Answer.Tokens(prompt, completion, null, cached, null, null);
        return answer(tokens);
    }

    private static Answer answer(Answer.Tokens tokens) {
        return new Answer(null, null, null, null, null, null, null, null, null, tokens, null, null, null);
    }
}
