package io.pairbatch.provider.catalog;

import io.pairbatch.job.AnthropicOptions;
import io.pairbatch.job.Backend;
import io.pairbatch.job.JobSpec;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.anthropic.AnthropicClient;
import io.pairbatch.provider.anthropic.AnthropicFormat;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiFormat;
import java.net.URI;

/// Every provider by its name.
public final class Providers {

    private static final ProviderFormat OPENAI = new OpenAiFormat();
    private static final ProviderFormat ANTHROPIC = new AnthropicFormat();

    private Providers() {}

    public static ProviderFormat format(Backend backend) {
        return switch (backend) {
            case OPENAI -> OPENAI;
            case ANTHROPIC -> ANTHROPIC;
            case GEMINI -> throw new IllegalStateException(backend + " is not here yet");
        };
    }

    /// A client for the provider of a job.
    ///
    /// @param baseUrl where the provider's API begins
    public static BatchProvider connect(JobSpec spec, URI baseUrl, String key) {
        int attempts = spec.openaiMaxRetries();
        return switch (spec.backend()) {
            case OPENAI -> new OpenAiClient(baseUrl, key, attempts);
            case ANTHROPIC ->
                new AnthropicClient(baseUrl, key, ((AnthropicOptions) spec.options()).anthropicVersion(), attempts);
            case GEMINI -> throw new IllegalStateException(spec.backend() + " is not here yet");
        };
    }
}
