package io.pairbatch.provider.openai;

import io.pairbatch.provider.openai.ModelFamily.Sampling;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the named options come to in every request of a job (contract 4.1).
///
/// @param responses `/v1/responses` rather than `/v1/chat/completions`
/// @param effort the reasoning effort; sent on `/v1/responses` only
/// @param summary whether a summary of the thoughts is asked for
/// @param dropped whether sampling options that the job sets are left out (base5 at `minimal`)
record RequestShape(
        boolean responses,
        @Nullable String effort,
        boolean summary,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Boolean logprobs,
        boolean dropped) {

    static final String NONE = "none";
    private static final String MINIMAL = "minimal";

    static RequestShape of(String model, OpenAiOptions options) {
        ModelFamily family = ModelFamily.of(model);
        String effort = effort(family, options);
        boolean responses = responses(family, options, effort);
        boolean thoughts = options.includeThoughts();
        if (responses && effort != null && family.noneIsMinimal()) {
            return new RequestShape(true, effort, thoughts, null, null, null, effort.equals(MINIMAL));
        }
        BigDecimal temperature = options.temperature();
        if (temperature == null && isZeroByDefault(family, options, responses, effort)) {
            temperature = BigDecimal.ZERO;
        }
        return new RequestShape(responses, effort, thoughts, temperature, options.topP(), options.logprobs(), false);
    }

    /// Whether the request asks the model to reason.
    boolean active() {
        return effort != null && !effort.equals(NONE);
    }

    /// The effort at which the model answers such a request: what is sent, or its default; null when nobody knows.
    static @Nullable String effortAtWork(
            ModelFamily family, OpenAiOptions options, boolean responses, @Nullable String effort) {
        JsonNode handed = responses
                ? options.providerOptions().getOrDefault("reasoning", MISSING).path("effort")
                : options.bodyFields()
                        .getOrDefault(
                                "reasoning_effort",
                                options.providerOptions().getOrDefault("reasoning_effort", MISSING));
        if (handed.isString()) {
            return handed.stringValue();
        }
        return responses && effort != null ? effort : family.defaultEffort();
    }

    private static final JsonNode MISSING = tools.jackson.databind.node.MissingNode.getInstance();

    private static @Nullable String effort(ModelFamily family, OpenAiOptions options) {
        String effort = options.reasoning();
        if (effort == null) {
            return options.includeThoughts() ? family.thoughtsEffort() : null;
        }
        return family.noneIsMinimal() && effort.equals(NONE) ? MINIMAL : effort;
    }

    /// An effort is heard on `/v1/responses` only, so it moves there what is known to reason. (pairwiseLLM moves base5
    /// and dot5 only, and loses the effort of the others without a word.)
    private static boolean responses(ModelFamily family, OpenAiOptions options, @Nullable String effort) {
        String endpoint = options.endpoint();
        if (endpoint != null) {
            return endpoint.equals("responses");
        }
        boolean atRest = NONE.equals(effort) && NONE.equals(family.defaultEffort());
        boolean thoughts = options.includeThoughts() && family.thoughtsEffort() != null;
        return family.responsesOnly() || thoughts || (family.reasons() && effort != null && !atRest);
    }

    private static boolean isZeroByDefault(
            ModelFamily family, OpenAiOptions options, boolean responses, @Nullable String effort) {
        boolean active = effort != null && !effort.equals(NONE);
        if (active || options.providerOptions().containsKey("temperature")) {
            return false;
        }
        return family.sampling() == Sampling.ALWAYS
                || (family.sampling() == Sampling.WITHOUT_REASONING
                        && NONE.equals(effortAtWork(family, options, responses, effort)));
    }
}
