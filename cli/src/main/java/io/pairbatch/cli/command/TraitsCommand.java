package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.library.Shelf;
import io.pairbatch.cli.library.Shelf.Origin;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.TemplateText;
import io.pairbatch.prompt.Trait;
import io.pairbatch.prompt.TraitText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "traits",
        description = "Traits by name: the built-in ones and those registered in the stack.",
        mixinStandardHelpOptions = true)
final class TraitsCommand {

    private final App app;

    TraitsCommand(App app) {
        this.app = app;
    }

    @Command(
            name = "list",
            description = "Lists every name, where it comes from, and what the prompt says of the trait.",
            mixinStandardHelpOptions = true)
    int list(@Mixin StackOption stack) throws IOException {
        try (Session session = app.open(stack.name)) {
            Shelf shelf = shelf(session);
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NAME", "ORIGIN", "LABEL", "DESCRIPTION"));
            for (Map.Entry<String, Origin> name : shelf.names().entrySet()) {
                rows.add(row(name.getKey(), name.getValue(), read(shelf, name.getKey())));
            }
            Console console = app.console();
            Grid.lines(rows, Set.of(), console.width(), console.glyphs().cut()).forEach(console.out()::println);
            return ExitStatus.DONE;
        }
    }

    @Command(name = "show", description = "Prints a trait's label and description.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME", description = "Its name.") String name, @Mixin StackOption stack)
            throws IOException {
        try (Session session = app.open(stack.name)) {
            Trait trait = trait(shelf(session), name);
            (trait.name() + "\n" + trait.description())
                    .lines()
                    .map(app.console()::shown)
                    .forEach(app.console().out()::println);
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "register",
            description = "Puts a trait into the stack, for jobs that name it as their trait_name.",
            mixinStandardHelpOptions = true)
    int register(
            @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, _, . and -.") String name,
            @Option(names = "--description", paramLabel = "TEXT", description = "The trait's definition.") @Nullable
                    String description,
            @Option(names = "--label", paramLabel = "TEXT", description = "What the prompt calls it; else NAME.")
                    @Nullable
                    String label,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            description = "Both from a JSON file: {\"name\": …, \"description\": …}.")
                    @Nullable
                    Path file,
            @Option(names = "--overwrite", description = "Replace what is registered under that name.")
                    boolean overwrite,
            @Mixin StackOption stack)
            throws IOException {
        if ((description == null) == (file == null) || (file != null && label != null)) {
            throw CliException.usage(
                    "A trait is given by --description (and --label), or by --file.", "Give one of the two.");
        }
        try (Session session = app.open(stack.name)) {
            Shelf shelf = shelf(session);
            Checked<Trait> given = file == null
                    ? TraitText.of(label == null ? name : label, description == null ? "" : description)
                    : ofFile(file);
            boolean hides = shelf.register(name, TraitText.toFile(checked(shelf, name, given)), overwrite);
            app.console()
                    .out()
                    .println("Registered. Jobs use it with \"trait_name\": \"" + name + "\""
                            + (hides ? "; it hides the built-in one." : "."));
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "remove",
            description = "Removes a registered trait. Jobs that began with it keep its text.",
            mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "NAME", description = "Its name.") String name,
            @Option(names = "--quiet", description = "A name that is not there is no error.") boolean quiet,
            @Mixin StackOption stack)
            throws IOException {
        try (Session session = app.open(stack.name)) {
            boolean removed = shelf(session).remove(name, quiet);
            app.console().out().println(removed ? "Removed." : "There was none of that name.");
            return ExitStatus.DONE;
        }
    }

    private static Shelf shelf(Session session) {
        return new Shelf(session.bucket(), LibraryShelf.TRAITS, "trait", BuiltIns.traits());
    }

    private static Checked<Trait> ofFile(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CliException.usage("There is no file " + file + ".", "Give the path of a trait's JSON file.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return TraitText.ofFile(file.toString(), in.readNBytes(TemplateText.MAX_BYTES));
        }
    }

    /// A trait that was put there by hand and is none does not hide the others.
    private static List<String> row(String name, Origin origin, Checked<Trait> trait) {
        return switch (trait) {
            case Checked.Valid<Trait> valid ->
                List.of(
                        name,
                        origin.words(),
                        Cells.harmless(valid.value().name()),
                        Cells.harmless(valid.value().description()));
            case Checked.Invalid<Trait> invalid -> List.of(name, origin.words(), "-", "no trait: " + invalid.found());
        };
    }

    private static Trait trait(Shelf shelf, String name) throws IOException {
        return checked(shelf, name, read(shelf, name));
    }

    private static Checked<Trait> read(Shelf shelf, String name) throws IOException {
        byte[] registered = shelf.registered(name).orElse(null);
        return registered == null
                ? new Checked.Valid<>(BuiltIns.trait(name).orElseThrow(() -> shelf.unknown(name)))
                : TraitText.ofFile("the stack's library", registered);
    }

    private static Trait checked(Shelf shelf, String name, Checked<Trait> trait) {
        return switch (trait) {
            case Checked.Valid<Trait> valid -> valid.value();
            case Checked.Invalid<Trait> invalid ->
                throw shelf.refusal(ErrorCode.TRAIT_INVALID, name, invalid.found(), invalid.expected());
        };
    }
}
