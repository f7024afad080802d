package io.pairbatch.cli.estimate;

import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import java.util.Optional;

/// Doubts about a model's name, which a provider tells only once it is asked.
public final class ModelName {

    private ModelName() {}

    /// What to say of a model that is not known; empty if it is, or if the service names its models itself.
    ///
    /// @param copied the service that stands for the provider that others copy
    public static Optional<String> doubt(JobSpec spec, Service copied) {
        KnownModels known = Providers.of(spec.backend()).known();
        if (known.has(spec.model())
                || !Providers.service(spec.backend(), copied).isItself()) {
            return Optional.empty();
        }
        return Optional.of("\"" + spec.model() + "\" is none of the models of "
                + spec.backend().code()
                + " that were known on " + known.asOf()
                + known.nearest(spec.model())
                        .map(name -> ": perhaps " + name + "?")
                        .orElse(": is it spelt right?")
                + " The provider refuses every request with a name that it does not know (--set model=MODEL gives"
                + " another). If the model is newer, nothing is wrong;"
                + " ./pairbatch models lists those that are known.");
    }
}
