package io.pairbatch.job;

import java.util.List;
import java.util.Optional;

/// What the reader of specifications must be told from above: built-in names, and what a provider's models accept.
public interface SpecRules {

    /// The text of a registered or built-in template.
    Optional<String> template(String name);

    /// The built-in trait with this key.
    Optional<Trait> trait(String key);

    /// Everything about these options that the provider's request builder would refuse.
    List<FieldProblem> check(Backend backend, String model, ProviderOptions options);
}
