package io.pairbatch.provider.gemini;

import io.pairbatch.problem.FieldProblem;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Reading;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.ProviderOptions;
import java.io.InputStream;
import java.util.List;

/// Gemini's request lines and result lines.
public final class GeminiFormat implements ProviderFormat {

    /// Gemini takes an input file of 2 GB (as of 2026-11-22); one percent is left free. No number of requests is
    /// documented; as an expired batch yields nothing at all, ours are kept as small as OpenAI's. A line of more than
    /// 32 MiB exceeds every model's context many times over.
    private static final BatchLimits LIMITS = new BatchLimits(50_000, 1_980_000_000L, 32 << 20);

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public List<FieldProblem> problems(String model, ProviderOptions options) {
        return RequestShape.of(model, (GeminiOptions) options).problems();
    }

    @Override
    public List<String> notices(String model, ProviderOptions options) {
        return RequestShape.of(model, (GeminiOptions) options).notices();
    }

    @Override
    public RequestWriter requests(JobSpec spec, String token) {
        return new GeminiRequests(spec, token);
    }

    @Override
    public Reading read(InputStream line) {
        return GeminiAnswers.read(line);
    }
}
