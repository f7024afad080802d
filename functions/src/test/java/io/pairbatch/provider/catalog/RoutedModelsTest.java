package io.pairbatch.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutedModelsTest {

    @ParameterizedTest
    @CsvSource({
        "OPENAI, openai/gpt-4.1, gpt-4.1`",
        "OPENAI, OpenAI/gpt-4.1, gpt-4.1`",
        "OPENAI, openrouter/openai/gpt-4.1, gpt-4.1`",
        "OPENAI, anthropic/claude-sonnet-4-5, claude-sonnet-4-5` with `backend` `anthropic`",
        "ANTHROPIC, anthropic/claude-sonnet-4-5, claude-sonnet-4-5`",
        "GEMINI, google/gemini-2.5-flash, gemini-2.5-flash`",
        "GEMINI, gemini/gemini-2.5-flash, gemini-2.5-flash`"
    })
    void theNameOfARouterIsRefusedAtTheProviderItself(Backend backend, String model, String own) {
        Service service = Providers.service(backend, Providers.itself());
        assertThat(RoutedModels.problems(service, model)).singleElement().satisfies(problem -> {
            assertThat(problem.found()).startsWith("`" + model + "`, the name that a router");
            assertThat(problem.expected()).isEqualTo("the provider's own name, perhaps `" + own);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, gpt-4.1",
        "OPENAI, ft:gpt-4.1:org/x",
        "OPENAI, acme/own-model",
        "GEMINI, models/gemini-2.5-flash"
    })
    void otherNamesAreNot(Backend backend, String model) {
        assertThat(RoutedModels.problems(Providers.service(backend, Providers.itself()), model))
                .isEmpty();
    }

    @Test
    void anotherServiceNamesItsModelsAsItLikes() {
        Service groq = Providers.service("groq").orElseThrow();
        assertThat(RoutedModels.problems(groq, "openai/gpt-oss-120b")).isEmpty();
    }
}
