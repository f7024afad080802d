package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
                "Judges a table of pairs: drops it into the stack's inbox, shows the progress, fetches the results.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    private final App app;

    @Parameters(
            paramLabel = "FILE",
            description = "The pairs (ID1, text1, ID2, text2): CSV or JSONL, plain or gzipped.")
    private @Nullable Path file;

    @Option(names = "--job", paramLabel = "FILE", description = "The job file (default: job.json beside the pairs).")
    private @Nullable Path job;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "Set a field of the job over the job file; `null` removes it. Can be given several times.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the job (default: taken from the file).")
    private @Nullable String name;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the results (default: results/JOB).")
    private @Nullable Path out;

    @Option(
            names = "--again",
            description = "Judge pairs once more that another job has judged in the same way; they are paid once more.")
    private boolean again;

    @Option(names = "--no-wait", description = "Start the job, but do not wait for it.")
    private boolean noWait;

    @Option(names = "--yes", description = "Do not ask before a run that costs money; never agrees to a conversion.")
    private boolean yes;

    @Option(
            names = "--convert-from",
            paramLabel = "CHARSET",
            description = "Judge a copy of the pairs that is converted from this character set to UTF-8; Excel's CSV is"
                    + " windows-1252.")
    private @Nullable String convertFrom;

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
            throw CliException.usage("No file is given.", "Give the path of a table of pairs.");
        }
        Drop drop = DropBuilder.build(file, job, settings, name);
        try (Utf8Copy copy = Utf8Copy.of(app, file, convertFrom, yes)) {
            return run(copy.in(drop), copy);
        }
    }

    private Integer run(Drop drop, Utf8Copy copy) throws IOException, InterruptedException {
        if (live.live() && stack.name != null) {
            throw CliException.usage(
                    "--live is for the stack on this machine.",
                    "Leave out --live: a deployed stack always uses real providers.");
        }
        Expense expense = new Expense(app, yes);
        Integer refused = live.live() ? expense.check(drop, live) : null;
        if (refused != null) {
            return refused;
        }
        try (Session session = open()) {
            return run(drop, copy, expense, session);
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), Expense.REJECTED, e);
        }
    }

    private int run(Drop given, Utf8Copy copy, Expense expense, Session session)
            throws IOException, InterruptedException {
        Drop drop = given;
        boolean money = session.deployment().costsMoney();
        if (money) {
            expense.needsSomebody();
        }
        Before before = Before.of(drop, session);
        Optional<Job> same = before.sameJob();
        Following following = new Following(app, session);
        if (same.isPresent() && again) {
            settings.put("run", String.valueOf(before.nextRun()));
            drop = copy.in(DropBuilder.build(Objects.requireNonNull(file), job, settings, name));
            before = Before.of(drop, session);
        } else if (same.isPresent()) {
            boolean done = before.isDone(same.get());
            tell(same.get(), done);
            if (done) {
                return noWait ? ExitStatus.DONE : following.conclude(same.get(), folder(same.get()));
            }
        }
        if (money && !expense.settle(Objects.requireNonNull(before.estimate()), session)) {
            return ExitStatus.DONE;
        }
        Dropped dropped = Dropped.drop(app, session, drop, name != null);
        String id = dropped.job().id();
        if (noWait) {
            app.console().out().println("To follow it: ./pairbatch watch " + id);
            return ExitStatus.DONE;
        }
        Job end = following.follow(id, dropped.before(), Following.goesOn(id));
        return following.conclude(end, folder(end));
    }

    private void tell(Job same, boolean done) {
        PrintWriter out = app.console().out();
        String pairs = "Job " + same.id() + " judges the same pairs in the same way";
        if (done) {
            out.println("The same pairs were judged in the same way by job " + same.id()
                    + (same.finishedAt() == null ? "" : ", which ended at " + same.finishedAt()) + ".");
            out.println("Nothing was dropped. To have them judged once more, and paid once more: --again");
        } else if (same.state() == JobState.DONE) {
            out.println(pairs + ", and has judged " + (same.observed() + same.failed())
                    + " of them: these are not sent again.");
        } else {
            out.println(pairs + " (" + same.state().words() + "): what it has sent is not sent again.");
        }
    }

    private Path folder(Job judged) {
        return out == null ? app.folder().resolve("results").resolve(judged.id()) : out;
    }

    private Session open() {
        return live.live()
                ? app.sessions().open(app.live().stack(live, app.console().out()::println))
                : app.open(stack.name);
    }

    /// A job whose files are in the inbox.
    ///
    /// @param before the same job as it was before, or null when it is new
    record Dropped(Job job, @Nullable Job before) {

        static Dropped drop(App app, Session session, Drop drop, boolean fixedName)
                throws IOException, InterruptedException {
            JobFinder finder = new JobFinder(session.jobs(), app.clock(), app.pause());
            Drop.Folder folder = drop.chooseFolder(session.bucket(), fixedName);
            String dataKey = drop.dataKey(folder.prefix());
            @Nullable
            Job before = folder.known() ? finder.ofSource(dataKey, null).orElse(null) : null;
            Instant now = app.clock().instant();
            drop.into(session.bucket(), folder.prefix());
            app.console().out().println("Dropped into s3://" + session.bucket().name() + "/" + folder.prefix());
            Job job = before == null ? finder.await(dataKey, now) : before;
            app.console()
                    .out()
                    .println("Job " + job.id() + (before == null ? "" : " (the same files were dropped before)"));
            return new Dropped(job, before);
        }
    }
}
