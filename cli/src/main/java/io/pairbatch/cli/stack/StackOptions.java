package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The options of an embedded stack. Immutable; start from [#defaults()].
///
/// @param provider who answers the batches
/// @param service the service to use as [Backend#COPIED]
/// @param caCertificates PEM of authorities to trust in addition to the public ones; empty for none
/// @param leaseMarginSeconds how long after a function's deadline its lease on a submission still holds
/// @param absenceGapSeconds least time between the two listings that prove a batch absent
/// @param splitterTimeoutSeconds time limit of the splitter function
/// @param waitScale factor on the state machine's waits and retry pauses; 0 skips them
/// @param context more CDK context values
public record StackOptions(
        Provider provider,
        String service,
        String caCertificates,
        int leaseMarginSeconds,
        int absenceGapSeconds,
        int splitterTimeoutSeconds,
        double waitScale,
        Map<String, String> context) {

    public StackOptions {
        context = Map.copyOf(context);
    }

    /// Who answers the batches.
    public sealed interface Provider {}

    /// The simulator, started with the stack.
    ///
    /// @param arguments more command line arguments for it; port, data folder, key and ready file are set anyway
    /// @param knows whether it is told how good the example's texts are, unless the arguments name other texts
    /// @param folder where files that the arguments name are looked for
    public record Simulated(List<String> arguments, boolean knows, Path folder) implements Provider {

        private static final String QUALITIES = "--qualities";

        /// So few that a small first job seldom loses more than what counts as done.
        private static final Map<String, String> FEW_FAILURES =
                new TreeMap<>(Map.of("--error-rate", "0.003", "--missing-tag-rate", "0.003"));

        public Simulated {
            arguments = List.copyOf(arguments);
        }

        /// One whose files are named from the user's folder.
        public Simulated(List<String> arguments, boolean knows) {
            this(arguments, knows, Path.of("").toAbsolutePath());
        }

        /// All arguments.
        List<String> arguments(Project project) {
            List<String> all = new ArrayList<>();
            if (knows) {
                FEW_FAILURES.forEach((option, rate) -> all.addAll(names(option) ? List.of() : List.of(option, rate)));
            }
            if (knows && !names()) {
                all.addAll(List.of(QUALITIES, project.exampleQualities().toString()));
            }
            all.addAll(arguments);
            return all;
        }

        private boolean names() {
            return names(QUALITIES);
        }

        private boolean names(String option) {
            return arguments.stream().anyMatch(a -> a.equals(option) || a.startsWith(option + "="));
        }

        /// How it judges, in a line.
        public String rule() {
            String texts = names() ? "the texts of the file of --qualities" : "the texts of examples/essays";
            return names() || knows
                    ? "no model: " + texts + " by their qualities with some noise, any other pair by chance"
                    : "no model: any pair by chance";
        }
    }

    /// Real providers, or services compatible with them. Costs money.
    ///
    /// @param services those with a key
    public record Live(Map<Backend, Service> services) implements Provider {

        public Live {
            services = Map.copyOf(services);
        }
    }

    /// A provider's base URL and key; an empty key when there is none.
    public record Service(String baseUrl, String apiKey) {

        /// Leaves the key out.
        @Override
        public String toString() {
            return "Service[" + baseUrl + "]";
        }
    }

    public static StackOptions defaults() {
        return new StackOptions(new Simulated(List.of(), false), Backend.COPIED_CODE, "", 60, 60, 600, 1.0, Map.of());
    }

    public StackOptions withProvider(Provider value) {
        return new StackOptions(
                value,
                service,
                caCertificates,
                leaseMarginSeconds,
                absenceGapSeconds,
                splitterTimeoutSeconds,
                waitScale,
                context);
    }

    /// With a service in the place of [Backend#COPIED].
    ///
    /// @param value one of [Backend#SERVICES]
    public StackOptions withService(String value) {
        return new StackOptions(
                provider,
                value,
                caCertificates,
                leaseMarginSeconds,
                absenceGapSeconds,
                splitterTimeoutSeconds,
                waitScale,
                context);
    }

    /// Trusts other authorities in addition to the public ones at the providers' addresses.
    ///
    /// @param value PEM; empty for none
    public StackOptions withCaCertificates(String value) {
        return new StackOptions(
                provider,
                service,
                value,
                leaseMarginSeconds,
                absenceGapSeconds,
                splitterTimeoutSeconds,
                waitScale,
                context);
    }

    public StackOptions withSimulatorArguments(String... arguments) {
        return withProvider(new Simulated(List.of(arguments), false));
    }

    public StackOptions withLeaseMarginSeconds(int value) {
        return new StackOptions(
                provider,
                service,
                caCertificates,
                value,
                absenceGapSeconds,
                splitterTimeoutSeconds,
                waitScale,
                context);
    }

    public StackOptions withAbsenceGapSeconds(int value) {
        return new StackOptions(
                provider,
                service,
                caCertificates,
                leaseMarginSeconds,
                value,
                splitterTimeoutSeconds,
                waitScale,
                context);
    }

    public StackOptions withSplitterTimeoutSeconds(int value) {
        return new StackOptions(
                provider, service, caCertificates, leaseMarginSeconds, absenceGapSeconds, value, waitScale, context);
    }

    public StackOptions withWaitScale(double value) {
        return new StackOptions(
                provider,
                service,
                caCertificates,
                leaseMarginSeconds,
                absenceGapSeconds,
                splitterTimeoutSeconds,
                value,
                context);
    }

    public StackOptions withContext(String name, String value) {
        Map<String, String> values = new TreeMap<>(context);
        values.put(name, value);
        return new StackOptions(
                provider,
                service,
                caCertificates,
                leaseMarginSeconds,
                absenceGapSeconds,
                splitterTimeoutSeconds,
                waitScale,
                values);
    }
}
