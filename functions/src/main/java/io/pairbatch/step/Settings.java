package io.pairbatch.step;

import io.pairbatch.job.Backend;
import io.pairbatch.provider.http.Trust;
import io.pairbatch.provider.openai.OpenAiService;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// The deployment's settings, read once from a function's environment.
///
/// @param stateMachine ARN of the workflow, for functions that start it; else empty
/// @param service which service stands for OpenAI
/// @param leaseMargin added to a function's time limit before its submission may be settled by another
/// @param absenceGap time between the two complete listings that prove that there is no batch
/// @param lateWrites how long after its job was taken from it a function may still write
/// @param patience how long a provider is given before what it was paid for counts as lost, and whether its lists are
/// trusted
/// @param trust whose certificates count at the providers' addresses
/// @param defaults the stack's default job fields, a JSON object
/// @param preflight whether jobs have a preflight that do not say so themselves
public record Settings(
        String bucket,
        String table,
        String stateMachine,
        Map<Backend, String> secrets,
        OpenAiService service,
        Map<Backend, URI> baseUrls,
        Duration leaseMargin,
        Duration absenceGap,
        Duration lateWrites,
        Patience patience,
        Trust trust,
        String defaults,
        PreflightDefault preflight) {

    /// Whether jobs that do not say so themselves have a preflight (`PAIRBATCH_PREFLIGHT`).
    public enum PreflightDefault {
        /// Where the provider is asked at its own public address: there a batch costs money.
        AUTO,
        ON,
        OFF
    }

    /// Whether a job that does not say so itself has a preflight with this provider.
    public boolean preflight(Backend backend) {
        return switch (preflight) {
            case ON -> true;
            case OFF -> false;
            case AUTO ->
                plain(address(backend, service)).equals(plain(baseUrl(backend).toString()));
        };
    }

    private static String plain(String address) {
        return address.toLowerCase(Locale.ROOT).replaceAll("/+$", "");
    }

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
        OpenAiService service =
                read(environment, "PAIRBATCH_OPENAI_SERVICE", OpenAiService.OPENAI, wrong, OpenAiService::of);
        Settings settings = new Settings(
                read(environment, "PAIRBATCH_BUCKET", "", wrong, s -> s),
                read(environment, "PAIRBATCH_TABLE", "", wrong, s -> s),
                environment.getOrDefault("PAIRBATCH_STATE_MACHINE", ""),
                each(b -> read(environment, name(b, "SECRET"), "none", wrong, s -> s)),
                service,
                each(b -> read(
                        addresses(environment, service), name(b, "BASE_URL"), address(b, service), wrong, URI::create)),
                read(environment, "PAIRBATCH_LEASE_MARGIN_SECONDS", "60", wrong, Settings::seconds),
                read(environment, "PAIRBATCH_ABSENCE_GAP_SECONDS", "60", wrong, Settings::seconds),
                read(environment, "PAIRBATCH_LATE_WRITE_SECONDS", "960", wrong, Settings::seconds),
                patience(environment, wrong),
                trust(environment, wrong),
                read(environment, "PAIRBATCH_DEFAULTS", "{}", wrong, s -> s),
                read(
                        environment,
                        "PAIRBATCH_PREFLIGHT",
                        "auto",
                        wrong,
                        s -> PreflightDefault.valueOf(s.toUpperCase(Locale.ROOT))));
        if (!wrong.isEmpty()) {
            throw new IllegalStateException("the function's environment is wrong: " + String.join("; ", wrong));
        }
        return settings;
    }

    private static Patience patience(Map<String, String> environment, List<String> wrong) {
        return new Patience(
                read(environment, "PAIRBATCH_DENIED_SECONDS", "3600", wrong, Settings::seconds),
                read(environment, "PAIRBATCH_INCOMPLETE_SECONDS", "86400", wrong, Settings::seconds),
                Patience.USUAL.beyondWindow(),
                read(environment, "PAIRBATCH_LISTS_TRUSTED", "false", wrong, Boolean::parseBoolean));
    }

    /// A deployment always names an address, OpenAI's own when nobody chose one; a key to another service is not sent
    /// there.
    private static Map<String, String> addresses(Map<String, String> environment, OpenAiService service) {
        String name = name(Backend.OPENAI, "BASE_URL");
        OpenAiService itself = OpenAiService.of(OpenAiService.OPENAI);
        if (service.equals(itself) || !Objects.toString(itself.baseUrl()).equals(environment.get(name))) {
            return environment;
        }
        Map<String, String> others = new HashMap<>(environment);
        others.remove(name);
        return others;
    }

    /// The address of the provider itself; empty where each customer has one of its own.
    private static String address(Backend backend, OpenAiService service) {
        return switch (backend) {
            case OPENAI -> Objects.toString(service.baseUrl(), "");
            case ANTHROPIC -> "https://api.anthropic.com";
            case GEMINI -> "https://generativelanguage.googleapis.com";
        };
    }

    /// Empty where nobody but the platform's authorities is trusted.
    private static Trust trust(Map<String, String> environment, List<String> wrong) {
        try {
            return Trust.and(environment.getOrDefault("PAIRBATCH_CA_CERTIFICATES", ""));
        } catch (IllegalArgumentException e) {
            wrong.add("PAIRBATCH_CA_CERTIFICATES: " + e.getMessage());
            return Trust.USUAL;
        }
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
