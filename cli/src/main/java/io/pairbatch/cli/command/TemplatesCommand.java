package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.library.Kind;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.TemplateText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "templates",
        description = "Prompt templates by name: the built-in ones and those registered in the stack.",
        mixinStandardHelpOptions = true)
final class TemplatesCommand {

    private final LibraryCommands<String> templates;

    TemplatesCommand(App app) {
        this.templates = new LibraryCommands<>(app, Kind.TEMPLATES);
    }

    @Command(
            name = "list",
            description = "Lists every name, its origin, and the first line of the template.",
            mixinStandardHelpOptions = true)
    int list(@Mixin StackOption stack) throws IOException {
        return templates.list(stack);
    }

    @Command(name = "show", description = "Prints a template's text.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME", description = "Its name.") String name, @Mixin StackOption stack)
            throws IOException {
        return templates.show(name, stack);
    }

    @Command(
            name = "register",
            description = "Registers a template in the stack. Jobs name it in prompt_template.",
            mixinStandardHelpOptions = true)
    int register(
            @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, _, . and -.") String name,
            @Parameters(paramLabel = "FILE", description = "A text in UTF-8 with all four placeholders.") Path file,
            @Option(names = "--overwrite", description = "Replace what is registered under that name.")
                    boolean overwrite,
            @Mixin StackOption stack)
            throws IOException {
        GivenFile.check(file, "Give the path of a template.");
        return templates.register(name, () -> read(file), overwrite, stack);
    }

    @Command(
            name = "remove",
            description = "Removes a registered template. Jobs that started with it keep its text.",
            mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "NAME", description = "Its name.") String name,
            @Option(names = "--quiet", description = "Do not fail if nothing is registered under that name.")
                    boolean quiet,
            @Mixin StackOption stack)
            throws IOException {
        return templates.remove(name, quiet, stack);
    }

    private static Checked<String> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return TemplateText.ofFile(file.toString(), in.readNBytes(TemplateText.MAX_BYTES + 1));
        }
    }
}
