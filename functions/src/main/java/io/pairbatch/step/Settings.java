package io.pairbatch.step;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.http.Trust;
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
/// @param providers those that the deployment does not leave out
/// @param secrets the secrets with their keys
/// @param service the service used for [Backend#COPIED]
/// @param leaseMargin added to a function's time limit before another function may resolve its submission
/// @param absenceGap time between the two complete lists that prove that there is no batch
/// @param lateWrites how long after its job was taken away a function may still write
/// @param patience how long to wait for a provider before results that were paid for count as lost, and whether its
/// lists are trusted
/// @param trust whose certificates are accepted at the providers' addresses
/// @param defaults the stack's default job fields, a JSON object
/// @param preflight whether jobs that do not set it have a preflight
/// @param simulated whether the simulator stands in for every provider, so that nothing is paid
public record Settings(
        String bucket,
        String table,
        String stateMachine,
        DeployedProviders providers,
        Map<Backend, String> secrets,
        Service service,
        Map<Backend, URI> baseUrls,
        Duration leaseMargin,
        Duration absenceGap,
        Duration lateWrites,
        Patience patience,
        Trust trust,
        String defaults,
        PreflightDefault preflight,
        boolean simulated) {

    /// Whether jobs that do not set it have a preflight (`PAIRBATCH_PREFLIGHT`).
    public enum PreflightDefault {
        /// If the provider is called at its own public address: there, a batch costs money.
        AUTO,
        ON,
        OFF
    }

    /// Whether a job that does not set it has a preflight with this provider.
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
    ///
    /// @throws io.pairbatch.problem.JobRejectedException `PROVIDER_NOT_DEPLOYED`
    public String secret(Backend backend) {
        providers.require(backend);
        return Objects.requireNonNull(secrets.get(backend));
    }

    /// The base URL of the provider's API.
    public URI baseUrl(Backend backend) {
        return Objects.requireNonNull(baseUrls.get(backend));
    }

    /// Reads the settings.
    ///
    /// @throws IllegalStateException listing all missing or malformed settings
    public static Settings from(Map<String, String> environment) {
        List<String> wrong = new ArrayList<>();
        Service service =
                read(environment, Backend.COPIED.setting("SERVICE"), Backend.COPIED.code(), wrong, Settings::service);
        Settings settings = new Settings(
                read(environment, "PAIRBATCH_BUCKET", "", wrong, s -> s),
                read(environment, "PAIRBATCH_TABLE", "", wrong, s -> s),
                environment.getOrDefault("PAIRBATCH_STATE_MACHINE", ""),
                // Only a deployment that leaves one out names the others.
                read(
                        environment,
                        "PAIRBATCH_PROVIDERS",
                        DeployedProviders.ALL.codes(),
                        wrong,
                        DeployedProviders::parse),
                each(b -> read(environment, b.setting("SECRET"), "none", wrong, s -> s)),
                service,
                each(b -> read(
                        addresses(environment, service),
                        b.setting("BASE_URL"),
                        address(b, service),
                        wrong,
                        URI::create)),
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
                        s -> PreflightDefault.valueOf(s.toUpperCase(Locale.ROOT))),
                read(environment, "PAIRBATCH_SIMULATED", "false", wrong, Boolean::parseBoolean));
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

    private static Service service(String code) {
        return Providers.service(code).orElseThrow(() -> new IllegalArgumentException("no service " + code));
    }

    /// A deployment always sets an address, by default the provider's own; a key for another service is not sent there.
    private static Map<String, String> addresses(Map<String, String> environment, Service service) {
        String name = service.backend().setting("BASE_URL");
        if (service.isItself() || !service.backend().url().equals(environment.get(name))) {
            return environment;
        }
        Map<String, String> others = new HashMap<>(environment);
        others.remove(name);
        return others;
    }

    /// The address of the provider itself; empty if each customer has their own.
    private static String address(Backend backend, Service service) {
        return Objects.toString(Providers.service(backend, service).baseUrl(), "");
    }

    /// Empty if only the platform's certificate authorities are trusted.
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
