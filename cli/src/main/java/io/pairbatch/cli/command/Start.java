package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Starts a job and follows it, on the stack that the command line names.
///
/// @param stack the stack on AWS; null for the one on this machine
record Start(App app, LiveOptions live, @Nullable String stack) {

    /// Makes the drop.
    @FunctionalInterface
    interface Maker {

        /// Makes it.
        ///
        /// @param run the field `run` to set; null leaves it as it is
        Drop with(@Nullable Integer run) throws IOException;
    }

    /// What the command line says.
    ///
    /// @param fixedName the user gave the job's name
    /// @param again pairs that another job has judged are judged once more
    /// @param onlyNew of a table some of whose pairs another job has judged, only the others are judged
    /// @param yes it agrees to what costs money
    /// @param noWait the job is not followed
    /// @param losses what is said and done about comparisons without a winner
    record Answers(
            boolean fixedName, boolean again, boolean onlyNew, boolean yes, boolean noWait, LossesOption losses) {}

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
    /// @param out folder for the results; null for `results/JOB`
    /// @return the exit code
    int run(Maker files, Answers says, @Nullable Path out) throws IOException, InterruptedException {
        Drop drop = files.with(null);
        Expense expense = new Expense(app, says.yes());
        Integer refused = live.live() ? expense.check(drop, live) : null;
        if (refused != null) {
            return refused;
        }
        try (Session session = open()) {
            return run(files, drop, says, expense, session, out);
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), Expense.REJECTED, e);
        }
    }

    private int run(Maker files, Drop given, Answers says, Expense expense, Session session, @Nullable Path out)
            throws IOException, InterruptedException {
        Drop drop = given;
        boolean money = session.deployment().costsMoney();
        if (money) {
            expense.needsSomebody();
        }
        Before before = Before.of(drop, session);
        Optional<Job> same = before.sameJob();
        Following following = new Following(app, session);
        if (same.isPresent() && says.again()) {
            drop = files.with(before.nextRun());
            before = Before.of(drop, session);
        } else if (same.isPresent()) {
            boolean done = before.isDone(same.get());
            tell(same.get(), done, Overlap.cost(session.bucket(), same.get()));
            if (done) {
                return says.noWait()
                        ? ExitStatus.DONE
                        : following.conclude(same.get(), folder(same.get(), out), says.losses());
            }
        }
        Overlap overlap = same.isPresent() || says.again() ? null : before.overlap();
        if (overlap != null && overlap.judged() > 0) {
            overlap.words().forEach(app.console().out()::println);
            if (!says.onlyNew() || overlap.judged() == overlap.pairs()) {
                return nothingDropped(overlap, says.onlyNew());
            }
            return runOthers(overlap, drop, before, says, expense, session, out);
        }
        return dropAndFollow(drop, before, says, expense, session, out);
    }

    /// Drops a copy of the table without the pairs that were judged.
    private int runOthers(
            Overlap overlap,
            Drop drop,
            Before before,
            Answers says,
            Expense expense,
            Session session,
            @Nullable Path out)
            throws IOException, InterruptedException {
        if (Objects.requireNonNull(before.estimate()).spec().batching().sample().limit() != null) {
            throw CliException.usage(
                    "--only-new does not go with a `limit`: the sample would be drawn from other rows.",
                    "Leave the limit out (--set limit=null), or judge all with --again.");
        }
        Path folder = Files.createTempDirectory("pairbatch-new-");
        Path copy = folder.resolve("pairs.jsonl");
        try {
            overlap.copyOthers(DropBuilder.table(drop), copy);
            Drop others = DropBuilder.withTable(drop, copy, "pairs.jsonl");
            app.console().out().println("Only the other " + (overlap.pairs() - overlap.judged()) + " are judged now.");
            return dropAndFollow(others, Before.of(others, session), says, expense, session, out);
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(folder);
        }
    }

    private int nothingDropped(Overlap overlap, boolean onlyNew) {
        PrintWriter print = app.console().out();
        long others = overlap.pairs() - overlap.judged();
        List<String> ids =
                overlap.shares().stream().map(share -> share.job().id()).toList();
        print.println(
                "Nothing was dropped. " + (others == 0 ? "" : "To judge only the other " + others + ": --only-new. ")
                        + "To judge all " + overlap.pairs() + ", and pay for them again: --again");
        print.println("Their results: ./pairbatch results " + String.join(" ", ids));
        return onlyNew ? ExitStatus.DONE : ExitStatus.USAGE;
    }

    private int dropAndFollow(
            Drop drop, Before before, Answers says, Expense expense, Session session, @Nullable Path out)
            throws IOException, InterruptedException {
        Following following = new Following(app, session);
        boolean money = session.deployment().costsMoney();
        if (money && !expense.settle(Objects.requireNonNull(before.estimate()), session)) {
            return ExitStatus.DONE;
        }
        session.deployment()
                .simulated()
                .ifPresent(rule -> FaultText.wrapped(rule, app.console().width(), 0)
                        .forEach(app.console().out()::println));
        RunCommand.Dropped dropped = RunCommand.Dropped.drop(app, session, drop, says.fixedName());
        String id = dropped.job().id();
        if (says.noWait()) {
            app.console().out().println("To follow it: ./pairbatch watch " + id);
            return ExitStatus.DONE;
        }
        Job end = following.follow(id, dropped.before(), Following.goesOn(id));
        return following.conclude(end, folder(end, out), says.losses());
    }

    private void tell(Job same, boolean done, @Nullable String costUsd) {
        PrintWriter print = app.console().out();
        String pairs = "Job " + same.id() + " judges the same pairs in the same way";
        if (done) {
            print.println("The same pairs were judged in the same way by job " + same.id()
                    + (same.finishedAt() == null ? "" : ", which ended at " + same.finishedAt())
                    + (costUsd == null ? "" : " and cost USD " + costUsd) + ".");
            print.println("Nothing was dropped. To have them judged once more, and paid once more: --again");
        } else if (same.state() == JobState.DONE) {
            print.println(pairs + ", and has judged " + (same.observed() + same.failed())
                    + " of them: these are not sent again.");
        } else {
            print.println(pairs + " (" + same.state().words() + "): what it has sent is not sent again.");
        }
    }

    private Path folder(Job judged, @Nullable Path out) {
        return out == null ? app.folder().resolve("results").resolve(judged.id()) : out;
    }
}
