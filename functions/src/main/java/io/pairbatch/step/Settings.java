package io.pairbatch.step;

import io.pairbatch.job.Backend;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// The deployment's settings, read once from a function's environment.
///
/// @param leaseMargin added to a function's time limit before its submission may be settled by another
/// @param absenceGap time between the two complete listings that prove that there is no batch
/// @param defaults the stack's default job fields, a JSON object
public record Settings(
        String bucket,
        String table,
        Map<Backend, String> secrets,
        Map<Backend, URI> baseUrls,
        Duration leaseMargin,
        Duration absenceGap,
        String defaults) {

    private static final Map<Backend, String> PUBLIC = Map.of(
            Backend.OPENAI, "https://api.openai.com/v1",
            Backend.ANTHROPIC, "https://api.anthropic.com",
            Backend.GEMINI, "https://generativelanguage.googleapis.com");

    /// The secret that holds the provider's key.
    public String secret(Backend backend) {
        return Objects.requireNonNull(secrets.get(backend));
    }

    /// Where the provider's API begins.
    public URI baseUrl(Backend backend) {
        return Objects.requireNonNull(baseUrls.get(backend));
    }

    /// Reads the settings.
    ///
    /// @throws IllegalStateException listing everything that is missing or malformed
    public static Settings from(Map<String, String> environment) {
        List<String> wrong = new ArrayList<>();
        Settings settings = new Settings(
                read(environment, "PAIRBATCH_BUCKET", "", wrong, s -> s),
                read(environment, "PAIRBATCH_TABLE", "", wrong, s -> s),
                each(b -> read(environment, name(b, "SECRET"), "none", wrong, s -> s)),
                each(b -> read(
                        environment, name(b, "BASE_URL"), Objects.requireNonNull(PUBLIC.get(b)), wrong, URI::create)),
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

    private static String name(Backend backend, String what) {
        return "PAIRBATCH_" + backend.name() + "_" + what;
    }

    private static <T> Map<Backend, T> each(Function<Backend, T> read) {
        Map<Backend, T> values = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            values.put(backend, read.apply(backend));
        }
        return values;
    }

    private static Duration seconds(String value) {
        return Duration.ofSeconds(Long.parseLong(value));
    }
}
