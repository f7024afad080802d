package io.pairbatch.provider.anthropic;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.Answer.Tokens;
import io.pairbatch.provider.AnswerColumn;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.Keeping;
import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.OwnService;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.http.Network;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.OptionsReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Anthropic.
public enum Anthropic implements OwnService {
    INSTANCE;

    private static final ProviderFormat FORMAT = new AnthropicFormat();

    @Override
    public Backend backend() {
        return Backend.ANTHROPIC;
    }

    @Override
    public OptionsReader options() {
        return AnthropicOptionsReader.INSTANCE;
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
    public ProviderFormat format() {
        return FORMAT;
    }

    @Override
    public Keeping keeping() {
        return new Keeping(null, null, Duration.ofDays(29), true);
    }

    @Override
    public BatchProvider connect(JobSpec spec, URI baseUrl, String key, Network network) {
        String version = ((AnthropicOptions) spec.options()).anthropicVersion();
        return new AnthropicClient(baseUrl, key, version, spec.polling().openaiMaxRetries(), network);
    }

    /// The queue is the workspace's, whatever the model.
    @Override
    public boolean queuesByModel() {
        return false;
    }

    /// What is read from the cache or written to it is not among the input tokens.
    @Override
    public @Nullable Charge charge(Tokens tokens) {
        Long prompt = tokens.prompt();
        Long output = tokens.completion();
        return prompt == null || output == null
                ? null
                : new Charge(prompt, Charge.orZero(tokens.cached()), Charge.orZero(tokens.cacheCreation()), output);
    }

    /// Thinking counts among the output, and within `max_tokens`.
    @Override
    public OptionalLong outputCap(JobSpec spec) {
        return OptionalLong.of(
                RequestShape.of(spec.model(), (AnthropicOptions) spec.options()).maxTokens());
    }

    @Override
    public Columns columns() {
        return new Columns(
                List.of(AnswerColumn.text("result_type", Answer::resultType)),
                List.of(),
                List.of(),
                List.of(
                        AnswerColumn.count("prompt_cached_tokens", Tokens::cached),
                        AnswerColumn.count("cache_creation_tokens", Tokens::cacheCreation)));
    }
}
