package io.pairbatch.provider.openai;

import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.ModelTable;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the models of one kind accept (contract 4.1): a record of `models.json` ([ModelTable]).
///
/// @param efforts reasoning efforts that it takes; empty when it takes none, null when nobody knows
/// @param defaultEffort what it does when no effort is sent; null when it does not reason or nobody knows
/// @param thoughtsEffort the effort that is asked for when a job wants thoughts and names none; null when such a wish
/// alone changes nothing (contract 4.1, family *other*)
/// @param noneIsMinimal whether the effort `none` stands for `minimal` (base5)
/// @param responsesOnly whether it is not served on `/v1/chat/completions`
record ModelFamily(
        Sampling sampling,
        @Nullable List<String> efforts,
        @Nullable String defaultEffort,
        @Nullable String thoughtsEffort,
        boolean noneIsMinimal,
        boolean responsesOnly) {

    /// When temperature, top_p and logprobs are accepted.
    enum Sampling {
        ALWAYS,
        /// At the effort `none`.
        WITHOUT_REASONING,
        /// Only values that are the default anyway.
        NEVER,
        /// Nobody knows: they are sent when the job sets them.
        WHEN_SET
    }

    private static final ModelFamily UNKNOWN = new ModelFamily(Sampling.WHEN_SET, null, null, null, false, false);
    private static final ModelTable<ModelFamily> TABLE = ModelTable.read(ModelFamily.class, ModelFamily::read, UNKNOWN);

    /// The day as of which the table is true.
    static LocalDate asOf() {
        return TABLE.asOf();
    }

    /// The names that are certainly OpenAI's.
    static Pattern names() {
        return TABLE.own();
    }

    /// The models that are known by name.
    static KnownModels known() {
        return TABLE.known();
    }

    static ModelFamily of(String model) {
        return TABLE.of(model);
    }

    boolean isUnknown() {
        return equals(UNKNOWN);
    }

    /// Whether it is known to reason.
    boolean reasons() {
        return defaultEffort != null;
    }

    /// Whether it is known to take no effort at all.
    boolean takesNoEffort() {
        return efforts != null && efforts.isEmpty();
    }

    private static ModelFamily read(JsonNode row) {
        List<String> efforts =
                row.path("efforts").valueStream().map(JsonNode::stringValue).toList();
        return new ModelFamily(
                Sampling.valueOf(row.path("sampling").stringValue().toUpperCase(Locale.ROOT)),
                row.has("efforts") ? efforts : null,
                row.path("default_effort").asString(null),
                row.path("thoughts_effort").asString(null),
                row.path("none_is_minimal").asBoolean(false),
                row.path("responses_only").asBoolean(false));
    }
}
