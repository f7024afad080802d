package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.library.Kind;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.TemplateText;
import io.pairbatch.prompt.Trait;
import io.pairbatch.prompt.TraitText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final LibraryCommands<Trait> traits;

    TraitsCommand(App app) {
        this.traits = new LibraryCommands<>(app, Kind.TRAITS);
    }

    @Command(
            name = "list",
            description = "Lists every name, its origin, and the trait's label and description.",
            mixinStandardHelpOptions = true)
    int list(@Mixin StackOption stack) throws IOException {
        return traits.list(stack);
    }

    @Command(name = "show", description = "Prints a trait's label and description.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME", description = "Its name.") String name, @Mixin StackOption stack)
            throws IOException {
        return traits.show(name, stack);
    }

    @Command(
            name = "register",
            description = "Registers a trait in the stack. Jobs name it in trait_name.",
            mixinStandardHelpOptions = true)
    int register(
            @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, _, . and -.") String name,
            @Option(names = "--description", paramLabel = "TEXT", description = "The trait's definition.") @Nullable
                    String description,
            @Option(names = "--label", paramLabel = "TEXT", description = "What the prompt calls it (default: NAME).")
                    @Nullable
                    String label,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            description = "Label and description from a JSON file: {\"name\": …, \"description\": …}.")
                    @Nullable
                    Path file,
            @Option(names = "--overwrite", description = "Replace what is registered under that name.")
                    boolean overwrite,
            @Mixin StackOption stack)
            throws IOException {
        if ((description == null) == (file == null) || (file != null && label != null)) {
            throw CliException.usage(
                    "A trait needs either --description (and --label) or --file.", "Give one of the two.");
        }
        LibraryCommands.Given<Trait> given = file == null
                ? () -> TraitText.of(label == null ? name : label, description == null ? "" : description)
                : () -> read(file);
        return traits.register(name, given, overwrite, stack);
    }

    @Command(
            name = "remove",
            description = "Removes a registered trait. Jobs that started with it keep its text.",
            mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "NAME", description = "Its name.") String name,
            @Option(names = "--quiet", description = "Do not fail if nothing is registered under that name.")
                    boolean quiet,
            @Mixin StackOption stack)
            throws IOException {
        return traits.remove(name, quiet, stack);
    }

    private static Checked<Trait> read(Path file) throws IOException {
        GivenFile.check(file, "Give the path of a trait's JSON file.");
        try (InputStream in = Files.newInputStream(file)) {
            return TraitText.ofFile(file.toString(), in.readNBytes(TemplateText.MAX_BYTES));
        }
    }
}
