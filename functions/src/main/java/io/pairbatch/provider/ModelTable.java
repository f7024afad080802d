package io.pairbatch.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the models of a provider accept, kind by kind: the dated table `models.json` of the provider's package, which
/// names its sources. The first pattern that fits a name decides; of a model that none fits nothing is assumed.
///
/// | member | says |
/// |---|---|
/// | `as_of`, `sources` | the day as of which the table is true, and where that stands |
/// | `names` | models that exist, without what dates them; it decides nothing but a warning before a job is dropped |
/// | `own` | a pattern of the names that are certainly this provider's |
/// | `ignore_case` | whether capitals and small letters are the same in names; false if left out |
/// | `dated` | a pattern of what may follow the names of a family whose `dated` is true |
/// | `families` | `name`, `match` (a pattern of whole names), `dated`, and members of the provider's own |
///
/// @param <F> what is known of one kind
public final class ModelTable<F> {

    private final LocalDate asOf;
    private final List<String> names;
    private final Pattern own;
    private final List<Row<F>> rows;
    private final F unknown;

    private record Row<F>(Pattern names, F family) {}

    private ModelTable(LocalDate asOf, List<String> names, Pattern own, List<Row<F>> rows, F unknown) {
        this.asOf = asOf;
        this.names = names;
        this.own = own;
        this.rows = rows;
        this.unknown = unknown;
    }

    /// Reads the table.
    ///
    /// @param beside a class of the provider's package
    /// @param family reads the members of the provider's own
    /// @param unknown what is known of a model that no pattern fits
    public static <F> ModelTable<F> read(Class<?> beside, Function<JsonNode, F> family, F unknown) {
        JsonNode json = json(beside);
        int flags = Pattern.DOTALL | (json.path("ignore_case").asBoolean(false) ? Pattern.CASE_INSENSITIVE : 0);
        String dated = "(?:" + json.path("dated").asString("") + ")?";
        List<Row<F>> rows = json.required("families")
                .valueStream()
                .map(row -> new Row<>(
                        Pattern.compile(
                                "(?:" + row.required("match").stringValue() + ")"
                                        + (row.path("dated").asBoolean(false) ? dated : ""),
                                flags),
                        family.apply(row)))
                .toList();
        return new ModelTable<>(
                LocalDate.parse(json.required("as_of").stringValue()),
                json.required("names").valueStream().map(JsonNode::stringValue).toList(),
                Pattern.compile(json.required("own").stringValue()),
                rows,
                unknown);
    }

    private static JsonNode json(Class<?> beside) {
        try (InputStream in = beside.getResourceAsStream("models.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in, "models.json is in the package"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The day as of which the table is true.
    public LocalDate asOf() {
        return asOf;
    }

    /// The models that exist on that day, as far as they are known.
    public KnownModels known() {
        return new KnownModels(asOf, names);
    }

    /// The names of models that are certainly the provider's own.
    public Pattern own() {
        return own;
    }

    /// What is known of a model.
    public F of(String model) {
        return rows.stream()
                .filter(row -> row.names.matcher(model).matches())
                .map(Row::family)
                .findFirst()
                .orElse(unknown);
    }
}
