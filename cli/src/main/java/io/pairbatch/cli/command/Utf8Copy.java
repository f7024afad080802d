package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.TableEncoding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A copy of the table in UTF-8 that is dropped in its place, where the table is something else and the user wants
/// it. The copy is deleted at the end.
///
/// @param copy null where the table is dropped as it is
record Utf8Copy(@Nullable Path copy) implements AutoCloseable {

    private static final Utf8Copy NONE = new Utf8Copy(null);

    /// No copy.
    static Utf8Copy none() {
        return NONE;
    }

    /// Looks at the table, says what is wrong with it, and asks whether to convert it.
    ///
    /// @param from the character set to convert it from, as the command line says; null to ask
    /// @param silent whether nothing is asked; that is no consent
    static Utf8Copy of(App app, Path table, @Nullable String from, boolean silent) throws IOException {
        TableEncoding is = TableEncoding.of(table);
        if (from != null) {
            if (is.isUtf8() && !is.plain()) {
                throw CliException.usage(
                        "--convert-from: " + table + " is UTF-8 already.",
                        "Leave the option out: converting it once more would spoil its characters.");
            }
            return converted(app, table, from);
        }
        return is.isUtf8() || !wanted(app, table, is, silent) ? NONE : converted(app, table, is.charset());
    }

    private static boolean wanted(App app, Path table, TableEncoding is, boolean silent) {
        PrintWriter out = app.console().out();
        out.println(table + " is not UTF-8: " + is.words() + ".");
        if (is.charset().isEmpty()) {
            out.println("If you know what it is in, --convert-from CHARSET judges a converted copy.");
            return false;
        }
        if (silent || !app.live().canAsk()) {
            out.println("To judge a converted copy: --convert-from " + is.charset());
            return false;
        }
        out.flush();
        return app.live().agrees("Judge a copy that is converted from " + is.charset() + "? [y/N]");
    }

    private static Utf8Copy converted(App app, Path table, String from) throws IOException {
        Path folder = Files.createTempDirectory("pairbatch-utf8-");
        Path file = folder.resolve(table.toAbsolutePath().getFileName());
        Utf8Copy copy = new Utf8Copy(file);
        try {
            TableEncoding.convert(table, from, file);
        } catch (IOException | RuntimeException e) {
            copy.close();
            throw e;
        }
        app.console().out().println("A copy was converted from " + from + " to UTF-8; " + table + " is as it was.");
        return copy;
    }

    /// The drop with the copy in place of the table, if there is one.
    Drop in(Drop drop) {
        return copy == null ? drop : DropBuilder.withTable(drop, copy);
    }

    /// The copy, or the table itself if there is none.
    Path orElse(Path table) {
        return copy == null ? table : copy;
    }

    @Override
    public void close() throws IOException {
        if (copy != null) {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(copy.resolve("..").normalize());
        }
    }
}
