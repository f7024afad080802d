package io.pairbatch.cli.estimate;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.prompt.Trait;
import io.pairbatch.spec.OptionsReader;
import io.pairbatch.spec.ProviderOptions;
import io.pairbatch.spec.SpecRules;
import java.util.List;
import java.util.Optional;

/// Rules that accept every name of a template or a trait as a registered one.
record AnyName(SpecRules rules) implements SpecRules {

    @Override
    public Optional<String> template(String name) {
        return BuiltIns.template(BuiltIns.DEFAULT_TEMPLATE);
    }

    @Override
    public Optional<Trait> trait(String key) {
        return Optional.of(new Trait(key, key));
    }

    @Override
    public String names() {
        return rules.names();
    }

    @Override
    public OptionsReader options(Backend backend) {
        return rules.options(backend);
    }

    @Override
    public List<FieldProblem> checkLimit(String model) {
        return rules.checkLimit(model);
    }

    @Override
    public List<FieldProblem> check(Backend backend, String model, ProviderOptions options) {
        return rules.check(backend, model, options);
    }
}
