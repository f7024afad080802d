package io.pairbatch.provider.openai;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer.Tokens;
import io.pairbatch.provider.AnswerColumn;
import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.Service;
import io.pairbatch.spec.OptionsReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// OpenAI, whose protocol other services speak too ([OpenAiService]).
public enum OpenAi implements Provider {
    INSTANCE;

    private static final Pattern QUEUE_LIMIT = Pattern.compile("Limit: ([\\d,]{1,15}) enqueued tokens");

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
    public KnownModels known() {
        return ModelFamily.known();
    }

    @Override
    public Service itself() {
        return OpenAiService.of(OpenAiService.OPENAI);
    }

    @Override
    public Optional<Service> service(String code) {
        return OpenAiService.find(code).map(Service.class::cast);
    }

    /// `Enqueued token limit reached for gpt-4.1 in organization org-x. Limit: 90,000 enqueued tokens. …`
    @Override
    public OptionalLong queueLimit(String says) {
        Matcher limit = QUEUE_LIMIT.matcher(says);
        return limit.find() ? OptionalLong.of(Long.parseLong(limit.group(1).replace(",", ""))) : OptionalLong.empty();
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
