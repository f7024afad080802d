package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.library.Kind;
import io.pairbatch.cli.library.Shelf;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.prompt.Checked;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The commands of `templates` and `traits`. Each returns its exit code.
record LibraryCommands<T>(App app, Kind<T> kind) {

    /// What a user wants to register. It is read after the stack has been found.
    @FunctionalInterface
    interface Given<T> {

        Checked<T> read() throws IOException;
    }

    int list(StackOption stack) throws IOException {
        try (Session session = app.open(stack.name)) {
            Shelf<T> shelf = shelf(session);
            List<List<String>> rows = new ArrayList<>();
            rows.add(row("NAME", "ORIGIN", kind.headings()));
            for (Map.Entry<String, Shelf.Origin> name : shelf.names().entrySet()) {
                rows.add(row(name.getKey(), name.getValue().words(), cells(shelf.read(name.getKey()))));
            }
            Console console = app.console();
            Grid.lines(rows, kind.numbers(), console.width(), console.glyphs().cut())
                    .forEach(console.out()::println);
            return ExitStatus.DONE;
        }
    }

    private static List<String> row(String name, String origin, List<String> more) {
        List<String> row = new ArrayList<>(List.of(name, origin));
        row.addAll(more);
        return row;
    }

    /// A broken entry, put there by hand, does not hide the others.
    private List<String> cells(Checked<T> one) {
        return switch (one) {
            case Checked.Valid<T> valid -> kind.cells(valid.value());
            case Checked.Invalid<T> invalid -> List.of("-", "not a " + kind.noun() + ": " + invalid.found());
        };
    }

    int show(String name, StackOption stack) throws IOException {
        try (Session session = app.open(stack.name)) {
            Console console = app.console();
            kind.text(shelf(session).get(name)).lines().map(console::shown).forEach(console.out()::println);
            return ExitStatus.DONE;
        }
    }

    int register(String name, Given<T> given, boolean overwrite, StackOption stack) throws IOException {
        try (Session session = app.open(stack.name)) {
            boolean hides = shelf(session).register(name, given.read(), overwrite);
            app.console()
                    .out()
                    .println("Registered. Jobs use it with \"" + kind.jobField() + "\": \"" + name + "\""
                            + (hides ? "; it hides the built-in one." : "."));
            return ExitStatus.DONE;
        }
    }

    int remove(String name, boolean quiet, StackOption stack) throws IOException {
        try (Session session = app.open(stack.name)) {
            boolean removed = shelf(session).remove(name, quiet);
            app.console().out().println(removed ? "Removed." : "Nothing was registered under that name.");
            return ExitStatus.DONE;
        }
    }

    private Shelf<T> shelf(Session session) {
        return new Shelf<>(session.bucket(), kind);
    }
}
