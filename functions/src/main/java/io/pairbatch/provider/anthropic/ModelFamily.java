package io.pairbatch.provider.anthropic;

import java.util.List;
import java.util.regex.Pattern;

/// What kinds of models accept, as of 2026-11-22 (contract 4.2;
/// https://platform.claude.com/docs/en/build-with-claude/thinking and the migration guide of each model there). The
/// first pattern that fits decides; of a model that none fits nothing is assumed.
enum ModelFamily {
    /// No thinking.
    CLAUDE_3(Sampling.ANY, Thinking.NONE, "claude-3(-5)?-(opus|sonnet|haiku)"),
    /// The first that think, within a budget.
    CLAUDE_4(Sampling.ANY, Thinking.BUDGET, "claude-3-7-sonnet|claude-(opus|sonnet)-4(-0)?"),
    /// Temperature or top_p, not both. 4.6 thinks adaptively too, and still within a budget.
    CLAUDE_4_5(Sampling.ONE, Thinking.BUDGET, "claude-opus-4-[156]|claude-sonnet-4-[56]|claude-haiku-4-5"),
    /// Thinks when asked to, adaptively and only so; no sampling options from here on.
    CLAUDE_4_7(Sampling.NONE, Thinking.ADAPTIVE, "claude-opus-4-[78]"),
    /// Thinks unless told not to.
    CLAUDE_5(Sampling.NONE, Thinking.ADAPTIVE_UNLESS_DISABLED, "claude-(opus|sonnet)-5|claude-haiku-5-5"),
    SONNET_5_5(Sampling.NONE, Thinking.ADAPTIVE_UNLESS_BETWEEN_TOOLS, "claude-sonnet-5-5"),
    /// Thinks always.
    ALWAYS(Sampling.NONE, Thinking.ALWAYS, "claude-opus-5-5|claude-(fable|mythos)-5(-\\d)?|claude-mythos-preview"),
    /// Everything else: models newer than this table, other services.
    OTHER(Sampling.UNKNOWN, Thinking.UNKNOWN, ".*");

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
        ADAPTIVE_UNLESS_DISABLED,
        ADAPTIVE_UNLESS_BETWEEN_TOOLS,
        ALWAYS,
        UNKNOWN;

        /// Whether the model itself decides how much.
        boolean adaptive() {
            return switch (this) {
                case ADAPTIVE, ADAPTIVE_UNLESS_DISABLED, ADAPTIVE_UNLESS_BETWEEN_TOOLS, ALWAYS -> true;
                case NONE, BUDGET, UNKNOWN -> false;
            };
        }
    }

    private static final List<ModelFamily> IN_ORDER = List.of(values());

    private final Sampling sampling;
    private final Thinking thinking;
    private final Pattern names;

    ModelFamily(Sampling sampling, Thinking thinking, String names) {
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

    Sampling sampling() {
        return sampling;
    }

    Thinking thinking() {
        return thinking;
    }
}
