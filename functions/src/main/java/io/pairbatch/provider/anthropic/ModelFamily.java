package io.pairbatch.provider.anthropic;

import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.ModelTable;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What the models of one kind accept (contract 4.2): a record of `models.json` ([ModelTable]).
///
/// @param mostTokens the largest `max_tokens`
record ModelFamily(int mostTokens, Sampling sampling, Thinking thinking) {

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

    private static final ModelFamily UNKNOWN = new ModelFamily(Integer.MAX_VALUE, Sampling.UNKNOWN, Thinking.UNKNOWN);
    private static final ModelTable<ModelFamily> TABLE = ModelTable.read(ModelFamily.class, ModelFamily::read, UNKNOWN);

    static ModelFamily of(String model) {
        return TABLE.of(model);
    }

    /// The names that are certainly Anthropic's.
    static Pattern names() {
        return TABLE.own();
    }

    /// The models that are known by name.
    static KnownModels known() {
        return TABLE.known();
    }

    boolean isUnknown() {
        return equals(UNKNOWN);
    }

    private static ModelFamily read(JsonNode row) {
        return new ModelFamily(
                row.required("most_tokens").intValue(),
                Sampling.valueOf(row.required("sampling").stringValue().toUpperCase(Locale.ROOT)),
                Thinking.valueOf(row.required("thinking").stringValue().toUpperCase(Locale.ROOT)));
    }
}
