package io.pairbatch.provider.anthropic;

import java.util.List;
import java.util.regex.Pattern;

/// What kinds of models accept, as of 2026-11-22 (contract 4.2;
/// https://platform.claude.com/docs/en/build-with-claude/thinking and the migration guide of each model there). The
/// first pattern that fits decides; of a model that none fits nothing is assumed.
enum ModelFamily {
    /// No thinking.
    CLAUDE_3(4096, Sampling.ANY, Thinking.NONE, "claude-3-(opus|sonnet|haiku)"),
    CLAUDE_3_5(8192, Sampling.ANY, Thinking.NONE, "claude-3-5-(sonnet|haiku)"),
    /// The first that think, within a budget.
    OPUS_4(32_000, Sampling.ANY, Thinking.BUDGET, "claude-opus-4(-0)?"),
    SONNET_4(64_000, Sampling.ANY, Thinking.BUDGET, "claude-3-7-sonnet|claude-sonnet-4(-0)?"),
    /// Temperature or top_p, not both.
    OPUS_4_1(32_000, Sampling.ONE, Thinking.BUDGET, "claude-opus-4-1"),
    CLAUDE_4_5(64_000, Sampling.ONE, Thinking.BUDGET, "claude-(opus|sonnet|haiku)-4-5"),
    /// Thinks adaptively too, and still within a budget.
    CLAUDE_4_6(128_000, Sampling.ONE, Thinking.BUDGET, "claude-(opus|sonnet)-4-6"),
    /// Thinks when asked to, adaptively and only so; no sampling options from here on.
    CLAUDE_4_7(128_000, Sampling.NONE, Thinking.ADAPTIVE, "claude-opus-4-[78]"),
    /// Thinks unless told not to.
    SONNET_5(128_000, Sampling.NONE, Thinking.ADAPTIVE_UNLESS_DISABLED, "claude-sonnet-5"),
    /// Thinks unless told not to, and at the highest efforts always.
    CLAUDE_5(128_000, Sampling.NONE, Thinking.ADAPTIVE_UNLESS_CALM, "claude-opus-5|claude-haiku-5-5"),
    /// The same in other words.
    SONNET_5_5(128_000, Sampling.NONE, Thinking.ADAPTIVE_UNLESS_BETWEEN_TOOLS, "claude-sonnet-5-5"),
    /// Thinks always.
    ALWAYS(
            128_000,
            Sampling.NONE,
            Thinking.ALWAYS,
            "claude-opus-5-5|claude-(fable|mythos)-5(-\\d)?|claude-mythos-preview"),
    /// Everything else: models newer than this table, other services.
    OTHER(Integer.MAX_VALUE, Sampling.UNKNOWN, Thinking.UNKNOWN, ".*");

    /// Which of temperature, top_p and top_k a request may hold while the model does not think.
    enum Sampling {
        ANY,
        /// Temperature or top_p.
        ONE,
        /// Only what is the default anyway.
        NONE,
        UNKNOWN
    }

    /// How a model thinks.
    enum Thinking {
        NONE,
        /// When asked to, within a number of tokens.
        BUDGET,
        /// When asked to, as much as it sees fit.
        ADAPTIVE,
        /// Unless told not to, by `disabled`.
        ADAPTIVE_UNLESS_DISABLED,
        /// The same, but at efforts of xhigh and max it does not take `disabled`.
        ADAPTIVE_UNLESS_CALM,
        /// The same, by `between_tools`.
        ADAPTIVE_UNLESS_BETWEEN_TOOLS,
        ALWAYS,
        UNKNOWN;

        /// Whether the model itself decides how much.
        boolean adaptive() {
            return switch (this) {
                case ADAPTIVE, ADAPTIVE_UNLESS_DISABLED, ADAPTIVE_UNLESS_CALM, ADAPTIVE_UNLESS_BETWEEN_TOOLS, ALWAYS ->
                    true;
                case NONE, BUDGET, UNKNOWN -> false;
            };
        }

        /// Whether it thinks when the request says nothing of it.
        boolean unasked() {
            return adaptive() && this != ADAPTIVE;
        }

        /// Whether it cannot do without at efforts of xhigh and max.
        boolean onlyCalmWithout() {
            return this == ADAPTIVE_UNLESS_CALM || this == ADAPTIVE_UNLESS_BETWEEN_TOOLS;
        }
    }

    private static final List<ModelFamily> IN_ORDER = List.of(values());

    private final int mostTokens;
    private final Sampling sampling;
    private final Thinking thinking;
    private final Pattern names;

    ModelFamily(int mostTokens, Sampling sampling, Thinking thinking, String names) {
        this.mostTokens = mostTokens;
        this.sampling = sampling;
        this.thinking = thinking;
        this.names = Pattern.compile("(" + names + ")(-\\d{8}|-latest)?", Pattern.DOTALL);
    }

    static ModelFamily of(String model) {
        return IN_ORDER.stream()
                .filter(family -> family.names.matcher(model).matches())
                .findFirst()
                .orElse(OTHER);
    }

    /// The largest `max_tokens`.
    int mostTokens() {
        return mostTokens;
    }

    Sampling sampling() {
        return sampling;
    }

    Thinking thinking() {
        return thinking;
    }
}
