package io.pairbatch.provider.gemini;

import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.ModelTable;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What the models of one kind accept (contract 4.3): a record of `models.json` ([ModelTable]). Unknown are names such
/// as `gemini-flash-latest`, models newer than the table, other services.
record ModelFamily(Thinking thinking) {

    private static final String PREFIX = "models/";
    private static final ModelTable<ModelFamily> TABLE =
            ModelTable.read(ModelFamily.class, ModelFamily::read, new ModelFamily(new Unknown()));

    static ModelFamily of(String model) {
        return TABLE.of(model.startsWith(PREFIX) ? model.substring(PREFIX.length()) : model);
    }

    /// The names that are certainly Gemini's.
    static Pattern names() {
        return TABLE.own();
    }

    /// The models that are known by name.
    static KnownModels known() {
        return TABLE.known();
    }

    private static ModelFamily read(JsonNode row) {
        JsonNode levels = row.path("levels");
        JsonNode budget = row.path("budget");
        if (levels.isArray()) {
            return new ModelFamily(new Levels(levels.valueStream()
                    .map(level -> new Level(level.stringValue()))
                    .toList()));
        }
        return new ModelFamily(
                budget.isObject()
                        ? new Budget(
                                budget.required("least").intValue(),
                                budget.required("most").intValue(),
                                budget.required("can_be_off").booleanValue(),
                                budget.required("by_default").booleanValue())
                        : new None());
    }

    /// How a model is told how much to think.
    sealed interface Thinking {}

    /// By a level, one of these.
    record Levels(List<Level> levels) implements Thinking {

        /// As a job names them, such as `low, medium or high`.
        String names() {
            String all =
                    levels.stream().limit(levels.size() - 1L).map(Level::option).collect(Collectors.joining(", "));
            return all + " or " + levels.getLast().option();
        }
    }

    /// By a number of tokens; a level is refused. -1, which lets the model decide, is always accepted.
    ///
    /// @param least the smallest number but 0
    /// @param canBeOff whether 0 is accepted and means no thinking
    /// @param byDefault whether it thinks when it is sent no number
    record Budget(int least, int most, boolean canBeOff, boolean byDefault) implements Thinking {

        boolean accepts(int tokens) {
            return tokens == -1 || (tokens == 0 && canBeOff) || (tokens >= least && tokens <= most);
        }

        String range() {
            return "-1 (the model decides)" + (canBeOff ? ", 0 (no thinking)" : "") + " or " + least + " to " + most;
        }
    }

    /// It does not think.
    record None() implements Thinking {}

    /// Nothing is known: it is sent only what the job sets.
    record Unknown() implements Thinking {}

    /// How much a model thinks.
    ///
    /// On the wire the contract's spelling, `Low`. Google's REST examples write `low`, its SDKs `LOW`: the name of the
    /// enum's value is read in any case, and no document says otherwise.
    ///
    /// @param option its name in a job, such as `low`
    record Level(String option) {

        static final Level LOW = new Level("low");
        static final Level MEDIUM = new Level("medium");
        static final Level HIGH = new Level("high");

        String onTheWire() {
            return option.substring(0, 1).toUpperCase(Locale.ROOT) + option.substring(1);
        }
    }
}
