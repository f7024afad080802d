package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.estimate.TableLook;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "estimate",
        description =
                "Shows what a job would send and cost, and how long it may take. Sends nothing, and needs no stack"
                        + " and no key.",
        mixinStandardHelpOptions = true)
final class EstimateCommand implements Callable<Integer> {

    private static final String REFUSED = "The job would be rejected. Nothing was sent.";

    private final App given;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "The pairs, or with `pairing` the samples: CSV or JSONL, plain or gzipped. With `pairing` also"
                            + " a folder of *.txt files.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = "--job",
            paramLabel = "FILE",
            description = "The job file (default: job.json beside the table; in a folder of texts, else beside it).")
    private @Nullable Path job;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description =
                    "Set a field of the job over the job file, or a member of one (pairing.k=10); `null` removes it."
                            + " Can be given several times.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--convert-from",
            paramLabel = "CHARSET",
            description = "Read a copy of the pairs that is converted from this character set to UTF-8; Excel's CSV is"
                    + " windows-1252. xlsx takes the first sheet of a workbook.")
    private @Nullable String convertFrom;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "A deployed stack whose templates, traits and default fields apply (default: none).")
    private @Nullable String stack;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private LiveOptions live = new LiveOptions();

    EstimateCommand(App app) {
        this.given = app;
    }

    @Override
    public Integer call() throws IOException {
        GivenFile.checkFileOrFolder(file, RunCommand.GIVE);
        live.live();
        App app = json ? spokenAside(given) : given;
        boolean folder = Files.isDirectory(file);
        Optional<Path> jobFile = folder ? DropBuilder.specOfFolder(file, job) : DropBuilder.specFile(file, job);
        DropBuilder.checkFields(file, jobFile, settings);
        try {
            return folder ? ofFolder(app, jobFile) : ofTable(app, jobFile);
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), REFUSED, e);
        }
    }

    /// What is said on the way goes to the other stream, so that a program reads the object alone.
    private static App spokenAside(App app) {
        Console console = app.console();
        Console aside = new Console(console.err(), console.err(), console.live(), console.glyphs(), console.size());
        return new App(
                aside,
                app.deployments(),
                app.sessions(),
                app.stacks(),
                app.home(),
                app.folder(),
                app.clock(),
                app.pause(),
                app.live());
    }

    private int ofFolder(App app, Optional<Path> jobFile) throws IOException {
        try (Utf8Copy copy = Utf8Copy.ofFolder(app, file, convertFrom, false, jobFile, settings, () -> {
            Estimator.glance(DropBuilder.fields(jobFile.orElse(null), settings), jobFile.orElse(file), live.service());
        })) {
            return estimate(app, copy.in(DropBuilder.ofFolder(file, copy.orElse(file), jobFile, settings, null)));
        }
    }

    private int ofTable(App app, Optional<Path> jobFile) throws IOException {
        SheetCopy sheet = SheetCopy.of(app, file, convertFrom, false);
        Path table = sheet.table();
        Drop drop;
        try {
            drop = DropBuilder.build(table, job, settings, null);
        } catch (JobRejectedException e) {
            try (Utf8Copy copy = Utf8Copy.ofPairs(app, table, sheet.from(), true, Map.of())) {
                throw TableLook.withoutFields(e, copy.input(table));
            }
        }
        Map<String, String> columns = JobSpecJson.columns(DropBuilder.fields(jobFile.orElse(null), settings));
        try (Utf8Copy copy = Utf8Copy.ofPairs(app, table, sheet.from(), false, columns)) {
            return estimate(app, copy.in(drop));
        }
    }

    private int estimate(App app, Drop drop) throws IOException {
        PriceTable prices = PriceTable.bundled();
        Estimator.doubtedModels(drop, live.service(), "{}").forEach(doubt -> Warning.print(app.console(), doubt));
        if (stack == null) {
            return estimate(app, drop, Estimator.withoutStack(live.service(), prices), prices);
        }
        try (Session session = app.open(stack)) {
            if (session.deployment().providers() == null) {
                throw CliException.usage(
                        "The stack " + stack + " does not say how it reads jobs.",
                        "Bring it up to this version, or leave out --stack.");
            }
            Estimator estimator = new Estimator(
                    session.deployment().providers(), session.deployment().deployed(), session.bucket(), prices);
            return estimate(app, drop, estimator, prices);
        }
    }

    private int estimate(App app, Drop drop, Estimator estimator, PriceTable prices) throws IOException {
        try (Estimator.Opened opened = estimator.open(drop)) {
            Estimate estimate = opened.tables()
                    .of(opened.spec(), opened.pairs(), Deadline.NONE)
                    .orElseThrow();
            NoPairs.check(estimate.totals(), "Nothing would be sent.");
            EstimateReport report =
                    EstimateReport.of(opened.design(), estimate, opened.tables().service(), prices);
            print(report);
            return ExitStatus.DONE;
        } catch (JobRejectedException e) {
            throw drop.said().told(e);
        }
    }

    private void print(EstimateReport report) {
        if (json) {
            given.console().out().println(report.toJson());
        } else {
            new EstimateLines(report)
                    .lines()
                    .forEach(line -> given.console().out().println(Cells.harmless(line)));
        }
        given.console().out().flush();
    }
}
