package io.pairbatch.provider.anthropic;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.provider.MergedFields;
import io.pairbatch.provider.anthropic.ModelFamily.Sampling;
import io.pairbatch.provider.anthropic.ModelFamily.Thinking;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Which options of a job the model refuses, each request of the batch failing for it (contract 4.2), and what is sent
/// otherwise than the options say.
final class RequestRules {

    private static final BigDecimal LEAST_TOP_P_THINKING = new BigDecimal("0.95");
    private static final BigDecimal LEAST_DEFAULT_TOP_P = new BigDecimal("0.99");

    /// Fields of the body that have an option of their own, by its name.
    private static final Set<String> NAMED = Set.of(
            "max_tokens",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "system",
            "service_tier",
            "inference_geo",
            "cache_control");

    private final String model;
    private final ModelFamily family;
    private final AnthropicOptions options;
    private final boolean enabled;
    private final List<FieldProblem> problems = new ArrayList<>();

    private RequestRules(String model, AnthropicOptions options) {
        this.model = model;
        this.family = ModelFamily.of(model);
        this.options = options;
        this.enabled = RequestShape.enabled(options);
    }

    static List<FieldProblem> problems(String model, AnthropicOptions options) {
        RequestRules rules = new RequestRules(model, options);
        rules.checkReasoning();
        rules.checkMaxTokens();
        rules.checkBudget();
        rules.checkSampling();
        rules.checkProviderOptions();
        return rules.problems;
    }

    static List<String> notices(String model, AnthropicOptions options) {
        return new RequestRules(model, options).notices();
    }

    private void checkReasoning() {
        Thinking thinking = family.thinking();
        if (enabled && thinking == Thinking.NONE) {
            conflict(
                    "enabled".equals(options.reasoning()) ? "reasoning" : "include_thoughts",
                    "a wish for thinking",
                    "none: " + model + " does not think");
        }
        if (enabled || !"none".equals(options.reasoning())) {
            return;
        }
        if (thinking == Thinking.ALWAYS) {
            conflict("reasoning", "`none`", "`enabled` or nothing: " + model + " always thinks");
        } else if (thinking.onlyCalmWithout() && RequestShape.atHighestEffort(options)) {
            conflict("reasoning", "`none` beside an effort of xhigh or max", "`enabled` or nothing at such an effort");
        }
    }

    private void checkMaxTokens() {
        Integer maxTokens = options.maxTokens();
        if (maxTokens != null && maxTokens > family.mostTokens()) {
            invalid("max_tokens", "the number " + maxTokens, family.mostTokens() + " at most, as " + model + " has it");
        }
    }

    private void checkBudget() {
        Integer budget = options.thinkingBudgetTokens();
        if (!enabled || family.thinking() == Thinking.NONE) {
            return;
        }
        if (family.thinking().adaptive()) {
            if (budget != null) {
                conflict(
                        "thinking_budget_tokens",
                        "a budget",
                        "none: " + model + " decides itself how much to think; see `output_config`, `effort`");
            }
            return;
        }
        int used = RequestShape.budget(options);
        int maxTokens = RequestShape.of(model, options).maxTokens();
        if (used < RequestShape.LEAST_BUDGET) {
            invalid("thinking_budget_tokens", "the number " + used, RequestShape.LEAST_BUDGET + " or more");
        }
        if (used >= maxTokens) {
            conflict(
                    budget == null ? "max_tokens" : "thinking_budget_tokens",
                    budget == null ? maxTokens + " tokens, " + used + " of them for thinking" : used + " tokens",
                    budget == null ? "more than " + used : "fewer than `max_tokens`, which is " + maxTokens);
        }
    }

    private void checkSampling() {
        if (RequestShape.takesNoSampling(options)) {
            refuseSampling("none: version " + options.anthropicVersion() + " of the API takes no sampling options");
            return;
        }
        switch (family.sampling()) {
            case NONE -> checkDefaultsOnly();
            case ONE, ANY, UNKNOWN -> checkBesideThinking();
        }
        if (family.sampling() == Sampling.ONE && options.temperature() != null && options.topP() != null) {
            conflict("top_p", "a value beside `temperature`", "one of the two: " + model + " refuses both together");
        }
    }

    private void refuseSampling(String expected) {
        if (options.temperature() != null) {
            conflict("temperature", "the number " + options.temperature(), expected);
        }
        if (options.topP() != null) {
            conflict("top_p", "the number " + options.topP(), expected);
        }
        if (options.bodyFields().containsKey("top_k")) {
            conflict("top_k", "a value", expected);
        }
    }

    /// Newer models take their defaults, one of them at a time, and nothing else.
    private void checkDefaultsOnly() {
        BigDecimal temperature = options.temperature();
        BigDecimal topP = options.topP();
        String refuses = ": " + model + " takes no sampling options";
        if (temperature != null && temperature.compareTo(BigDecimal.ONE) != 0) {
            conflict("temperature", "the number " + temperature, "none, or 1" + refuses);
        }
        if (topP != null && (temperature != null || topP.compareTo(LEAST_DEFAULT_TOP_P) < 0)) {
            conflict("top_p", "the number " + topP, "none" + refuses);
        }
        if (options.bodyFields().containsKey("top_k")) {
            conflict("top_k", "a value", "none" + refuses);
        }
    }

    private void checkBesideThinking() {
        if (!enabled) {
            return;
        }
        BigDecimal temperature = options.temperature();
        BigDecimal topP = options.topP();
        if (temperature != null && temperature.compareTo(BigDecimal.ONE) != 0) {
            conflict("temperature", "the number " + temperature, "none, or 1, while the model thinks");
        }
        if (topP != null && topP.compareTo(LEAST_TOP_P_THINKING) < 0) {
            conflict("top_p", "the number " + topP, "none, or 0.95 to 1, while the model thinks");
        }
        if (options.bodyFields().containsKey("top_k")) {
            conflict("top_k", "a value", "none while the model thinks");
        }
    }

    /// What is written already is not written twice.
    private void checkProviderOptions() {
        for (Map.Entry<String, JsonNode> entry : options.providerOptions().entrySet()) {
            String name = entry.getKey();
            JsonNode own = options.bodyFields().get(name);
            if (NAMED.contains(name)) {
                twice(name, name);
            } else if (name.equals("thinking") && enabled) {
                twice(name, "enabled".equals(options.reasoning()) ? "reasoning" : "include_thoughts");
            } else if (own != null && !MergedFields.canMerge(own, entry.getValue())) {
                twice(name, name);
            }
        }
    }

    private void twice(String field, String option) {
        conflict(
                "provider_options",
                "`" + field + "`",
                "other fields of the request: this one is written by the option `" + option + "`");
    }

    private List<String> notices() {
        List<String> notices = new ArrayList<>();
        RequestShape shape = RequestShape.of(model, options);
        if (family.isUnknown()) {
            notices.add(model + " is not in the table of models: temperature and top_p are sent only where the job sets"
                    + " them.");
        } else if (shape.temperature() == null) {
            notices.add("No temperature is sent, since "
                    + (RequestShape.takesNoSampling(options)
                            ? "version " + options.anthropicVersion() + " of the API takes none."
                            : family.sampling() == Sampling.NONE
                                    ? model + " takes none."
                                    : model + " takes none beside top_p."));
        }
        if (!enabled && shape.thinking() == null && family.thinking().unasked()) {
            notices.add(model + " thinks without being asked; its thoughts are among the " + shape.maxTokens()
                    + " tokens of max_tokens.");
        }
        if (!enabled && options.thinkingBudgetTokens() != null) {
            notices.add("thinking_budget_tokens is not sent, since reasoning is none.");
        }
        return notices;
    }

    private void conflict(String field, String found, String expected) {
        problems.add(new FieldProblem(ErrorCode.SPEC_CONFLICT, field, found, expected));
    }

    private void invalid(String field, String found, String expected) {
        problems.add(new FieldProblem(ErrorCode.SPEC_INVALID_VALUE, field, found, expected));
    }
}
