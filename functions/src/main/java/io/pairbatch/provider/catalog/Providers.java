package io.pairbatch.provider.catalog;

import io.pairbatch.job.AnthropicOptions;
import io.pairbatch.job.Backend;
import io.pairbatch.job.GeminiOptions;
import io.pairbatch.job.JobSpec;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.anthropic.AnthropicClient;
import io.pairbatch.provider.anthropic.AnthropicFormat;
import io.pairbatch.provider.gemini.GeminiClient;
import io.pairbatch.provider.gemini.GeminiFormat;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiFormat;
import io.pairbatch.provider.openai.OpenAiService;
import java.net.URI;
import java.util.List;

/// Every provider by its name.
public final class Providers {

    private static final ProviderFormat ANTHROPIC = new AnthropicFormat();
    private static final ProviderFormat GEMINI = new GeminiFormat();

    private Providers() {}

    /// What is sent to a provider itself, and what it writes. What is written is read the same from services like it.
    public static ProviderFormat format(Backend backend) {
        return format(backend, OpenAiService.of(OpenAiService.OPENAI));
    }

    /// What is sent to a provider, and what it writes.
    ///
    /// @param service which service stands for OpenAI
    public static ProviderFormat format(Backend backend, OpenAiService service) {
        return switch (backend) {
            case OPENAI -> new OpenAiFormat(service);
            case ANTHROPIC -> ANTHROPIC;
            case GEMINI -> GEMINI;
        };
    }

    /// What a job's provider is sent otherwise than the job's options say, in sentences.
    public static List<String> notices(JobSpec spec) {
        return format(spec.backend()).notices(spec.model(), spec.options());
    }

    /// A client for the provider of a job.
    ///
    /// @param service which service stands for OpenAI
    /// @param baseUrl where the provider's API begins
    /// @param network over which it is reached
    public static BatchProvider connect(JobSpec spec, OpenAiService service, URI baseUrl, String key, Network network) {
        int attempts = spec.openaiMaxRetries();
        return switch (spec.backend()) {
            case OPENAI -> new OpenAiClient(service, baseUrl, key, attempts, network);
            case ANTHROPIC ->
                new AnthropicClient(
                        baseUrl, key, ((AnthropicOptions) spec.options()).anthropicVersion(), attempts, network);
            case GEMINI ->
                new GeminiClient(baseUrl, key, attempts, ((GeminiOptions) spec.options()).apiVersion(), network);
        };
    }
}
