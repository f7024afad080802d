package io.pairbatch.split;

import io.pairbatch.job.Backend;
import io.pairbatch.job.FieldProblem;
import io.pairbatch.job.JobSpecReader;
import io.pairbatch.job.ProviderOptions;
import io.pairbatch.job.SpecRules;
import io.pairbatch.job.Trait;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.provider.ForeignModels;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.openai.OpenAiService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The built-in templates and traits, and what the provider's models accept.
///
/// @param service which service stands for OpenAI
public record StandardRules(OpenAiService service) implements SpecRules {

    /// A reader of specifications that knows these rules.
    public static JobSpecReader reader() {
        return reader(OpenAiService.of(OpenAiService.OPENAI));
    }

    /// A reader of specifications that knows these rules.
    ///
    /// @param service which service stands for OpenAI
    public static JobSpecReader reader(OpenAiService service) {
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
    public List<FieldProblem> check(Backend backend, String model, ProviderOptions options) {
        List<FieldProblem> problems = new ArrayList<>(ForeignModels.problems(backend, model));
        problems.addAll(Providers.format(backend, service).problems(model, options));
        return problems;
    }
}
