package io.pairbatch.provider.anthropic;

import io.pairbatch.problem.FieldProblem;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Reading;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.ProviderOptions;
import java.io.InputStream;
import java.util.List;

/// Anthropic's requests and result lines.
public final class AnthropicFormat implements ProviderFormat {

    /// Anthropic takes 100,000 requests or 256 MB a batch, and 32 MB a request (as of 2026-11-22); one percent of the
    /// bytes is left free, which holds what stands around the lines too.
    private static final BatchLimits LIMITS = new BatchLimits(100_000, 253_440_000L, 31_680_000);

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public List<FieldProblem> problems(String model, ProviderOptions options) {
        return RequestRules.problems(model, (AnthropicOptions) options);
    }

    @Override
    public List<String> notices(String model, ProviderOptions options) {
        return RequestRules.notices(model, (AnthropicOptions) options);
    }

    @Override
    public RequestWriter requests(JobSpec spec, String token) {
        return new AnthropicRequests(spec, token);
    }

    @Override
    public Reading read(InputStream line) {
        return AnthropicAnswers.read(line);
    }
}
