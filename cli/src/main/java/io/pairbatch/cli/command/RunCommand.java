package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.estimate.TableLook;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.spec.JobSpecJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description =
                "Judges a table of pairs or samples: drops it into the stack's inbox, shows the progress, fetches the"
                        + " results.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    static final String GIVE = "Give the path of a table of pairs or samples, or of a folder of *.txt files.";

    private final App app;

    @Parameters(
            paramLabel = "FILE",
            description = "The pairs (ID1, text1, ID2, text2), or with `pairing` the samples (ID, text): CSV or JSONL,"
                    + " plain or gzipped. With `pairing` also a folder of *.txt files.")
    private @Nullable Path file;

    @Mixin
    private SpecOptions specOptions = new SpecOptions();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the job (default: taken from the file or folder).")
    private @Nullable String name;

    @Option(
            names = "--again",
            description = "Judge pairs once more that another job has judged in the same way; they are paid once more.")
    private boolean again;

    @Option(
            names = "--only-new",
            description =
                    "Of a table some of whose pairs another job has judged in the same way, judge only the others.")
    private boolean onlyNew;

    @Option(names = "--yes", description = "Do not ask before a run that costs money; never agrees to a conversion.")
    private boolean yes;

    @Option(
            names = "--convert-from",
            paramLabel = "CHARSET",
            description = "Judge a copy of the pairs that is converted from this character set to UTF-8; Excel's CSV is"
                    + " windows-1252. xlsx takes the first sheet of a workbook.")
    private @Nullable String convertFrom;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private LiveOptions live = new LiveOptions();

    @Mixin
    private StackOption stack = new StackOption();

    RunCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (file == null) {
            throw CliException.usage("No file is given.", GIVE);
        }
        if (again && onlyNew) {
            throw CliException.usage("--again and --only-new exclude each other.", "Give one of them.");
        }
        Start start = new Start(app, live, stack.name);
        start.check();
        GivenFile.checkFileOrFolder(file, GIVE);
        if (Files.isDirectory(file)) {
            return runFolder(start, file);
        }
        SheetCopy given = SheetCopy.of(app, file, convertFrom, yes);
        Path table = given.table();
        // Whatever is wrong with the command line is told before the table is read.
        Drop drop;
        try {
            drop = DropBuilder.build(table, specOptions.job, specOptions.settings, name);
        } catch (JobRejectedException e) {
            try (Utf8Copy copy = Utf8Copy.ofPairs(app, table, given.from(), true, Map.of())) {
                return Problems.print(app.console(), Expense.REJECTED, TableLook.withoutFields(e, copy.input(table)));
            }
        }
        Map<String, String> columns = JobSpecJson.columns(
                DropBuilder.fields(DropBuilder.specFile(table, specOptions.job).orElse(null), specOptions.settings));
        try (Utf8Copy copy = Utf8Copy.ofPairs(app, table, given.from(), yes, columns)) {
            return start.run(
                    run -> copy.in(run == null ? drop : DropBuilder.build(table, specOptions.job, with(run), name)),
                    answers());
        }
    }

    private int runFolder(Start start, Path folder) throws IOException, InterruptedException {
        Optional<Path> jobFile = DropBuilder.specOfFolder(folder, specOptions.job);
        Utf8Copy made;
        try {
            made = Utf8Copy.ofFolder(
                    app, folder, convertFrom, yes, jobFile, specOptions.settings, () -> checkFields(folder, jobFile));
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), Expense.REJECTED, e);
        }
        try (Utf8Copy copy = made) {
            Path table = copy.orElse(folder);
            return start.run(
                    run -> copy.in(DropBuilder.ofFolder(
                            folder, table, jobFile, run == null ? specOptions.settings : with(run), name)),
                    answers());
        }
    }

    /// What is wrong with the fields on any stack: its defaults may have what the job file lacks.
    private void checkFields(Path folder, Optional<Path> jobFile) throws IOException {
        try {
            Estimator.glance(
                    DropBuilder.fields(jobFile.orElse(null), specOptions.settings),
                    jobFile.orElse(folder.resolve(JobFiles.JOB)),
                    live.service());
        } catch (JobRejectedException e) {
            List<Problem> known = e.problems().stream()
                    .filter(problem -> live.live() || problem.code() != ErrorCode.SPEC_MISSING_FIELD)
                    .toList();
            if (!known.isEmpty()) {
                String shown = jobFile.map(Path::toString).orElse("");
                throw new Drop.Said(shown, specOptions.settings.keySet()).told(new JobRejectedException(known));
            }
        }
    }

    private Start.Answers answers() {
        return new Start.Answers(name != null, again ? Start.Again.YES : Start.Again.NO, onlyNew, yes, follow);
    }

    private Map<String, String> with(int run) {
        Map<String, String> all = new LinkedHashMap<>(specOptions.settings);
        all.put("run", String.valueOf(run));
        return all;
    }

    /// A job whose files are in the inbox.
    ///
    /// @param before the same job as it was before, or null when it is new
    record Dropped(Job job, @Nullable Job before) {

        static Dropped drop(App app, Session session, Drop drop, boolean fixedName)
                throws IOException, InterruptedException {
            JobFinder finder = app.finder(session);
            Drop.Folder folder = drop.chooseFolder(session.bucket(), fixedName);
            String dataKey = drop.dataKey(folder.prefix());
            @Nullable
            Job before = folder.known() ? finder.ofSource(dataKey, null).orElse(null) : null;
            Instant now = app.clock().instant();
            drop.into(session.bucket(), folder.prefix());
            app.console().out().println("Dropped into s3://" + session.bucket().name() + "/" + folder.prefix());
            Job job = before == null ? finder.await(dataKey, now, app.console().out()::println) : before;
            app.console()
                    .out()
                    .println("Job " + job.id() + (before == null ? "" : " (the same files were dropped before)"));
            return new Dropped(job, before);
        }
    }
}
