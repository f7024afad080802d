package io.pairbatch.split;

import io.pairbatch.backend.Backend;
import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.prompt.Trait;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.ForeignModels;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.catalog.RoutedModels;
import io.pairbatch.spec.JobSpecReader;
import io.pairbatch.spec.OptionsReader;
import io.pairbatch.spec.ProviderOptions;
import io.pairbatch.spec.SpecRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The built-in templates and traits, and what the provider's models accept.
///
/// @param service which service to use instead of the provider
public record StandardRules(Service service) implements SpecRules {

    /// A reader of specifications that knows these rules.
    public static JobSpecReader reader() {
        return reader(Providers.itself());
    }

    /// A reader of specifications that knows these rules.
    ///
    /// @param service which service to use instead of the provider
    public static JobSpecReader reader(Service service) {
        return new JobSpecReader(new StandardRules(service));
    }

    @Override
    public Optional<String> template(String name) {
        return BuiltIns.template(name);
    }

    @Override
    public Optional<Trait> trait(String key) {
        return BuiltIns.trait(key);
    }

    @Override
    public String names() {
        return "a built-in name (offline, names registered in a stack are not known)";
    }

    @Override
    public OptionsReader options(Backend backend) {
        return Providers.options(backend);
    }

    @Override
    public List<FieldProblem> checkLimit(String model) {
        PriceTable prices = PriceTable.bundled();
        return prices.knows(model) ? List.of() : List.of(CostBounds.unknown(model, prices));
    }

    @Override
    public List<FieldProblem> check(Backend backend, String model, ProviderOptions options) {
        List<FieldProblem> problems = new ArrayList<>(ForeignModels.problems(backend, model));
        problems.addAll(RoutedModels.problems(Providers.service(backend, service), model));
        problems.addAll(Providers.format(backend, service).problems(model, options));
        return problems;
    }
}
