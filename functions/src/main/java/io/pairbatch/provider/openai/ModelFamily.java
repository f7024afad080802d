package io.pairbatch.provider.openai;

import io.pairbatch.provider.http.ProviderHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the models of one kind accept (contract 4.1): a record of the dated table `models.json`, which names its
/// sources. Its first pattern that fits decides; of a model that none fits nothing is assumed.
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
    private static final JsonNode JSON = table();
    private static final List<Row> TABLE =
            JSON.path("families").valueStream().map(Row::of).toList();

    /// The day as of which the table is true.
    static LocalDate asOf() {
        return LocalDate.parse(JSON.path("as_of").stringValue());
    }

    static ModelFamily of(String model) {
        return TABLE.stream()
                .filter(row -> row.names.matcher(model).matches())
                .map(Row::family)
                .findFirst()
                .orElse(UNKNOWN);
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

    private record Row(Pattern names, ModelFamily family) {

        static Row of(JsonNode row) {
            String dated = row.path("dated").asBoolean(false) ? "(-\\d{4}-\\d{2}-\\d{2})?" : "";
            Pattern names = Pattern.compile("(?:" + row.path("match").stringValue() + ")" + dated, Pattern.DOTALL);
            List<String> efforts =
                    row.path("efforts").valueStream().map(JsonNode::stringValue).toList();
            ModelFamily family = new ModelFamily(
                    Sampling.valueOf(row.path("sampling").stringValue().toUpperCase(Locale.ROOT)),
                    row.has("efforts") ? efforts : null,
                    row.path("default_effort").asString(null),
                    row.path("thoughts_effort").asString(null),
                    row.path("none_is_minimal").asBoolean(false),
                    row.path("responses_only").asBoolean(false));
            return new Row(names, family);
        }
    }

    private static JsonNode table() {
        try (InputStream in = ModelFamily.class.getResourceAsStream("models.json")) {
            return ProviderHttp.JSON.readTree(Objects.requireNonNull(in, "models.json is in the package"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
