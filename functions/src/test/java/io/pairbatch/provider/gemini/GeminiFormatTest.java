package io.pairbatch.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.BatchLimits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiFormatTest {

    private final GeminiFormat format = new GeminiFormat();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini-3-pro-preview   | medium |      | gemini-3-pro-preview has no thinking level `medium`: `High` is sent.",
                "gemini-3-flash-preview |        | 1024 | thinking_budget is not sent: gemini-3-flash-preview takes thinking_level instead.",
                "gemini-2.0-flash       |        | 1024 | thinking_budget is not sent: gemini-2.0-flash does not think."
            })
    void whatIsSentOtherwiseThanTheJobSaysIsSaid(
            String model, @Nullable String level, @Nullable Integer budget, String notice) {
        assertThat(format.notices(model, options(level, budget))).containsExactly(notice);
        assertThat(format.problems(model, options(level, budget))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini-3-flash-preview | medium |",
                "gemini-3-pro-preview   | high   |",
                "gemini-3.1-pro-preview | medium |",
                "gemini-2.5-pro         |        | 1024",
                "gemini-flash-latest    |        | 1024"
            })
    void whatIsSentAsTheJobSaysIsNotWorthANotice(String model, @Nullable String level, @Nullable Integer budget) {
        assertThat(format.notices(model, options(level, budget))).isEmpty();
        assertThat(format.problems(model, options(level, budget))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-2,false", "-1,true", "0,true", "1,false", "511,false", "512,true", "24576,true", "24577,false"})
    void aBudgetIsAcceptedFromItsLeastToItsMost(int tokens, boolean accepted) {
        assertThat(format.problems("gemini-2.5-flash-lite", options(null, tokens))
                        .isEmpty())
                .isEqualTo(accepted);
    }

    @Test
    void thoughtsOfAModelThatIsToldNotToThinkAreRefusedWhateverTheModel() {
        GeminiOptions options =
                new GeminiOptions(null, 0, true, false, null, null, null, null, "GEM", "v1beta", Map.of(), Map.of());
        for (String model : List.of("gemini-2.5-flash", "gemini-4-argon")) {
            assertThat(format.problems(model, options))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.field()).isEqualTo("include_thoughts"));
        }
    }

    /// What the dated table says of a name: the kinds of thinking that it is sent by default.
    @ParameterizedTest
    @CsvSource({
        "gemini-3-flash-preview,Levels",
        "Gemini-3-Ultra-FLASH-9,Levels",
        "gemini-3-pro-preview,Levels",
        "gemini-3-pro-preview-11-2025,Levels",
        "gemini-3.1-pro-preview-customtools,Levels",
        "gemini-3.1-flash-lite-preview,Levels",
        "gemini-3.6-flash,Levels",
        "gemini-3.7-flash,Levels",
        "models/gemini-3.8-flash,Levels",
        "gemini-2.5-pro,Budget",
        "gemini-2.5-pro-preview-06-05,Budget",
        "gemini-2.5-flash-001,Budget",
        "gemini-2.5-flash-lite-preview-09-2025,Budget",
        "gemini-2.0-flash-lite,None",
        "gemini-1.5-pro-002,None",
        "gemini-2.0-flash-thinking-exp,Unknown",
        "gemini-2.5-flash-image,Unknown",
        "gemini-2.5-pro-preview-tts,Unknown",
        "gemini-3-pro-image-preview,Unknown",
        "gemini-3.1-flash-live-preview,Unknown",
        "gemini-3.9-flash,Unknown",
        "gemini-4-argon,Unknown",
        "gemini-flash-latest,Unknown",
        "gemma-3-27b-it,Unknown",
        "my-gemini-3.8-flash,Unknown"
    })
    void eachNameBelongsToTheFamilyThatItsPageSays(String model, String kind) {
        assertThat(ModelFamily.of(model).thinking().getClass().getSimpleName()).isEqualTo(kind);
    }

    @Test
    void onePercentOfAFileIsLeftFree() {
        assertThat(format.limits()).isEqualTo(new BatchLimits(50_000, 1_980_000_000L, 33_554_432));
    }

    private static GeminiOptions options(@Nullable String level, @Nullable Integer budget) {
        return new GeminiOptions(
                level, budget, false, false, null, null, null, null, "GEM", "v1beta", Map.of(), Map.of());
    }
}
