package io.pairbatch.step;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The deployment's settings, read once from a function's environment.
///
/// @param leaseMargin added to a function's time limit before its submission may be settled by another
/// @param absenceGap time between the two complete listings that prove that there is no batch
/// @param defaults the stack's default job fields, a JSON object
public record Settings(
        String bucket,
        String table,
        String openaiSecret,
        URI openaiBaseUrl,
        Duration leaseMargin,
        Duration absenceGap,
        String defaults) {

    /// Reads the settings.
    ///
    /// @throws IllegalStateException listing everything that is missing or malformed
    public static Settings from(Map<String, String> environment) {
        List<String> wrong = new ArrayList<>();
        Settings settings = new Settings(
                read(environment, "PAIRBATCH_BUCKET", "", wrong, s -> s),
                read(environment, "PAIRBATCH_TABLE", "", wrong, s -> s),
                read(environment, "PAIRBATCH_OPENAI_SECRET", "none", wrong, s -> s),
                read(environment, "PAIRBATCH_OPENAI_BASE_URL", "https://api.openai.com/v1", wrong, URI::create),
                read(environment, "PAIRBATCH_LEASE_MARGIN_SECONDS", "60", wrong, Settings::seconds),
                read(environment, "PAIRBATCH_ABSENCE_GAP_SECONDS", "60", wrong, Settings::seconds),
                read(environment, "PAIRBATCH_DEFAULTS", "{}", wrong, s -> s));
        if (!wrong.isEmpty()) {
            throw new IllegalStateException("the function's environment is wrong: " + String.join("; ", wrong));
        }
        return settings;
    }

    private static <T> T read(
            Map<String, String> environment,
            String name,
            String fallback,
            List<String> wrong,
            Function<String, T> parse) {
        String value = environment.getOrDefault(name, fallback);
        if (value.isEmpty()) {
            wrong.add(name + " is missing");
        }
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            wrong.add(name + " is " + value);
            return parse.apply(fallback);
        }
    }

    private static Duration seconds(String value) {
        return Duration.ofSeconds(Long.parseLong(value));
    }
}
