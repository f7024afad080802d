package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.library.Shelf;
import io.pairbatch.cli.library.Shelf.Origin;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.TemplateText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "templates",
        description = "Prompt templates by name: the built-in ones and those registered in the stack.",
        mixinStandardHelpOptions = true)
final class TemplatesCommand {

    private final App app;

    TemplatesCommand(App app) {
        this.app = app;
    }

    @Command(
            name = "list",
            description = "Lists every name, where it comes from, and how its template begins.",
            mixinStandardHelpOptions = true)
    int list(@Mixin StackOption stack) throws IOException {
        try (Session session = app.open(stack.name)) {
            Shelf shelf = shelf(session);
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NAME", "ORIGIN", "SIZE", "BEGINS"));
            for (Map.Entry<String, Origin> name : shelf.names().entrySet()) {
                String text = text(shelf, name.getKey());
                rows.add(List.of(
                        name.getKey(),
                        name.getValue().words(),
                        Sizes.of(text.getBytes(StandardCharsets.UTF_8).length),
                        Cells.harmless(text.lines().findFirst().orElse(""))));
            }
            Console console = app.console();
            Grid.lines(rows, Set.of(2), console.width(), console.glyphs().cut()).forEach(console.out()::println);
            return ExitStatus.DONE;
        }
    }

    @Command(name = "show", description = "Prints a template's text.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME", description = "Its name.") String name, @Mixin StackOption stack)
            throws IOException {
        try (Session session = app.open(stack.name)) {
            text(shelf(session), name)
                    .lines()
                    .map(app.console()::shown)
                    .forEach(app.console().out()::println);
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "register",
            description = "Puts a template into the stack, for jobs that name it as their prompt_template.",
            mixinStandardHelpOptions = true)
    int register(
            @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, _, . and -.") String name,
            @Parameters(paramLabel = "FILE", description = "A text in UTF-8 with all four placeholders.") Path file,
            @Option(names = "--overwrite", description = "Replace what is registered under that name.")
                    boolean overwrite,
            @Mixin StackOption stack)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CliException.usage("There is no file " + file + ".", "Give the path of a template.");
        }
        try (Session session = app.open(stack.name);
                InputStream in = Files.newInputStream(file)) {
            Shelf shelf = shelf(session);
            String text = checked(
                    shelf, name, TemplateText.ofFile(file.toString(), in.readNBytes(TemplateText.MAX_BYTES + 1)));
            boolean hides = shelf.register(name, text.getBytes(StandardCharsets.UTF_8), overwrite);
            app.console()
                    .out()
                    .println("Registered. Jobs use it with \"prompt_template\": \"" + name + "\""
                            + (hides ? "; it hides the built-in one." : "."));
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "remove",
            description = "Removes a registered template. Jobs that began with it keep its text.",
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
        return new Shelf(session.bucket(), LibraryShelf.TEMPLATES, "template", BuiltIns.templates());
    }

    private static String text(Shelf shelf, String name) throws IOException {
        byte[] registered = shelf.registered(name).orElse(null);
        return registered == null
                ? BuiltIns.template(name).orElseThrow(() -> shelf.unknown(name))
                : new String(registered, StandardCharsets.UTF_8);
    }

    private static String checked(Shelf shelf, String name, Checked<String> template) {
        return switch (template) {
            case Checked.Valid<String> valid -> valid.value();
            case Checked.Invalid<String> invalid ->
                throw shelf.refusal(ErrorCode.TEMPLATE_INVALID, name, invalid.found(), invalid.expected());
        };
    }
}
