package io.pairbatch.provider.openai;

import io.pairbatch.problem.FieldProblem;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Reading;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.ProviderOptions;
import java.io.InputStream;
import java.util.List;

/// OpenAI's request lines and result lines, and those of services like it.
///
/// @param service its limits and how its lines differ
public record OpenAiFormat(OpenAiService service) implements ProviderFormat {

    @Override
    public BatchLimits limits() {
        return service.limits();
    }

    @Override
    public List<FieldProblem> problems(String model, ProviderOptions options) {
        return RequestRules.problems(model, (OpenAiOptions) options, service);
    }

    @Override
    public List<String> notices(String model, ProviderOptions options) {
        return RequestRules.notices(model, (OpenAiOptions) options, service);
    }

    @Override
    public RequestWriter requests(JobSpec spec, String token) {
        return new OpenAiRequests(spec, token, service);
    }

    @Override
    public Reading read(InputStream line) {
        return OpenAiAnswers.read(line);
    }
}
