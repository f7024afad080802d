package io.pairbatch.provider.openai;

import io.pairbatch.job.FieldProblem;
import io.pairbatch.job.JobSpec;
import io.pairbatch.job.OpenAiOptions;
import io.pairbatch.job.ProviderOptions;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Reading;
import io.pairbatch.provider.RequestWriter;
import java.io.InputStream;
import java.util.List;

/// OpenAI's request lines and result lines.
public final class OpenAiFormat implements ProviderFormat {

    /// OpenAI takes 50,000 requests and 200 MB a file (as of 2026-11-22); one percent of the bytes is left free. A line
    /// of more than 32 MiB exceeds every model's context many times over.
    private static final BatchLimits LIMITS = new BatchLimits(50_000, 198_000_000L, 32 << 20);

    @Override
    public BatchLimits limits() {
        return LIMITS;
    }

    @Override
    public List<FieldProblem> problems(String model, ProviderOptions options) {
        return RequestShape.problems(model, (OpenAiOptions) options);
    }

    @Override
    public List<String> notices(String model, ProviderOptions options) {
        return List.of();
    }

    @Override
    public RequestWriter requests(JobSpec spec, String token) {
        return new OpenAiRequests(spec, token);
    }

    @Override
    public Reading read(InputStream line) {
        return OpenAiAnswers.read(line);
    }
}
