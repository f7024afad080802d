package io.pairbatch.provider.openai;

import java.util.List;
import java.util.regex.Pattern;

/// What kinds of models accept, as of 2026-11-22 (contract 4.1; OpenAI's model pages). The first pattern that fits
/// decides; a model that none fits is sent only what the job sets.
enum ModelFamily {
    /// The first gpt-5 models by their exact names: they reason always and refuse a temperature of their own.
    BASE5(false, true, "gpt-5|gpt-5-mini|gpt-5-nano"),
    /// Reasoning that can be switched off; temperature is accepted while it is off.
    DOT5(true, true, "gpt-5\\.[12].*"),
    /// Models before reasoning, and fine-tuned ones of theirs; the search variants refuse sampling options.
    CLASSIC(true, false, "(ft:)?(?!.*-search)(gpt-3\\.5-turbo|gpt-4|gpt-4\\.1|gpt-4\\.5|gpt-4o|chatgpt-4o)([-:].*)?"),
    /// Everything else: dated gpt-5 names, gpt-5-pro, the o series, models newer than this table, other services.
    OTHER(false, false, ".*");

    private static final List<ModelFamily> IN_ORDER = List.of(values());

    private final boolean temperatureZeroByDefault;
    private final boolean effortChoosesEndpoint;
    private final Pattern names;

    ModelFamily(boolean temperatureZeroByDefault, boolean effortChoosesEndpoint, String names) {
        this.temperatureZeroByDefault = temperatureZeroByDefault;
        this.effortChoosesEndpoint = effortChoosesEndpoint;
        this.names = Pattern.compile(names, Pattern.DOTALL);
    }

    static ModelFamily of(String model) {
        return IN_ORDER.stream()
                .filter(family -> family.names.matcher(model).matches())
                .findFirst()
                .orElse(OTHER);
    }

    /// Whether a request without reasoning gets temperature 0 when the job sets none.
    boolean temperatureZeroByDefault() {
        return temperatureZeroByDefault;
    }

    /// Whether thoughts or effort move the request to `/v1/responses` (base5 and dot5).
    boolean effortChoosesEndpoint() {
        return effortChoosesEndpoint;
    }
}
