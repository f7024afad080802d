package io.pairbatch.provider.openai;

import io.pairbatch.job.ErrorCode;
import io.pairbatch.job.FieldProblem;
import io.pairbatch.job.OpenAiOptions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every request of a job holds besides its prompt (contract 4.1).
///
/// @param responses `/v1/responses` rather than `/v1/chat/completions`
/// @param effort the reasoning effort; sent on `/v1/responses` only
/// @param summary whether a summary of the thoughts is asked for
record RequestShape(
        boolean responses,
        @Nullable String effort,
        boolean summary,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Boolean logprobs) {

    private static final String NONE = "none";
    private static final String MINIMAL = "minimal";

    static RequestShape of(String model, OpenAiOptions options) {
        ModelFamily family = ModelFamily.of(model);
        String effort = effort(family, options);
        boolean active = active(family, effort);
        boolean responses = responses(family, options, active);
        if (responses && active && family == ModelFamily.BASE5) {
            return new RequestShape(true, effort, options.includeThoughts(), null, null, null);
        }
        BigDecimal temperature = options.temperature();
        if (temperature == null && !active && family.temperatureZeroByDefault()) {
            temperature = BigDecimal.ZERO;
        }
        return new RequestShape(
                responses, effort, options.includeThoughts(), temperature, options.topP(), options.logprobs());
    }

    /// Sampling options beside active reasoning, which the model refuses for every request. (For the first gpt-5 models
    /// at effort `minimal` they are left out of the request instead.)
    static List<FieldProblem> problems(String model, OpenAiOptions options) {
        ModelFamily family = ModelFamily.of(model);
        String effort = effort(family, options);
        boolean active = active(family, effort);
        boolean dropped = family == ModelFamily.BASE5 && MINIMAL.equals(effort);
        List<FieldProblem> problems = new ArrayList<>();
        if (!responses(family, options, active) || !active || dropped) {
            return problems;
        }
        String found = "a value beside reasoning effort `" + effort + "`";
        String expected = "no temperature, top_p or logprobs while " + model + " reasons";
        if (options.temperature() != null) {
            problems.add(new FieldProblem(ErrorCode.SPEC_CONFLICT, "temperature", found, expected));
        }
        if (options.topP() != null) {
            problems.add(new FieldProblem(ErrorCode.SPEC_CONFLICT, "top_p", found, expected));
        }
        if (options.logprobs() != null) {
            problems.add(new FieldProblem(ErrorCode.SPEC_CONFLICT, "logprobs", found, expected));
        }
        return problems;
    }

    private static @Nullable String effort(ModelFamily family, OpenAiOptions options) {
        String effort = options.reasoning();
        if (effort == null && options.includeThoughts() && family.effortChoosesEndpoint()) {
            return "low";
        }
        return family == ModelFamily.BASE5 && NONE.equals(effort) ? MINIMAL : effort;
    }

    private static boolean active(ModelFamily family, @Nullable String effort) {
        return switch (family) {
            case DOT5 -> effort != null && !effort.equals(NONE);
            case BASE5 -> effort != null;
            case CLASSIC, OTHER -> false;
        };
    }

    private static boolean responses(ModelFamily family, OpenAiOptions options, boolean active) {
        String endpoint = options.endpoint();
        return endpoint == null
                ? family.effortChoosesEndpoint() && (options.includeThoughts() || active)
                : endpoint.equals("responses");
    }
}
