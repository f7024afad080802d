package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.prompt.Trait;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What the reader of specifications needs from higher layers: names of templates and traits, the providers' options,
/// and what a provider's models accept.
public interface SpecRules extends OptionsReaders {

    /// The text of a registered or built-in template: one with all four placeholders.
    Optional<String> template(String name);

    /// The registered or built-in trait with this key.
    Optional<Trait> trait(String key);

    /// The names of the templates that are known here, to suggest one.
    default Collection<String> templates() {
        return BuiltIns.templates();
    }

    /// The keys of the traits that are known here, to suggest one.
    default Collection<String> traits() {
        return BuiltIns.traits();
    }

    /// What a name can be here, for messages: `a built-in or registered name`.
    String names();

    /// All problems for which the provider's request builder would refuse these options.
    List<FieldProblem> check(Backend backend, String model, ProviderOptions options);

    /// What is in the way of a limit on the cost of a job with this model.
    List<FieldProblem> checkLimit(String model);
}
