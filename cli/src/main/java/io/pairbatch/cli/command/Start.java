package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Advice;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.FailedPairs;
import io.pairbatch.cli.job.FrozenSpec;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairing.Order;
import io.pairbatch.pairing.Pairing;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.split.PairSource;
import io.pairbatch.split.SplitTotals;
import io.pairbatch.text.Plural;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Starts a job and follows it, on the stack that the command line names.
///
/// @param stack the stack on AWS; null for the one on this machine
record Start(App app, LiveOptions live, @Nullable String stack) {

    /// Its models are in a table, which no release of a provider changes.
    private static final String NO_NEWER = " The simulator knows no newer ones: it would judge nothing.";

    /// Makes the drop.
    @FunctionalInterface
    interface Maker {

        /// Makes it.
        ///
        /// @param run the field `run` to set; null leaves it as it is
        Drop with(@Nullable Integer run) throws IOException;
    }

    /// When pairs are judged once more that a job has judged in the same way.
    enum Again {
        NO,
        /// As the next run that is not done, so that the same command twice is paid once.
        YES,
        /// As the next run that is not done: one that was interrupted goes on, and is not paid twice.
        ONCE_DONE
    }

    /// What the command line says.
    ///
    /// @param fixedName the user gave the job's name
    /// @param again whether pairs that another job has judged are judged once more
    /// @param onlyNew of a table some of whose pairs another job has judged, only the others are judged
    /// @param yes it agrees to what costs money
    /// @param follow whether the job is followed, and where its results go
    record Answers(boolean fixedName, Again again, boolean onlyNew, boolean yes, FollowOptions follow) {}

    /// What is wanted, and where.
    private record Wish(Answers says, Expense expense, Session session) {}

    /// Checks the options against each other.
    ///
    /// @throws CliException when they exclude each other
    void check() {
        if (live.live() && stack != null) {
            throw CliException.usage(
                    "--live is for the stack on this machine.",
                    "Leave out --live: a deployed stack always uses real providers.");
        }
    }

    Session open() {
        return live.live()
                ? app.sessions().open(app.live().stack(live, app.console().out()::println))
                : app.open(stack);
    }

    /// Looks at the files, shows and asks what is to be agreed to, drops the job, and follows it to its end.
    ///
    /// @return the exit code
    int run(Maker files, Answers says) throws IOException, InterruptedException {
        Drop drop = files.with(null);
        Expense expense = new Expense(app, says.yes());
        Integer refused = live.live() ? expense.check(drop, live) : null;
        if (refused != null) {
            return refused;
        }
        if (live.live()) {
            // Before a stack is started, which takes its time.
            Estimator.doubtedModels(drop, live.service(), "{}").forEach(this::warn);
        }
        try (Session session = open()) {
            return run(files, drop, new Wish(says, expense, session));
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), Expense.REJECTED, e);
        }
    }

    private int run(Maker files, Drop given, Wish wish) throws IOException, InterruptedException {
        Drop drop = given;
        Answers says = wish.says();
        Session session = wish.session();
        boolean money = session.deployment().costsMoney();
        if (money) {
            wish.expense().needsSomebody();
        }
        Deployment.Providers providers = session.deployment().providers();
        if (!live.live() && providers != null) {
            Service service = Providers.service(providers.service()).orElseThrow();
            Estimator.doubtedModels(drop, service, providers.defaults())
                    .forEach(doubt -> warn(doubt + (providers.simulated() ? NO_NEWER : "")));
        }
        Before before = Before.of(drop, session, says.onlyNew());
        if (before.design() != null) {
            app.console().out().println(Cells.harmless(before.design()));
            app.console().out().flush();
        }
        if (before.estimate() != null) {
            NoPairs.check(before.estimate().totals(), "Nothing was dropped.");
        }
        checkPanel(before, says.onlyNew());
        Optional<Job> same = before.sameJob();
        int next = run(says.again(), before, same);
        if (next > 0) {
            drop = files.with(next);
            before = Before.of(drop, session, says.onlyNew());
            same = before.sameJob();
        }
        if (same.isPresent()) {
            checkKept(same.get());
            boolean done = before.isDone(same.get());
            if (done) {
                tellRows(before);
            }
            tell(same.get(), done, before, says);
            tellOtherRules(same.get(), before);
            if (done) {
                return says.follow().noWait() ? ExitStatus.DONE : says.follow().conclude(app, session, same.get());
            }
        }
        if (same.isEmpty() && says.again() != Again.YES) {
            checkCompared(before.notCompared(), says.onlyNew());
            checkRepeated(before.estimate(), says.onlyNew());
            Overlap overlap = before.overlap();
            if (overlap != null && overlap.judged() > 0) {
                return runOverlapping(overlap, drop, before, wish);
            }
        }
        return dropAndFollow(drop, before, wish, List.of());
    }

    /// As which run the pairs are judged once more; 0 as the job file says.
    private int run(Again again, Before before, Optional<Job> same) throws IOException {
        if (again == Again.NO || before.estimate() == null) {
            return 0;
        }
        int given = before.estimate().spec().run();
        List<Job> known = same.isPresent()
                ? List.of(same.get())
                : before.twins().stream().map(Before.Twin::job).toList();
        int next = before.nextRun(again == Again.YES && !known.isEmpty() ? given + 1 : given);
        if (next == given) {
            return 0;
        }
        boolean deleted = known.stream().anyMatch(job -> job.state() == JobState.DELETING);
        if (again == Again.ONCE_DONE || deleted) {
            app.console()
                    .out()
                    .println("Run " + given
                            + (known.isEmpty()
                                    ? " is free, and a later one is not at its end yet"
                                    : (deleted ? " is being deleted, as job " : " is done already, as job ")
                                            + namesOf(known))
                            + ": this is run " + next);
        }
        return next;
    }

    /// Those that have the judges, where they are judges' own jobs.
    private static String namesOf(List<Job> jobs) {
        return jobs.stream()
                .map(job -> Objects.requireNonNullElse(job.panel(), job.id()))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /// What each judge has judged is its own: no table of new rows is new for all.
    private static void checkPanel(Before before, boolean onlyNew) {
        if (onlyNew && before.isPanel()) {
            throw CliException.usage(
                    "--only-new drops rows that no job has judged, and each judge of this job may have judged others."
                            + " Nothing was dropped.",
                    "Leave --only-new out: what another job has judged in the same way as a judge is taken from there"
                            + " if it is all of the table. Or drop a table of the new rows alone.");
        }
    }

    /// What is judged for one of several judges is not sent, and the others are not stopped by it.
    private void tellTwin(Before.Twin twin) {
        String what = twin.done()
                ? "the same pairs were judged in the same way by job "
                        + twin.job().id() + ". Nothing is sent for this judge, and its results are taken from there."
                : "job " + twin.job().id() + " judges the same pairs in the same way ("
                        + twin.job().state().words() + "): what it has sent is not sent again.";
        tellDoubt(Cells.harmless("judge " + twin.judge() + ": " + what));
    }

    /// A part of a judge's pairs that another job has judged is sent again: a judge has one job.
    private void tellOverlaps(Before before, List<Before.Twin> twins) throws IOException {
        if (!before.isPanel()) {
            return;
        }
        for (Estimate.OfJudge one : Objects.requireNonNull(before.estimate()).judges()) {
            if (twins.stream().anyMatch(twin -> twin.judge().equals(one.judge()))) {
                continue;
            }
            Overlap overlap = before.overlap(one);
            if (overlap.judged() > 0) {
                tellDoubt(Cells.harmless("judge " + one.judge() + ": " + overlap.judged() + " of these "
                        + Plural.of(overlap.pairs(), "pair") + " were judged in the same way before, by job "
                        + overlap.shares().stream()
                                .map(share -> share.job().id())
                                .collect(Collectors.joining(", "))
                        + ". They are sent, and paid for, again."));
            }
        }
    }

    /// What is dropped for a job that is being deleted goes with it.
    private static void checkKept(Job same) {
        if (same.state() == JobState.DELETING) {
            throw CliException.usage(
                    "Job " + same.id() + ", which judged the same pairs in the same way, is being deleted, and what is"
                            + " dropped now would be deleted with it. Nothing was dropped.",
                    "To have all pairs sent now, and paid for, again, as another run: --again. Or finish the deletion first:"
                            + " ./pairbatch delete " + same.id() + " says until when that takes.");
        }
    }

    /// At once, not only after a long table was read or the provider was asked.
    private void tellDoubt(String doubt) {
        FaultText.wrapped("note: " + doubt, app.console().width(), 0)
                .forEach(app.console().out()::println);
        app.console().out().flush();
    }

    /// What would end the job once a provider is asked.
    private void warn(String doubt) {
        Warning.print(app.console(), doubt);
    }

    /// What looks wrong in the table, where no job is started that tells it.
    private void tellRows(Before before) {
        Estimate estimate = Objects.requireNonNull(before.estimate());
        SplitTotals totals = estimate.totals();
        totals.table().sentences(estimate.judged(), totals.accepted()).forEach(note -> tellDoubt(Cells.harmless(note)));
    }

    /// That nothing was compared is something else than that nothing was judged.
    void checkCompared(Before.@Nullable NotCompared why, boolean onlyNew) {
        if (why == null) {
            return;
        }
        if (onlyNew) {
            throw CliException.usage(why.sentence() + " Nothing was dropped.", why.remedy());
        }
        if (why != Before.NotCompared.OLD_STACK) {
            app.console().out().println(why.sentence());
        }
    }

    /// A row of which some comparisons were made is neither new nor old.
    private static void checkRepeated(@Nullable Estimate estimate, boolean onlyNew) {
        if (onlyNew && estimate != null && estimate.perRow() > 1) {
            throw CliException.usage(
                    "--only-new drops rows that no job has judged, and each row of this job makes " + estimate.perRow()
                            + " comparisons (both_orders, repeats). Nothing was dropped.",
                    "Leave --only-new out to send all of them, or drop a table of the new rows alone.");
        }
    }

    private int runOverlapping(Overlap overlap, Drop drop, Before before, Wish wish)
            throws IOException, InterruptedException {
        boolean onlyNew = wish.says().onlyNew();
        boolean dropped = onlyNew && overlap.judged() < overlap.pairs();
        if (!dropped) {
            tellRows(before);
        }
        overlap.words().forEach(app.console().out()::println);
        Optional<Job> stopped = overlap.stopped();
        if (onlyNew && stopped.isPresent()) {
            String id = stopped.get().id();
            throw CliException.usage(
                    "Job " + id + " has stopped before it judged all of these pairs, so --only-new may leave some of"
                            + " them to nobody. Nothing was dropped.",
                    "Continue it first (./pairbatch continue " + id + "), or judge all with --again.");
        }
        if (dropped) {
            Objects.requireNonNull(before.estimate())
                    .totals()
                    .table()
                    .rejectedRows()
                    .ifPresent(rows -> app.console()
                            .out()
                            .println(Cells.harmless(rows) + ". They are left out, and are in no job's files."));
        }
        return dropped ? runOthers(overlap, drop, before, wish) : nothingDropped(overlap, onlyNew, before);
    }

    /// Drops a copy of the table without the pairs that were judged; of samples it is a table of pairs.
    private int runOthers(Overlap overlap, Drop drop, Before before, Wish wish)
            throws IOException, InterruptedException {
        before.requireProvider();
        if (hasLimit(before)) {
            throw CliException.usage(
                    "--only-new does not go with a `limit`: the sample would be drawn from other rows.",
                    "Leave the limit out (--set limit=null), or judge all with --again.");
        }
        Path folder = Files.createTempDirectory("pairbatch-new-");
        Path copy = folder.resolve("pairs.jsonl");
        try {
            JobSpec spec = Objects.requireNonNull(before.estimate()).spec();
            try (PairSource pairs = PairSource.of(spec, OfflineSplit.input(DropBuilder.table(drop)))) {
                overlap.copyOthers(pairs, copy);
            }
            Drop others = DropBuilder.withPairs(drop, copy, "pairs.jsonl");
            long left = overlap.pairs() - overlap.judged();
            app.console()
                    .out()
                    .println("Only the other " + (left == 1 ? "one is" : left + " are") + " judged now"
                            + (before.design() == null ? "" : ", as a table of pairs without `pairing`") + ".");
            List<String> ids =
                    overlap.shares().stream().map(share -> share.job().id()).toList();
            return dropAndFollow(others, Before.of(others, wish.session(), false), wish, ids);
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(folder);
        }
    }

    private static boolean hasLimit(Before before) {
        return Objects.requireNonNull(before.estimate())
                        .spec()
                        .batching()
                        .sample()
                        .limit()
                != null;
    }

    /// Rows that are not in the sample. What was judged says nothing of them.
    private static long leftOut(Before before) {
        Estimate estimate = Objects.requireNonNull(before.estimate());
        return estimate.totals().accepted() - estimate.judged();
    }

    private int nothingDropped(Overlap overlap, boolean onlyNew, Before before) {
        PrintWriter print = app.console().out();
        long others = overlap.pairs() - overlap.judged();
        List<String> ids =
                overlap.shares().stream().map(share -> share.job().id()).toList();
        boolean repeated = Objects.requireNonNull(before.estimate()).perRow() > 1;
        long leftOut = leftOut(before);
        String only = repeated
                ? ""
                : others == 0 && leftOut == 0
                        ? onlyMore(before).map(more -> more + " ").orElse("")
                        : hasLimit(before)
                                ? "To judge only new pairs, of all rows: --set limit=null --only-new. "
                                : "To judge only the other " + others + ": --only-new. ";
        print.println("Nothing was dropped. "
                + (leftOut == 0
                        ? ""
                        : "The `limit` leaves out " + Plural.of(leftOut, "row") + " of the table, judged or not. ")
                + (overlap.stopped().isPresent() ? "" : only)
                + "To judge all " + overlap.pairs() + ", and pay for them again: --again");
        print.println("Their results: ./pairbatch results " + String.join(" ", ids));
        // Somebody has to decide, unless nothing is left to judge.
        return onlyNew || (others == 0 && overlap.stopped().isEmpty()) ? ExitStatus.DONE : ExitStatus.JOB_FAILED;
    }

    /// What is cheaper than to judge all pairs of a design once more. Empty for a table of pairs, for a sample of the
    /// rows, which grows by `continue`, and where a design compares all that there is.
    private static Optional<String> onlyMore(Before before) {
        Pairing pairing = Objects.requireNonNull(before.estimate())
                .spec()
                .batching()
                .pairing()
                .orElse(null);
        if (pairing == null || hasLimit(before)) {
            return Optional.empty();
        }
        String more = switch (pairing.design()) {
            case ALL -> pairing.order() == Order.BOTH ? "" : "order=both --only-new";
            case PER_SAMPLE, LINKED -> "k=N --only-new (it was " + pairing.k() + ")";
            case RANDOM ->
                pairing.percent() == null
                        ? "pairs=N --only-new (it was " + pairing.pairs() + ")"
                        : "percent=N --only-new (it was " + pairing.percent() + ")";
        };
        return more.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "To judge more pairs of these samples, and pay for those only: --set pairing." + more + ".");
    }

    /// @param others jobs that have judged other pairs of the table
    private int dropAndFollow(Drop drop, Before before, Wish wish, List<String> others)
            throws IOException, InterruptedException {
        before.requireProvider();
        boolean money = wish.session().deployment().costsMoney();
        Optional<String> nothing =
                before.estimate() == null ? Optional.empty() : before.estimate().sendsNothing();
        // A job that has sent something already may have room for more.
        if (nothing.isPresent() && before.sameJob().isEmpty() && before.twins().isEmpty()) {
            throw CliException.refused(
                    nothing.get() + ". Nothing was dropped.",
                    "Give a higher limit ("
                            + (before.isPanel() ? "the judge's `max_cost_usd` in `judges`" : "--set max_cost_usd=USD")
                            + "), or smaller batches (--set batch_size=N).");
        }
        if (before.estimate() != null) {
            before.estimate().doubtedLimits().forEach(this::tellDoubt);
            if (!money) {
                Expense.unknown(before.estimate()).forEach(this::tellDoubt);
            }
        }
        List<Before.Twin> twins = before.twins();
        for (Before.Twin twin : twins) {
            checkKept(twin.job());
            tellTwin(twin);
        }
        tellOverlaps(before, twins);
        if (money
                && !before.allJudged(twins)
                && !wish.expense().settle(Objects.requireNonNull(before.estimate()), twins, wish.session())) {
            return ExitStatus.DONE;
        }
        wish.session()
                .deployment()
                .simulated()
                .ifPresent(rule -> FaultText.wrapped(rule, app.console().width(), 0)
                        .forEach(app.console().out()::println));
        RunCommand.Dropped dropped =
                RunCommand.Dropped.drop(app, wish.session(), drop, wish.says().fixedName());
        int status = wish.says().follow().follow(app, wish.session(), dropped);
        if (!others.isEmpty()) {
            String id = dropped.job().id();
            JobState state =
                    wish.session().jobs().read(id).map(now -> now.job().state()).orElse(JobState.UNKNOWN);
            app.console().out().println(resultsOfAll(others, id, state));
        }
        return status;
    }

    /// Where the results of a whole table are, which several jobs have judged.
    ///
    /// @param state of the last of them, which may not be done yet
    static String resultsOfAll(List<String> others, String id, JobState state) {
        return "The results of all pairs" + (state == JobState.DONE ? "" : ", once job " + id + " is done")
                + ": ./pairbatch results " + String.join(" ", others) + " " + id;
    }

    private void tell(Job same, boolean done, Before before, Answers says) throws IOException {
        PrintWriter print = app.console().out();
        String pairs = "Job " + same.id() + " judges the same pairs in the same way";
        if (done) {
            String cost = Overlap.cost(before.session().bucket(), same);
            print.println("The same pairs were " + (same.failed() == 0 ? "judged" : "sent")
                    + " in the same way by job " + same.id()
                    + (same.finishedAt() == null
                            ? ""
                            : ", which ended at " + same.finishedAt().truncatedTo(ChronoUnit.SECONDS))
                    + (cost == null ? "" : " and cost " + cost) + ".");
            if (same.failed() > 0) {
                print.println(same.observed() + " with a winner, " + same.failed() + " without one.");
                // What follows says it of a job that has lost too much.
                if (says.follow().noWait() || !same.hasLosses()) {
                    LossesOption.tell(
                            print,
                            app.console().width(),
                            Advice.of(same, FailedPairs.read(before.session().bucket(), same.id()), null));
                }
            }
            if (says.follow().noWait()) {
                Following.tellSample(app, same);
            }
            print.println("Nothing was dropped."
                    + onlyMore(before).map(more -> " " + more).orElse("")
                    + " To have all judged once more, and paid once more: --again");
        } else if (same.state() == JobState.DONE) {
            print.println(pairs + ", and has judged " + (same.observed() + same.failed())
                    + " of them: these are not sent again.");
        } else {
            print.println(pairs + " (" + same.state().words() + "): what it has sent is not sent again.");
        }
    }

    private void tellOtherRules(Job same, Before before) throws IOException {
        JobSpec ours = Objects.requireNonNull(before.estimate()).spec();
        Optional<JobSpec> theirs = FrozenSpec.of(before.session().bucket(), same.id());
        if (theirs.isEmpty()) {
            return;
        }
        PrintWriter print = app.console().out();
        Optional.ofNullable(OtherRules.of(same, theirs.get(), ours)).ifPresent(print::println);
        if (before.isDone(same)) {
            Optional.ofNullable(OtherRules.notApplied(theirs.get(), ours)).ifPresent(print::println);
        }
    }
}
