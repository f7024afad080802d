package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.stack.StackOptions.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.http.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Command line options for real providers.
public final class LiveOptions {

    @Option(
            names = "--live",
            description = "Use real providers instead of the simulator: those with a key in " + Backend.KEY_VARIABLES
                    + ". Costs money.")
    private boolean live;

    @Option(
            names = "--live-url",
            paramLabel = "PROVIDER=URL",
            description = "Base URL of a compatible service or a gateway, for " + Backend.CODES
                    + ". Can be given several times.")
    private Map<Backend, String> urls = Map.of();

    @Option(
            names = "--live-service",
            paramLabel = "SERVICE",
            description = "Service to use as " + Backend.COPIED_CODE + ": " + Backend.SERVICE_CODES
                    + " (any other that copies " + Backend.COPIED_NAME + "'s API). "
                    + Backend.SERVICES_WITHOUT_ADDRESS + " need --live-url " + Backend.COPIED_CODE + "=URL.")
    private @Nullable String service;

    @Option(
            names = "--live-ca",
            paramLabel = "FILE",
            description = "PEM file with the certificate of an authority to trust in addition to the public ones.")
    private @Nullable Path authority;

    /// Whether to use real providers.
    ///
    /// @throws CliException when their options are given without --live
    public boolean live() {
        if (!live && changesStack()) {
            throw CliException.usage(
                    "--live-url, --live-service and --live-ca need --live.", "Add --live, or leave them out.");
        }
        return live;
    }

    /// Whether the options change a stack that already runs live.
    public boolean changesStack() {
        return !urls.isEmpty() || service != null || authority != null;
    }

    /// The service for jobs of [Backend#COPIED].
    public io.pairbatch.provider.Service service() {
        String code = service == null ? Backend.COPIED_CODE : service;
        return Providers.service(code)
                .orElseThrow(() -> CliException.usage(
                        "--live-service: unknown service \"" + code + "\".",
                        "Name one of " + String.join(", ", Providers.serviceCodes()) + "."));
    }

    /// The options of a stack that uses the providers whose keys are in the environment.
    ///
    /// @throws CliException when there is no key, or an address or the authority's file is wrong
    public StackOptions applyTo(StackOptions options, Map<String, String> environment) {
        Map<Backend, Service> services = new EnumMap<>(Backend.class);
        keys(environment).forEach((backend, key) -> services.put(backend, new Service(url(backend), key)));
        if (services.isEmpty()) {
            throw CliException.usage(
                    "--live needs a key.",
                    "Put it into the environment variable " + Backend.KEY_VARIABLES.replace(" and ", " or ") + ".");
        }
        return options.withProvider(new StackOptions.Live(services))
                .withService(service().code())
                .withCaCertificates(authorities());
    }

    /// The keys in an environment.
    public static Map<Backend, String> keys(Map<String, String> environment) {
        Map<Backend, String> keys = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            String key = environment.getOrDefault(variable(backend), "").strip();
            if (!key.isEmpty()) {
                keys.put(backend, key);
            }
        }
        return keys;
    }

    /// The environment variable that holds a provider's key.
    public static String variable(Backend backend) {
        return backend.keyVariable();
    }

    /// Where a provider's API begins.
    ///
    /// @throws CliException when it has no default address and none is given, or what is given is none
    public URI address(Backend backend) {
        String url = url(backend);
        try {
            URI address = new URI(url);
            if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw CliException.usage(
                "--live-url " + backend.code() + "=" + url + " is no address.",
                "Give one that begins with https:// or http://.");
    }

    /// Whose certificates count.
    ///
    /// @throws CliException when the authority's file is wrong
    public Trust trust() {
        return Trust.and(authorities());
    }

    private String url(Backend backend) {
        String named = urls.get(backend);
        String url = named == null ? ProviderAddresses.ofItself(backend, service()) : named;
        if (url.isEmpty()) {
            throw CliException.usage(
                    "--live-service " + service().code() + " has no default address.",
                    "Name yours: --live-url " + Backend.COPIED_CODE + "=URL.");
        }
        return url;
    }

    private String authorities() {
        if (authority == null) {
            return "";
        }
        GivenFile.check(authority, "Name the PEM file of the authority with --live-ca.");
        try {
            return Trust.compact(Files.readString(authority));
        } catch (IOException e) {
            throw CliException.usage(
                    authority + " is not a text.", "Name the PEM file of the authority with --live-ca.");
        } catch (IllegalArgumentException e) {
            throw CliException.usage(
                    "--live-ca " + authority + ": " + e.getMessage() + ".",
                    "Name a PEM file that contains only the authority's certificate.");
        }
    }
}
