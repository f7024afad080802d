package io.pairbatch.cli.estimate;

import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import java.util.List;
import java.util.Optional;

/// Doubts about a model's name, which a provider tells only once it is asked.
public final class ModelName {

    private ModelName() {}

    /// What to say of a model that is not known; empty if it is, or if the service names its models itself.
    ///
    /// @param copied the service that stands for the provider that others copy
    public static Optional<String> doubt(JobSpec spec, Service copied) {
        return doubt(spec, copied, "--set model=MODEL gives another");
    }

    /// The same of each judge of a job, behind its name.
    static List<String> doubts(JobSpec spec, Service copied) {
        return spec.isPanel()
                ? spec.judges().stream()
                        .flatMap(judge -> doubt(
                                JobSpecJson.judge(spec, judge, Providers::options), copied, "give another in `judges`")
                                .map(what -> "judge " + judge.name() + ": " + what)
                                .stream())
                        .toList()
                : doubt(spec, copied).stream().toList();
    }

    private static Optional<String> doubt(JobSpec spec, Service copied, String another) {
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
                + " The provider refuses every request with a name that it does not know ("
                + another + "). If the model is newer, nothing is wrong;"
                + " ./pairbatch models lists those that are known.");
    }
}
