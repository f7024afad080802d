package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import java.util.Map;
import java.util.Objects;

/// Where the providers' APIs begin.
final class ProviderAddresses {

    private ProviderAddresses() {}

    /// A provider's default address; empty if each customer has another.
    ///
    /// @param standIn the service used as [Backend#COPIED]
    static String ofItself(Backend backend, Service standIn) {
        return Objects.toString(Providers.service(backend, standIn).baseUrl(), "");
    }

    /// The providers of a stack with these options; one without a key has its default address.
    static Deployment.Providers of(StackOptions options, Map<Backend, StackOptions.Service> services, String defaults) {
        Service standIn = Providers.service(options.service()).orElseThrow();
        Map<Backend, String> urls = Deployment.each(backend -> {
            StackOptions.Service one = services.get(backend);
            return one == null ? ofItself(backend, standIn) : one.baseUrl();
        });
        boolean simulated = options.provider() instanceof StackOptions.Simulated;
        return new Deployment.Providers(simulated, options.service(), urls, defaults);
    }
}
