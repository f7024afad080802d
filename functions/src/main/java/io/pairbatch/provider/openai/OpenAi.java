package io.pairbatch.provider.openai;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer.Tokens;
import io.pairbatch.provider.AnswerColumn;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.Service;
import io.pairbatch.spec.OptionsReader;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// OpenAI, whose protocol other services speak too ([OpenAiService]).
public enum OpenAi implements Provider {
    INSTANCE;

    @Override
    public Backend backend() {
        return Backend.OPENAI;
    }

    @Override
    public OptionsReader options() {
        return OpenAiOptionsReader.INSTANCE;
    }

    @Override
    public Pattern models() {
        return ModelFamily.names();
    }

    @Override
    public Service itself() {
        return OpenAiService.of(OpenAiService.OPENAI);
    }

    @Override
    public Optional<Service> service(String code) {
        return OpenAiService.find(code).map(Service.class::cast);
    }

    @Override
    public @Nullable Charge charge(Tokens tokens) {
        return Charge.cacheAmongInput(tokens, tokens.completion());
    }

    @Override
    public Columns columns() {
        return new Columns(
                List.of(),
                List.of(),
                List.of(
                        AnswerColumn.count("prompt_cached_tokens", Tokens::cached),
                        AnswerColumn.count("reasoning_tokens", Tokens::reasoning)),
                List.of());
    }
}
