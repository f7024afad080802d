package io.pairbatch.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignModelsTest {

    @ParameterizedTest
    @CsvSource({
        "gpt-4.1, OPENAI",
        "gpt-5-mini-2025-08-07, OPENAI",
        "gpt-3.5-turbo, OPENAI",
        "chatgpt-4o-latest, OPENAI",
        "o3, OPENAI",
        "o4-mini, OPENAI",
        "ft:gpt-4.1:acme::x, OPENAI",
        "claude-sonnet-4-5, ANTHROPIC",
        "claude-next-9, ANTHROPIC",
        "gemini-3-pro-preview, GEMINI",
        "models/gemini-2.5-flash, GEMINI"
    })
    void aModelBelongsToItsProviderAlone(String model, Backend owner) {
        for (Backend backend : Backend.values()) {
            if (backend == owner) {
                assertThat(ForeignModels.problems(backend, model)).isEmpty();
            } else {
                assertThat(ForeignModels.problems(backend, model))
                        .containsExactly(new FieldProblem(
                                ErrorCode.SPEC_INVALID_VALUE,
                                "model",
                                "`" + model + "`, a model of " + owner.code(),
                                "a model of " + backend.code() + ", or `backend` `" + owner.code() + "`"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-oss-120b",
                "anthropic/claude-sonnet-4.5",
                "us.anthropic.claude-opus-4-8",
                "my-gpt-4",
                "o",
                "olmo-2",
                "llama-3",
                "gemma-3",
                "GPT-4",
                "\n"
            })
    void whatMayBeAnothersNameIsLeftAlone(String model) {
        for (Backend backend : Backend.values()) {
            assertThat(ForeignModels.problems(backend, model)).isEmpty();
        }
    }
}
