package io.pairbatch.cli.command;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.estimate.ModelName;
import io.pairbatch.cli.estimate.TableLook;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.job.DesignFile;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Segment;
import io.pairbatch.job.Version;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.split.SplitTotals;
import io.pairbatch.text.Json;
import io.pairbatch.text.Plural;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "split",
        description = "Writes what a job would send, but sends nothing. Needs no stack and no key.",
        mixinStandardHelpOptions = true)
final class SplitCommand implements Callable<Integer> {

    private static final String REFUSED = "Nothing was split.";

    private final App app;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "The pairs, or with `pairing` the samples: CSV or JSONL, plain or gzipped. With `pairing` also a"
                            + " folder of *.txt files.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Mixin
    private SpecOptions specOptions = new SpecOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Output folder, new or empty.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(
            names = "--service",
            paramLabel = "SERVICE",
            description = "Service to use as " + Backend.COPIED_CODE + ": " + Backend.SERVICE_CODES
                    + " (default: ${DEFAULT-VALUE}). Its limits and line format apply.",
            defaultValue = Backend.COPIED_CODE)
    private String service = Backend.COPIED_CODE;

    @Option(
            names = "--convert-from",
            paramLabel = "CHARSET",
            description = "Split a copy of the pairs that is converted from this character set to UTF-8; Excel's CSV is"
                    + " windows-1252. xlsx takes the first sheet of a workbook.")
    private @Nullable String convertFrom;

    SplitCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        GivenFile.checkFileOrFolder(file, RunCommand.GIVE);
        boolean folder = Files.isDirectory(file);
        Optional<Path> job =
                folder ? DropBuilder.specOfFolder(file, specOptions.job) : DropBuilder.specFile(file, specOptions.job);
        DropBuilder.checkFields(file, job, specOptions.settings);
        refuseUsed(out);
        Service known = Providers.service(service)
                .orElseThrow(() -> CliException.usage(
                        "--service: unknown service \"" + service + "\".",
                        "Name one of " + String.join(", ", Providers.serviceCodes()) + "."));
        if (folder) {
            return splitFolder(job, known);
        }
        SheetCopy sheet = SheetCopy.of(app, file, convertFrom, true);
        try (Utf8Copy copy = Utf8Copy.ofPairs(app, sheet.table(), sheet.from(), true, columns(job))) {
            return split(sheet.table(), copy, job, known);
        }
    }

    /// A job file that cannot be read is told later, with what is wrong with the table.
    private Map<String, String> columns(Optional<Path> job) throws IOException {
        try {
            return JobSpecJson.columns(DropBuilder.fields(job.orElse(null), specOptions.settings));
        } catch (JobRejectedException e) {
            return Map.of();
        }
    }

    private int splitFolder(Optional<Path> job, Service known) throws IOException {
        Utf8Copy made;
        try {
            made = Utf8Copy.ofFolder(
                    app, file, convertFrom, true, job, specOptions.settings, () -> checkFields(job, known));
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), REFUSED, e);
        }
        try (Utf8Copy copy = made) {
            return split(file, copy, job, known);
        }
    }

    private void checkFields(Optional<Path> job, Service known) throws IOException {
        try {
            new OfflineSplit(Version.CURRENT, app.clock(), known)
                    .readSpec(jobFile(file, job, DropBuilder.fields(job.orElse(null), specOptions.settings)));
        } catch (JobRejectedException e) {
            throw said(job).told(e);
        }
    }

    private Drop.Said said(Optional<Path> job) {
        return new Drop.Said(job.map(Path::toString).orElse(""), specOptions.settings.keySet());
    }

    private int split(Path pairs, Utf8Copy copy, Optional<Path> jobFile, Service known) throws IOException {
        InputFile table = copy.input(pairs);
        Drop.Said said = said(jobFile);
        ObjectNode own = null;
        boolean split = false;
        try {
            own = DropBuilder.fields(jobFile.orElse(null), specOptions.settings);
            OfflineSplit.JobFile job = jobFile(pairs, jobFile, own);
            OfflineSplit offline = new OfflineSplit(Version.CURRENT, app.clock(), known);
            // Told too where the table is refused.
            ModelName.doubt(offline.readSpec(job), known).ifPresent(doubt -> Warning.print(app.console(), doubt));
            OfflineSplit.Report report = offline.run(copy.orElse(pairs), table, job, Files.createDirectories(out));
            NoPairs.check(report.totals(), REFUSED);
            split = true;
            print(report);
            return ExitStatus.DONE;
        } catch (JobRejectedException e) {
            return Problems.print(
                    app.console(),
                    REFUSED,
                    said.told(own == null ? TableLook.withoutFields(e, table) : TableLook.with(e, table, own)));
        } finally {
            if (!split) {
                takeBack();
            }
        }
    }

    /// The job file as it is, or with what is set over it.
    private OfflineSplit.JobFile jobFile(Path pairs, Optional<Path> file, ObjectNode fields) throws IOException {
        Path folder = file.orElse(pairs).toAbsolutePath().resolveSibling(".");
        byte[] content = specOptions.settings.isEmpty() && file.isPresent()
                ? Files.readAllBytes(file.get())
                : Json.MAPPER.writeValueAsBytes(fields);
        return new OfflineSplit.JobFile(JobFiles.JOB, content, folder);
    }

    /// Files of an older split would be mistaken for those of the new one. What a refused one has left to be read is
    /// written anew.
    private static void refuseUsed(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.anyMatch(entry -> !entry.equals(folder.resolve(JobFiles.REJECTED_ROWS)))) {
                    throw used(folder);
                }
            }
            Files.deleteIfExists(folder.resolve(JobFiles.REJECTED_ROWS));
        }
    }

    private static CliException used(Path folder) {
        if (!Files.isRegularFile(folder.resolve(JobFiles.JOB)) || !Files.exists(folder.resolve(JobFiles.input(1)))) {
            return CliException.usage(
                    folder + " is not empty.", "Name a new folder with --out; what is in this one is kept.");
        }
        String given = Shell.quoted(folder.toString());
        boolean answered = Files.exists(folder.resolve(JobFiles.output(1)));
        return CliException.usage(
                folder + " holds an earlier split" + (answered ? ", and answers to it." : "."),
                "Name a new folder with --out, "
                        + (answered
                                ? "or read those answers: ./pairbatch collect " + given
                                : "or, if that split is not needed any more, remove it: rm -r " + given));
    }

    /// Leaves nothing of a split that was refused, so that the same command can be given again, but the list of
    /// rejected rows: whoever mends the table needs it.
    private void takeBack() throws IOException {
        if (!Files.isDirectory(out)) {
            return;
        }
        Path list = out.resolve(JobFiles.REJECTED_ROWS);
        List<Path> all;
        try (Stream<Path> files = Files.walk(out)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        boolean listed = Files.exists(list);
        for (Path path : all) {
            if (!path.equals(list) && !(listed && path.equals(out))) {
                Files.delete(path);
            }
        }
        if (listed) {
            app.console().err().println("Each rejected row, with its reason: " + list);
            app.console().err().flush();
        }
    }

    private void print(OfflineSplit.Report report) throws IOException {
        PrintWriter console = app.console().out();
        DesignFile.words(out).ifPresent(words -> console.println(Cells.harmless(words)));
        SplitTotals totals = report.totals();
        List<Segment> segments = report.segments();
        int perRow = report.job().spec().batching().repetition().perPair();
        long comparisons = segments.stream().mapToLong(Segment::rows).sum();
        long sent = comparisons / perRow;
        long bytes = segments.stream().mapToLong(Segment::inputBytes).sum();
        console.println(Plural.of(totals.rows(), "row") + " = " + totals.accepted() + " accepted + " + totals.rejected()
                + " rejected"
                + (sent < totals.accepted()
                        ? "; " + (totals.accepted() - sent) + " of the accepted are not in the sample"
                        : "")
                + (perRow == 1 ? "" : "; " + comparisons + " comparisons, " + perRow + " of each row"));
        totals.table()
                .sentences(sent, totals.accepted())
                .forEach(note -> console.println("note: " + Cells.harmless(note)));
        console.println(Plural.of(segments.size(), "segment") + ", " + Sizes.of(bytes) + " of requests, in " + out);
        Providers.notices(report.job().spec()).forEach(notice -> console.println("note: " + Cells.harmless(notice)));
        console.println("  " + inputs(segments.size())
                + ": what would be sent, one request a line; job.json: the job with" + " all its defaults");
        console.println("Nothing was sent. To have it judged by the provider:");
        console.println("  " + Cells.harmless(command()));
        console.println("Or send the requests yourself: put the answers there as batch_NN_output.jsonl (and");
        console.println("batch_NN_errors.jsonl); then ./pairbatch collect " + out + " writes the results.");
    }

    private static String inputs(int segments) {
        return JobFiles.input(1) + (segments < 2 ? "" : (segments == 2 ? " and " : " to ") + JobFiles.input(segments));
    }

    /// What judges what was split, with the same options.
    private String command() {
        List<String> words = new ArrayList<>(List.of("./pairbatch", "run", file.toString()));
        if (specOptions.job != null) {
            words.addAll(List.of("--job", specOptions.job.toString()));
        }
        specOptions.settings.forEach((name, value) -> words.addAll(List.of("--set", name + "=" + value)));
        if (convertFrom != null) {
            words.addAll(List.of("--convert-from", convertFrom));
        }
        words.add("--live");
        if (!service.equals(Backend.COPIED_CODE)) {
            words.addAll(List.of("--live-service", service));
        }
        return words.stream().map(Shell::quoted).collect(Collectors.joining(" "));
    }
}
