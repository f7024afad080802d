package io.pairbatch.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cost.CostBounds.Bound;
import io.pairbatch.cost.CostBounds.Seen;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.testing.JobFixture;
import java.math.BigDecimal;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostBoundsTest {

    private static final String CAPPED = "\"max_completion_tokens\": 10";
    private final PriceTable prices = PriceTable.bundled();

    /// Prices of gpt-4.1 in a batch: USD 1 and 4 for a million tokens, so 1,000 and 4,000 nano-USD for one.
    @Test
    void aTokenForEachByteAndAnAllowanceAndTheCapForEachRequestIsTheMost() throws Exception {
        assertThat(batches(CAPPED).of(500, 3, Seen.NOTHING))
                .isEqualTo(new Bound((500 + 3 * 64) * 1_000L + 3 * 10 * 4_000L, false));
    }

    @Test
    void whatWasSeenMakesTheBoundTighterAndNeverWider() throws Exception {
        // A token for each four bytes, and a quarter more.
        assertThat(batches(CAPPED).of(4_000, 1, new Seen(250_000, 77)).nano()).isEqualTo(1_250 * 1_000L + 40_000);
        assertThat(batches(CAPPED).of(4_000, 1, new Seen(2_000_000, 77)).nano()).isEqualTo(4_064 * 1_000L + 40_000);
    }

    @Test
    void withoutACapTheCostliestAnswerAndAQuarterMoreStandsForEachRequest() throws Exception {
        CostBounds open = batches("");
        assertThat(open.of(100, 1, Seen.NOTHING)).isEqualTo(new Bound(164_000, true));
        assertThat(open.of(100, 3, new Seen(250_000, 1_001))).isEqualTo(new Bound(3 * 1_252, false));
    }

    @Test
    void theLiveRequestCostsTheLivePrice() throws Exception {
        assertThat(CostBounds.ofLive(prices, JobFixture.spec(CAPPED))
                        .orElseThrow()
                        .of(100, 1, Seen.NOTHING))
                .isEqualTo(new Bound(164 * 2_000L + 10 * 8_000L, false));
    }

    @Test
    void inputThatMayBeWrittenToACacheCostsMore() throws Exception {
        String claude = "\"backend\": \"anthropic\", \"model\": \"claude-haiku-4-5\", \"max_tokens\": 1";
        long plain = batches(claude).of(1_000, 1, Seen.NOTHING).nano();
        long cached = batches(claude + ", \"cache_control\": {\"type\": \"ephemeral\"}")
                .of(1_000, 1, Seen.NOTHING)
                .nano();
        assertThat(cached - plain).isEqualTo(1_064 * 500L / 4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "model": "gpt-4.1"                                                                             |
            "model": "gpt-4.1", "max_completion_tokens": 300                                               | 300
            "model": "gpt-4.1", "max_tokens": 200                                                          | 200
            "model": "gpt-5.5", "reasoning": "low", "max_output_tokens": 900                               | 900
            "backend": "anthropic", "model": "claude-haiku-4-5"                                            | 768
            "backend": "anthropic", "model": "claude-haiku-4-5", "reasoning": "enabled"                    | 2048
            "backend": "anthropic", "model": "claude-haiku-4-5", "max_tokens": 50                          | 50
            "backend": "gemini", "model": "gemini-2.5-flash"                                               |
            "backend": "gemini", "model": "gemini-2.5-flash", "max_output_tokens": 100, "thinking_budget": 0 | 100
            "backend": "gemini", "model": "gemini-2.5-flash", "max_output_tokens": 100, "thinking_budget": 512 | 612
            "backend": "gemini", "model": "gemini-2.5-flash", "max_output_tokens": 100                     | 24676
            "backend": "gemini", "model": "gemini-3-pro-preview", "max_output_tokens": 100                 |
            """)
    void outputIsLimitedByWhatTheProviderCountsWithinItsLimitAndByThoughtsBesideIt(String fields, Long cap)
            throws Exception {
        JobSpec spec = JobFixture.spec(fields);
        assertThat(Providers.of(spec.backend()).outputCap(spec))
                .isEqualTo(cap == null ? OptionalLong.empty() : OptionalLong.of(cap));
    }

    @Test
    void aLimitForAModelWithoutAPriceIsRefused() throws Exception {
        String unknown = "\"model\": \"gpt-9-unheard\"";
        assertThat(CostBounds.ofBatches(prices, JobFixture.spec(unknown))).isEmpty();
        assertThatThrownBy(() -> JobFixture.spec(unknown + ", \"max_cost_usd\": 5"))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("PRICE_UNKNOWN")
                .hasMessageContaining("gpt-9-unheard");
    }

    @Test
    void moneyIsRoundedUpAndShownInCentsOrItsFirstDigits() {
        assertThat(NanoUsd.of(new BigDecimal("0.0000000001"))).isEqualTo(1);
        assertThat(NanoUsd.of(new BigDecimal("1.5"))).isEqualTo(1_500_000_000L);
        assertThat(NanoUsd.words(123_400_000)).isEqualTo("USD 0.12");
        assertThat(NanoUsd.words(204_000)).isEqualTo("USD 0.00020");
        assertThat(NanoUsd.words(0)).isEqualTo("USD 0.00");
        assertThat(NanoUsd.limit(120_000_001)).isEqualTo("0.13");
        assertThat(NanoUsd.limit(204_000)).isEqualTo("0.00021");
        assertThat(NanoUsd.limit(1_204)).isEqualTo("0.000002");
        assertThat(NanoUsd.words(new BigDecimal("0.000678"))).isEqualTo("USD 0.00068");
    }

    private CostBounds batches(String fields) throws Exception {
        return CostBounds.ofBatches(prices, JobFixture.spec(fields)).orElseThrow();
    }
}
