package io.pairbatch.cli.command;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.estimate.TableLook;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.pilot.Pilot;
import io.pairbatch.cli.pilot.PilotReport;
import io.pairbatch.cli.pilot.PilotTables;
import io.pairbatch.cli.pilot.SummaryCsv;
import io.pairbatch.cli.pilot.TestStrategy;
import io.pairbatch.cli.prices.UserPrices;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.http.Network;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "estimate",
        description =
                "Shows what a job would send and cost, and how long it may take. Without a pilot it sends nothing, and"
                        + " needs no stack and no key.",
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

    @Mixin
    private SpecOptions specOptions = new SpecOptions();

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

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Also write the figures of each judge, in batches and live, to a new file.")
    private @Nullable Path csv;

    @Option(
            names = "--pilot",
            paramLabel = "N",
            description =
                    "Send the requests of N pairs live, at the live price, to know how long answers are and what the"
                            + " others cost. Needs --live and a key.")
    private @Nullable Integer pilot;

    @Option(
            names = "--test-strategy",
            paramLabel = "STRATEGY",
            description =
                    "Which pairs are the pilot: first, random, or stratified_prompt_bytes, as many of each fifth of"
                            + " the prompts' sizes (default: ${DEFAULT-VALUE}).",
            defaultValue = "stratified_prompt_bytes")
    private TestStrategy strategy = TestStrategy.STRATIFIED_PROMPT_BYTES;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "What the pilot draws; as set.seed in R (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int seed = 1;

    @Option(
            names = "--budget-quantile",
            paramLabel = "Q",
            description = "The budget counts each answer as long as this quantile of the pilot's (default:"
                    + " ${DEFAULT-VALUE}).",
            defaultValue = "0.9")
    private double quantile = 0.9;

    @Option(
            names = "--test-pairs",
            paramLabel = "FILE",
            description = "Write the pairs of the pilot to a new file, CSV or, if it ends in .jsonl, JSONL.")
    private @Nullable Path testPairs;

    @Option(
            names = "--remaining-pairs",
            paramLabel = "FILE",
            description = "Write the other pairs to a new file likewise.")
    private @Nullable Path remainingPairs;

    @Option(names = "--yes", description = "Do not ask before a pilot, which costs money.")
    private boolean yes;

    @Mixin
    private LiveOptions live = new LiveOptions();

    EstimateCommand(App app) {
        this.given = app;
    }

    @Override
    public Integer call() throws IOException {
        GivenFile.checkFileOrFolder(file, RunCommand.GIVE);
        checkOptions();
        App app = json ? spokenAside(given) : given;
        boolean folder = Files.isDirectory(file);
        Optional<Path> jobFile =
                folder ? DropBuilder.specOfFolder(file, specOptions.job) : DropBuilder.specFile(file, specOptions.job);
        DropBuilder.checkFields(file, jobFile, specOptions.settings);
        try {
            return folder ? ofFolder(app, jobFile) : ofTable(app, jobFile);
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), REFUSED, e);
        }
    }

    private void checkOptions() {
        boolean real = live.live();
        if (quantile <= 0 || quantile >= 1) {
            throw CliException.usage(
                    "--budget-quantile is " + quantile + "; expected more than 0 and less than 1.", "0.9 is usual.");
        }
        if (csv != null && Files.exists(csv)) {
            throw CliException.usage(csv + " is there already.", "Name a new file; what is there is kept.");
        }
        if (pilot == null) {
            if (testPairs != null || remainingPairs != null) {
                throw CliException.usage(
                        "--test-pairs and --remaining-pairs are of a pilot.", "Add --pilot N, or leave them out.");
            }
            return;
        }
        if (pilot < 1 || pilot > Pilot.MOST_PAIRS) {
            throw CliException.usage(
                    "--pilot is " + pilot + "; expected 1 to " + Pilot.MOST_PAIRS + ".", "25 pairs are usual.");
        }
        if (!real) {
            throw CliException.usage(
                    "A pilot sends requests to the provider.",
                    "Add --live, with the key in the environment; --live-url names another address.");
        }
        tables().check();
        new Expense(given, yes).needsSomebody();
    }

    private PilotTables tables() {
        return new PilotTables(testPairs, remainingPairs);
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
        try (Utf8Copy copy = Utf8Copy.ofFolder(app, file, convertFrom, false, jobFile, specOptions.settings, () -> {
            Estimator.glance(
                    DropBuilder.fields(jobFile.orElse(null), specOptions.settings),
                    jobFile.orElse(file),
                    live.service());
        })) {
            return estimate(
                    app, copy.in(DropBuilder.ofFolder(file, copy.orElse(file), jobFile, specOptions.settings, null)));
        }
    }

    private int ofTable(App app, Optional<Path> jobFile) throws IOException {
        SheetCopy sheet = SheetCopy.of(app, file, convertFrom, false);
        Path table = sheet.table();
        Drop drop;
        try {
            drop = DropBuilder.build(table, specOptions.job, specOptions.settings, null);
        } catch (JobRejectedException e) {
            try (Utf8Copy copy = Utf8Copy.ofPairs(app, table, sheet.from(), true, Map.of())) {
                throw TableLook.withoutFields(e, copy.input(table));
            }
        }
        Map<String, String> columns =
                JobSpecJson.columns(DropBuilder.fields(jobFile.orElse(null), specOptions.settings));
        try (Utf8Copy copy = Utf8Copy.ofPairs(app, table, sheet.from(), false, columns)) {
            return estimate(app, copy.in(drop));
        }
    }

    private int estimate(App app, Drop drop) throws IOException {
        PriceTable prices = UserPrices.of(given.home()).table();
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
            if (pilot != null) {
                checkPilot(app, opened.spec());
            }
            Estimate estimate = opened.tables()
                    .of(opened.spec(), opened.pairs(), Deadline.NONE)
                    .orElseThrow();
            NoPairs.check(estimate.totals(), "Nothing would be sent.");
            EstimateReport report =
                    EstimateReport.of(opened.design(), estimate, opened.tables().service(), prices);
            return pilot == null ? conclude(report) : pilot(app, opened, report);
        } catch (JobRejectedException e) {
            throw drop.said().told(e);
        }
    }

    private void checkPilot(App app, JobSpec spec) {
        if (spec.batching().sample().limit() != null) {
            throw CliException.usage(
                    "The job has a `limit`, which is a pilot of its own, at batch prices.",
                    "Leave out --pilot, or add --set limit=null.");
        }
        new Expense(app, yes).checkKeys(spec);
        spec.backends().forEach(live::address);
    }

    private int pilot(App app, Estimator.Opened opened, EstimateReport report) throws IOException {
        Pilot sends = Pilot.of(opened, report, new Pilot.Wish(Objects.requireNonNull(pilot), strategy, seed, quantile));
        PilotLines.before(sends, report.prices())
                .forEach(line -> app.console().out().println(Cells.harmless(line)));
        app.console().out().flush();
        if (!yes && !app.live().agrees("Send them? [y/N]")) {
            return conclude(report);
        }
        Map<Backend, String> keys = LiveOptions.keys(app.live().environment());
        Network network = Network.trusting(live.trust());
        List<Pilot.Outcome> outcomes = sends.run(
                spec -> Providers.connect(
                        spec,
                        opened.tables().service(),
                        live.address(spec.backend()),
                        Objects.requireNonNull(keys.get(spec.backend())),
                        network),
                report.prices());
        // What was paid for is shown first: a file may have no room.
        conclude(new PilotReport(sends.wish(), report.prices()).of(report, outcomes));
        Set<Long> sent = outcomes.stream().flatMap(one -> one.rows().stream()).collect(Collectors.toSet());
        tables().write(opened.pairs(), sent);
        return outcomes.stream().anyMatch(one -> one.stopped() != null) ? ExitStatus.JOB_FAILED : ExitStatus.DONE;
    }

    private int conclude(EstimateReport report) throws IOException {
        print(report);
        if (csv != null) {
            Files.writeString(csv, SummaryCsv.of(report, quantile), StandardOpenOption.CREATE_NEW);
        }
        return ExitStatus.DONE;
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
