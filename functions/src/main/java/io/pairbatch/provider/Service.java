package io.pairbatch.provider;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.http.Network;
import io.pairbatch.spec.JobSpec;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Who answers a provider's batches: the provider itself, or another service that speaks its protocol. Which one it is
/// belongs to the deployment, not to a job.
public interface Service {

    /// The provider that it is or stands for.
    Backend backend();

    /// Its name in settings; that of the provider itself is the provider's.
    String code();

    /// Where its API begins; null where each customer has an address of its own.
    @Nullable
    URI baseUrl();

    /// The path with which its API begins at an address of somebody's own, such as a gateway's; may be empty.
    String path();

    /// What it is sent, and what it writes.
    ProviderFormat format();

    /// A client for a job.
    ///
    /// @param baseUrl where its API begins
    /// @param network over which it is reached
    BatchProvider connect(JobSpec spec, URI baseUrl, String key, Network network);

    /// How long it keeps what is not deleted (docs/PROVIDERS.md, *What the provider keeps*).
    default Keeping keeping() {
        return Keeping.UNKNOWN;
    }

    /// Whether it is the provider itself.
    default boolean isItself() {
        return code().equals(backend().code());
    }

    /// Its name among all accounts: another service is another provider, what one made the other cannot miss.
    default String account() {
        return isItself() ? code() : backend().code() + "/" + code();
    }
}
