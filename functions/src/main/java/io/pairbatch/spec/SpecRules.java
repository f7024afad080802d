package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.prompt.Trait;
import java.util.List;
import java.util.Optional;

/// What the reader of specifications must be told from above: names of templates and traits, the providers' options,
/// and what a provider's models accept.
public interface SpecRules extends OptionsReaders {

    /// The text of a registered or built-in template: one with all four placeholders.
    Optional<String> template(String name);

    /// The registered or built-in trait with this key.
    Optional<Trait> trait(String key);

    /// What a name can be here, as a message says it: `a built-in or registered name`.
    String names();

    /// Everything about these options that the provider's request builder would refuse.
    List<FieldProblem> check(Backend backend, String model, ProviderOptions options);
}
