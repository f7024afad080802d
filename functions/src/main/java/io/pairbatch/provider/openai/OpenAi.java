package io.pairbatch.provider.openai;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer.Tokens;
import io.pairbatch.provider.AnswerColumn;
import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.Service;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.OptionsReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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

    /// Reasoning counts among the completion, and so does each further answer that is asked for.
    @Override
    public OptionalLong outputCap(JobSpec spec) {
        OpenAiOptions options = (OpenAiOptions) spec.options();
        long answers = Math.max(1, number(options, "n").orElse(1));
        String[] caps = RequestShape.of(spec.model(), options).responses()
                ? new String[] {"max_output_tokens"}
                : new String[] {"max_completion_tokens", "max_tokens"};
        OptionalLong most = Arrays.stream(caps)
                .map(name -> number(options, name))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .max();
        return most.isEmpty() ? most : OptionalLong.of(most.getAsLong() * answers);
    }

    private static OptionalLong number(OpenAiOptions options, String name) {
        JsonNode value = options.bodyFields()
                .getOrDefault(name, options.providerOptions().get(name));
        return value != null && value.isIntegralNumber() && value.canConvertToLong()
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
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
