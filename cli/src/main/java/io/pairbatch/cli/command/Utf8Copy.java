package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.TableEncoding;
import io.pairbatch.cli.samples.GivenSamples;
import io.pairbatch.cli.stack.Folders;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.workbook.Workbook;
import io.pairbatch.job.JobFiles;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.Encoding;
import io.pairbatch.pairs.FileEncoding;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.pairs.SampleReader;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.results.PairTexts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A copy of the table in UTF-8 that is dropped in its place, where the table is something else and the user wants
/// it, or a table of samples that is made of a folder of texts. The copy is deleted at the end.
///
/// @param copy null where the table is dropped as it is
/// @param of the table or the folder; null likewise
record Utf8Copy(@Nullable Path copy, Drop.@Nullable Converted of) implements AutoCloseable {

    private static final Utf8Copy NONE = new Utf8Copy(null, null);

    /// No copy.
    static Utf8Copy none() {
        return NONE;
    }

    /// Looks at a table of pairs, says what is wrong with it, and asks whether to convert it. Where a copy would be
    /// refused for the names of its columns, nobody is told to make one: that refusal has what mends both.
    ///
    /// @param from the character set to convert it from, as the command line says; null to ask
    /// @param silent whether nothing is asked; that is no consent
    /// @param columns what the table calls its columns, by our names
    static Utf8Copy ofPairs(App app, Path table, @Nullable String from, boolean silent, Map<String, String> columns)
            throws IOException {
        return of(app, table, from, silent, columns);
    }

    /// The same for a table of samples, whose columns are named by options. Nothing is asked.
    static Utf8Copy ofSamples(App app, Path table, @Nullable String from) throws IOException {
        return of(app, table, from, true, null);
    }

    /// What is known to be wrong with the fields of a job without its table.
    @FunctionalInterface
    interface Fields {

        /// Looks at them.
        ///
        /// @throws JobRejectedException if something is wrong
        void check() throws IOException;
    }

    /// A table of samples that is made of a folder of texts: the same one of the same texts. Where they cannot be read,
    /// what is wrong with the job file is told with that.
    ///
    /// @param from the character set of the texts; null for UTF-8, or to ask
    /// @param silent whether nothing is asked; that is no consent
    /// @param job the job file
    /// @throws JobRejectedException if they are no samples that can be compared, or the job file is no JSON
    static Utf8Copy ofFolder(
            App app,
            Path folder,
            @Nullable String from,
            boolean silent,
            Optional<Path> job,
            Map<String, String> settings,
            Fields fields)
            throws IOException {
        Set<String> apart;
        try {
            apart = DropBuilder.filesOfJob(folder, job, settings);
        } catch (JobRejectedException e) {
            try {
                ofFolder(app, folder, from, true, Set.of(JobFiles.JOB)).close();
            } catch (JobRejectedException texts) {
                throw both(e, texts);
            }
            throw e;
        }
        try {
            return ofFolder(app, folder, from, silent, apart);
        } catch (JobRejectedException texts) {
            try {
                fields.check();
            } catch (JobRejectedException e) {
                throw both(e, texts);
            }
            throw texts;
        }
    }

    private static JobRejectedException both(JobRejectedException fields, JobRejectedException texts) {
        List<Problem> all = new ArrayList<>(fields.problems());
        all.addAll(texts.problems());
        return new JobRejectedException(all);
    }

    private static Utf8Copy ofFolder(App app, Path folder, @Nullable String from, boolean silent, Set<String> apart)
            throws IOException {
        GivenSamples.Source source = new GivenSamples.Source(folder, folder, ofTexts(folder, from), apart);
        if (from == null && !silent && app.live().canAsk()) {
            Optional<GivenSamples.Meant> meant = GivenSamples.charset(source);
            if (meant.isPresent() && wantsTexts(app, meant.get())) {
                source = new GivenSamples.Source(
                        folder, folder, Charset.forName(meant.get().charset()), apart);
            }
        }
        try (GivenSamples samples =
                GivenSamples.read(List.of(source), new GivenSamples.Columns(SampleReader.ID, SampleReader.TEXT))) {
            Path file =
                    Files.createTempDirectory("pairbatch-texts-").resolve(DropBuilder.folderName(folder) + ".jsonl");
            deleteAtTheLatest(file);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                PairTexts.write(samples.samples(), out);
            } catch (IOException | RuntimeException e) {
                delete(file);
                throw e;
            }
            PrintWriter out = app.console().out();
            samples.ofFolders().forEach(notice -> out.println("note: " + Cells.harmless(notice)));
            out.flush();
            return new Utf8Copy(file, new Drop.Converted(folder, null));
        }
    }

    private static boolean wantsTexts(App app, GivenSamples.Meant meant) {
        app.console().out().println(Cells.harmless(meant.words()) + ".");
        app.console().out().flush();
        return app.live()
                .agrees("Judge them as converted from " + meant.charset() + ", and the others as UTF-8? [y/N]");
    }

    /// The character set of the texts in a folder.
    ///
    /// @param from what `--convert-from` says; null for UTF-8
    static Charset ofTexts(Path folder, @Nullable String from) {
        if (Workbook.NAME.equals(from)) {
            throw CliException.usage(
                    "--convert-from xlsx: " + folder + " is a folder of texts, and no Excel workbook (xlsx).",
                    "Leave the option out, or name the character set that the texts are in.");
        }
        return from == null ? StandardCharsets.UTF_8 : TableEncoding.charset(from, "texts are");
    }

    private static Utf8Copy of(
            App app, Path table, @Nullable String from, boolean silent, @Nullable Map<String, String> columns)
            throws IOException {
        TableEncoding is = TableEncoding.of(table);
        if (from != null) {
            if (is.isUtf8() && !is.plain()) {
                throw CliException.usage(
                        "--convert-from: " + table + " is UTF-8 already.",
                        "Leave the option out: converting it once more would spoil its characters.");
            }
            if (is.mixture().isPresent()) {
                checkMixture(app, table, is.mixture().get());
            }
            return converted(app, table, from);
        }
        return is.isUtf8() || !wanted(app, table, is, silent, columns) ? NONE : converted(app, table, is.charset());
    }

    /// Who converts lines that are UTF-8 spoils them. Where these are few, the user may know better what they are.
    private static void checkMixture(App app, Path table, FileEncoding mixture) {
        if (mixture.isMostlyUtf8()) {
            throw CliException.usage(
                    "--convert-from: " + table + " is a mixture: " + mixture.mending() + ".",
                    "Leave the option out, and save only those lines again.");
        }
        Warning.print(
                app.console(),
                table + " is a mixture: " + mixture.utf8() + " of its lines "
                        + (mixture.utf8() == 1 ? "is" : "are")
                        + " UTF-8 already, as far as anybody can tell, and spoiled by the conversion");
    }

    private static boolean wanted(
            App app, Path table, TableEncoding is, boolean silent, @Nullable Map<String, String> columns)
            throws IOException {
        PrintWriter out = app.console().out();
        out.println(table + " is not UTF-8: " + is.words() + ".");
        if (is.mixture().isPresent()) {
            out.println("It is a mixture: " + is.mixture().get().mending() + ".");
            return false;
        }
        if (is.charset().isEmpty()) {
            out.println("If you know what it is in, add --convert-from CHARSET to the command: it takes a copy.");
            return false;
        }
        if (columns != null && !hasOurColumns(table, is.charset(), columns)) {
            return false;
        }
        if (silent || !app.live().canAsk()) {
            out.println("To take a converted copy, add to the command: --convert-from " + is.charset());
            return false;
        }
        out.flush();
        return app.live().agrees("Judge a copy that is converted from " + is.charset() + "? [y/N]");
    }

    private static boolean hasOurColumns(Path table, String charset, Map<String, String> columns) throws IOException {
        InputFile head = TableEncoding.head(table, charset).withColumns(columns);
        // The names of JSONL are in its first row.
        try (PairReader reader = PairReader.open(head)) {
            reader.read();
            return true;
        } catch (JobRejectedException pairs) {
            try (SampleReader reader = SampleReader.ofJob(head)) {
                reader.read();
                return true;
            } catch (JobRejectedException samples) {
                return false;
            }
        }
    }

    private static Utf8Copy converted(App app, Path table, String from) throws IOException {
        Path folder = Files.createTempDirectory("pairbatch-utf8-");
        Path file = folder.resolve(table.toAbsolutePath().getFileName());
        deleteAtTheLatest(file);
        try {
            TableEncoding.convert(table, from, file);
        } catch (IOException | RuntimeException e) {
            delete(file);
            throw e;
        }
        String charset = Encoding.iconv(Charset.forName(from));
        PrintWriter out = app.console().out();
        out.println("Until this command ends, " + file + " is a copy in UTF-8, converted from " + from + "; " + table
                + " stays as it is. To make one to keep:");
        out.println("  " + Encoding.command(table.toString(), charset));
        out.flush();
        return new Utf8Copy(file, new Drop.Converted(table, charset));
    }

    /// The drop with the copy in place of the table, if there is one.
    Drop in(Drop drop) {
        return copy == null || of == null ? drop : DropBuilder.withTable(drop, copy, of);
    }

    /// The copy, or the table itself if there is none.
    Path orElse(Path table) {
        return copy == null ? table : copy;
    }

    /// What is to be read, told as the table that the user has named.
    InputFile input(Path table) throws IOException {
        return copy == null || of == null
                ? OfflineSplit.input(table)
                : OfflineSplit.copyOf(of.table(), of.charset(), copy);
    }

    @Override
    public void close() {
        if (copy != null) {
            delete(copy);
        }
    }

    /// A copy holds texts of participants, so Ctrl-C deletes it too.
    private static void deleteAtTheLatest(Path copy) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(copy), "copy-end"));
    }

    private static void delete(Path copy) {
        Folders.delete(copy.resolve("..").normalize());
    }
}
