package io.pairbatch.provider.gemini;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What kinds of models accept, as of 2026-11-22 (contract 4.3; https://ai.google.dev/gemini-api/docs/thinking and the
/// pages of the models; https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/thinking).
///
/// @param names the models, in any case
record ModelFamily(Pattern names, Thinking thinking) {

    /// The first that fits decides. Models that draw, speak or listen (`-image`, `-tts`, `-live`) fit none on purpose.
    private static final List<ModelFamily> IN_ORDER = List.of(
            // Every Flash of the first generation with levels.
            family("gemini-3-.*flash.*", new Levels(Level.MINIMAL, Level.LOW, Level.MEDIUM, Level.HIGH)),
            // Two levels: `medium` is sent as `High`, as the contract says.
            family("gemini-3-pro(-preview.*)?", new Levels(Level.LOW, Level.HIGH)),
            family("gemini-3\\.1-pro(-preview.*)?", new Levels(Level.LOW, Level.MEDIUM, Level.HIGH)),
            family(
                    "gemini-3\\.[156]-flash(-lite)?(-preview.*)?",
                    new Levels(Level.MINIMAL, Level.LOW, Level.MEDIUM, Level.HIGH)),
            // Since 3.7 `minimal` is answered with status 400.
            family("gemini-3\\.[78]-flash(-preview.*)?", new Levels(Level.LOW, Level.MEDIUM, Level.HIGH)),
            family("gemini-2\\.5-pro(-\\d{3}|-preview-\\d.*)?", new Budget(128, 32_768, false, true)),
            family("gemini-2\\.5-flash-lite(-\\d{3}|-preview-\\d.*)?", new Budget(512, 24_576, true, false)),
            family("gemini-2\\.5-flash(-\\d{3}|-preview-\\d.*)?", new Budget(1, 24_576, true, true)),
            // An error is returned when they are sent a thinkingConfig.
            family("gemini-(1\\.[05]|2\\.0)-(?!.*thinking).*", new None()));

    /// Names such as `gemini-flash-latest`, models newer than this table, other services.
    private static final ModelFamily OTHER = family(".*", new Unknown());

    static ModelFamily of(String model) {
        String name = model.startsWith("models/") ? model.substring("models/".length()) : model;
        return IN_ORDER.stream()
                .filter(family -> family.names.matcher(name).matches())
                .findFirst()
                .orElse(OTHER);
    }

    private static ModelFamily family(String names, Thinking thinking) {
        return new ModelFamily(Pattern.compile(names, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), thinking);
    }

    /// How a model is told how much to think.
    sealed interface Thinking {}

    /// By a level, one of these.
    record Levels(List<Level> levels) implements Thinking {

        Levels(Level... levels) {
            this(List.of(levels));
        }

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
    enum Level {
        MINIMAL,
        LOW,
        MEDIUM,
        HIGH;

        static Level of(String option) {
            return valueOf(option.toUpperCase(Locale.ROOT));
        }

        String option() {
            return name().toLowerCase(Locale.ROOT);
        }

        String onTheWire() {
            return name().charAt(0) + option().substring(1);
        }
    }
}
