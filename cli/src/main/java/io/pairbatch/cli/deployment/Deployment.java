package io.pairbatch.cli.deployment;

import io.pairbatch.backend.Backend;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A stack that jobs can be given to.
///
/// @param endpoint where an emulator listens; null means AWS itself
/// @param table the registry
/// @param deleterFunction the function that removes jobs; null where a stack is older than it
/// @param secretArns the secrets that hold the providers' keys
/// @param providers whom it asks; null where that is not known
public record Deployment(
        @Nullable URI endpoint,
        String region,
        String bucket,
        String table,
        String stateMachineArn,
        @Nullable String deleterFunction,
        Map<Backend, String> secretArns,
        @Nullable Providers providers) {

    /// Whom a stack asks.
    ///
    /// @param simulated whether the simulator plays all of them
    /// @param service which service stands for [Backend#COPIED]
    /// @param baseUrls where the APIs begin
    /// @param defaults job fields used where a job's own spec names none, a JSON object
    public record Providers(boolean simulated, String service, Map<Backend, String> baseUrls, String defaults) {

        /// Where a provider's API begins.
        public String baseUrl(Backend backend) {
            return Objects.requireNonNull(baseUrls.get(backend));
        }
    }

    /// The secret that holds the provider's key.
    public String secretArn(Backend backend) {
        return Objects.requireNonNull(secretArns.get(backend));
    }

    /// The secrets as the stack's outputs name them.
    ///
    /// @param output the value of an output
    public static Map<Backend, String> secretArns(UnaryOperator<String> output) {
        return each(backend -> output.apply(backend.secretOutput()));
    }

    /// A value for each provider.
    public static <T> Map<Backend, T> each(Function<Backend, T> value) {
        Map<Backend, T> values = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            values.put(backend, value.apply(backend));
        }
        return values;
    }

    /// The name of one of the stack's functions, which is made of the stack's as the workflow's is.
    ///
    /// @param step such as `reviver`
    public String functionName(String step) {
        var name = stateMachineArn.substring(stateMachineArn.lastIndexOf(':') + 1);
        return name.substring(0, name.length() - "pairwise-batch".length()) + step;
    }

    /// Whether jobs cost money: somebody else than the simulator is asked.
    public boolean costsMoney() {
        return providers != null && !providers.simulated();
    }

    /// Whether the stack runs on an emulator, where asking often costs nothing.
    public boolean embedded() {
        return endpoint != null;
    }
}
