package io.pairbatch.cli.deployment;

import io.pairbatch.backend.Backend;
import io.pairbatch.step.DeployedProviders;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A stack that takes jobs.
///
/// @param endpoint where an emulator listens; null means AWS itself
/// @param table the registry
/// @param deleterFunction the function that deletes jobs; null in older stacks
/// @param secretArns the secrets that hold the providers' keys; none of a provider that the deployment leaves out
/// @param providers the providers that it uses; null if unknown
public record Deployment(
        @Nullable URI endpoint,
        String region,
        String bucket,
        String table,
        String stateMachineArn,
        @Nullable String deleterFunction,
        Map<Backend, String> secretArns,
        @Nullable Providers providers) {

    /// The providers that a stack uses.
    ///
    /// @param simulated whether they are all simulated
    /// @param service the service used as [Backend#COPIED]
    /// @param baseUrls where the APIs begin
    /// @param defaults default values of job fields, a JSON object
    public record Providers(boolean simulated, String service, Map<Backend, String> baseUrls, String defaults) {

        /// Where a provider's API begins.
        public String baseUrl(Backend backend) {
            return Objects.requireNonNull(baseUrls.get(backend));
        }
    }

    /// The secret that holds the key of a provider that is not left out.
    public String secretArn(Backend backend) {
        return Objects.requireNonNull(secretArns.get(backend));
    }

    /// The providers that it has: of each there is a secret.
    public DeployedProviders deployed() {
        return DeployedProviders.of(secretArns.keySet());
    }

    /// Whether it leaves this provider out.
    public boolean leavesOut(Backend backend) {
        return !deployed().has(backend);
    }

    /// The secrets as the stack's outputs name them.
    ///
    /// @param outputs their values by name
    public static Map<Backend, String> secretArns(Map<String, String> outputs) {
        Map<Backend, String> arns = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            String arn = outputs.get(backend.secretOutput());
            if (arn != null) {
                arns.put(backend, arn);
            }
        }
        return arns;
    }

    /// A value for each provider.
    public static <T> Map<Backend, T> each(Function<Backend, T> value) {
        Map<Backend, T> values = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            values.put(backend, value.apply(backend));
        }
        return values;
    }

    /// The name of one of the stack's functions. It begins as the workflow's name does.
    ///
    /// @param step such as `reviver`
    public String functionName(String step) {
        String name = stateMachineArn.substring(stateMachineArn.lastIndexOf(':') + 1);
        return name.substring(0, name.length() - "pairwise-batch".length()) + step;
    }

    /// Whether jobs cost money: they do unless the providers are simulated.
    public boolean costsMoney() {
        return providers != null && !providers.simulated();
    }

    /// What is to be known of verdicts that no model gives; empty where a model does, or where that is not known.
    public Optional<String> simulated() {
        return providers == null || !providers.simulated()
                ? Optional.empty()
                : Optional.of("The provider is a simulator: no model reads the texts. Those whose qualities it knows"
                        + " (./pairbatch up says which) are judged by them with some noise, any other pair by chance.");
    }

    /// Whether the stack runs on an emulator, where requests cost nothing.
    public boolean embedded() {
        return endpoint != null;
    }
}
