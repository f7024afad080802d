package io.pairbatch.claim;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.TemplateText;
import io.pairbatch.prompt.Trait;
import io.pairbatch.prompt.TraitText;
import io.pairbatch.spec.OptionsReader;
import io.pairbatch.spec.ProviderOptions;
import io.pairbatch.spec.SpecRules;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The rules extended by the stack's library: registered names take precedence over built-ins (contract 3.1). Nothing
/// is cached between jobs, so a new registration takes effect at once; a frozen job keeps what it read.
public final class StackRules implements SpecRules {

    private final Function<String, Optional<byte[]>> objects;
    private final Function<LibraryShelf, List<String>> registered;
    private final SpecRules builtIn;

    /// @param objects looks up the bucket's small objects by key
    public StackRules(Function<String, Optional<byte[]>> objects, SpecRules builtIn) {
        this(objects, shelf -> List.of(), builtIn);
    }

    /// @param objects looks up the bucket's small objects by key
    /// @param registered the names on a shelf, to suggest one
    public StackRules(
            Function<String, Optional<byte[]>> objects,
            Function<LibraryShelf, List<String>> registered,
            SpecRules builtIn) {
        this.objects = objects;
        this.registered = registered;
        this.builtIn = builtIn;
    }

    @Override
    public Collection<String> templates() {
        return both(registered.apply(LibraryShelf.TEMPLATES), builtIn.templates());
    }

    @Override
    public Collection<String> traits() {
        return both(registered.apply(LibraryShelf.TRAITS), builtIn.traits());
    }

    private static List<String> both(List<String> registered, Collection<String> builtIn) {
        return Stream.concat(registered.stream(), builtIn.stream()).toList();
    }

    @Override
    public Optional<String> template(String name) {
        return registered(LibraryShelf.TEMPLATES, name, TemplateText::ofFile, ErrorCode.TEMPLATE_INVALID)
                .or(() -> builtIn.template(name));
    }

    @Override
    public Optional<Trait> trait(String key) {
        return registered(LibraryShelf.TRAITS, key, TraitText::ofFile, ErrorCode.TRAIT_INVALID)
                .or(() -> builtIn.trait(key));
    }

    @Override
    public String names() {
        return "a registered or built-in name";
    }

    @Override
    public OptionsReader options(Backend backend) {
        return builtIn.options(backend);
    }

    @Override
    public List<FieldProblem> checkLimit(String model) {
        return builtIn.checkLimit(model);
    }

    @Override
    public List<FieldProblem> check(Backend backend, String model, ProviderOptions options) {
        return builtIn.check(backend, model, options);
    }

    /// Parses a file of the library.
    @FunctionalInterface
    private interface Reader<T> {

        Checked<T> read(String name, byte[] bytes);
    }

    /// Applies the command line's checks to files that were put into the library by hand.
    private <T> Optional<T> registered(LibraryShelf shelf, String name, Reader<T> reader, ErrorCode code) {
        if (!LibraryShelf.isName(name)) {
            return Optional.empty();
        }
        String key = shelf.key(name);
        return objects.apply(key).map(bytes -> switch (reader.read(key, bytes)) {
            case Checked.Valid<T> valid -> valid.value();
            case Checked.Invalid<T> invalid ->
                throw new JobRejectedException(new Problem(code, key, invalid.found(), invalid.expected()));
        });
    }
}
