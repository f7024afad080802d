package io.pairbatch.provider.anthropic;

import io.pairbatch.provider.anthropic.ModelFamily.Sampling;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What every request of a job holds besides its prompt and what is handed through (contract 4.2).
///
/// @param thinking what is said of thinking; null when nothing is
record RequestShape(
        int maxTokens,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable ThinkingField thinking) {

    static final int MAX_TOKENS = 768;
    static final int MAX_TOKENS_THINKING = 2048;
    static final int LEAST_BUDGET = 1024;

    /// From this version of the API on a request may hold no sampling option, whatever the model.
    private static final String NO_SAMPLING_SINCE = "2026-10-21";

    private static final Set<String> HIGHEST_EFFORTS = Set.of("xhigh", "max");

    /// The field `thinking`.
    ///
    /// @param budgetTokens null where the type takes none
    /// @param summarized whether the thoughts are asked for; newer models leave their text out otherwise
    record ThinkingField(String type, @Nullable Integer budgetTokens, boolean summarized) {}

    static RequestShape of(String model, AnthropicOptions options) {
        ModelFamily family = ModelFamily.of(model);
        boolean enabled = enabled(options);
        ThinkingField thinking = thinking(family, options);
        boolean thinks = enabled || (thinking == null && family.thinking().unasked());
        Integer maxTokens = options.maxTokens();
        return new RequestShape(
                maxTokens != null ? maxTokens : thinks ? MAX_TOKENS_THINKING : MAX_TOKENS,
                temperature(family, options),
                options.topP(),
                thinking);
    }

    /// Whether the job asks for thinking: asking for the thoughts does.
    static boolean enabled(AnthropicOptions options) {
        return options.includeThoughts() || "enabled".equals(options.reasoning());
    }

    static int budget(AnthropicOptions options) {
        Integer budget = options.thinkingBudgetTokens();
        return budget == null ? LEAST_BUDGET : budget;
    }

    static boolean takesNoSampling(AnthropicOptions options) {
        return options.anthropicVersion().compareTo(NO_SAMPLING_SINCE) >= 0;
    }

    /// Whether the job asks for an effort that most models make only while they think.
    static boolean atHighestEffort(AnthropicOptions options) {
        return Stream.of(options.bodyFields(), options.providerOptions())
                .map(fields -> fields.get("output_config"))
                .filter(Objects::nonNull)
                .anyMatch(
                        config -> HIGHEST_EFFORTS.contains(config.path("effort").asString("")));
    }

    /// Without reasoning nothing is said of thinking; but a model that would think all the same is told not to, where
    /// it listens.
    private static @Nullable ThinkingField thinking(ModelFamily family, AnthropicOptions options) {
        if (enabled(options)) {
            return family.thinking().adaptive()
                    ? new ThinkingField("adaptive", null, options.includeThoughts())
                    : new ThinkingField("enabled", budget(options), false);
        }
        boolean calm = !family.thinking().onlyCalmWithout() || !atHighestEffort(options);
        if (options.providerOptions().containsKey("thinking") || !calm) {
            return null;
        }
        return switch (family.thinking()) {
            case ADAPTIVE_UNLESS_DISABLED, ADAPTIVE_UNLESS_CALM -> new ThinkingField("disabled", null, false);
            case ADAPTIVE_UNLESS_BETWEEN_TOOLS -> new ThinkingField("between_tools", null, false);
            case NONE, BUDGET, ADAPTIVE, ALWAYS, UNKNOWN -> null;
        };
    }

    private static @Nullable BigDecimal temperature(ModelFamily family, AnthropicOptions options) {
        if (options.temperature() != null) {
            return options.temperature();
        }
        boolean unset = takesNoSampling(options)
                || family.sampling() == Sampling.NONE
                || family.sampling() == Sampling.UNKNOWN
                || (family.sampling() == Sampling.ONE && options.topP() != null);
        if (unset) {
            return null;
        }
        return enabled(options) ? BigDecimal.ONE : BigDecimal.ZERO;
    }
}
