package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a command does once it has a job going: it follows the job to its end and fetches the results, or it does not
/// wait. The same for every command that has such an end.
final class FollowOptions {

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the results (default: results/JOB).")
    private @Nullable Path out;

    @Option(names = "--no-wait", description = "Do not wait until the job has ended.")
    private boolean noWait;

    @Mixin
    private LossesOption losses = new LossesOption();

    /// Waits for a job.
    @FunctionalInterface
    interface Wait {

        Job by(Following following) throws InterruptedException;
    }

    /// What is said of a job that has ended, before its results are fetched and counted.
    @FunctionalInterface
    interface AtTheEnd {

        /// Says it.
        ///
        /// @return the exit code if that is all; null to go on
        @Nullable
        Integer say(Job end) throws IOException;
    }

    /// Says how many pairs had a winner before, and how many have one now, of a job that is done.
    static void tellWinners(App app, Job before, Job end) {
        if (end.state() == JobState.DONE) {
            app.console()
                    .out()
                    .println("Pairs with a winner: " + before.observed() + " before, " + end.observed() + " now.");
        }
    }

    /// Says of a job that was done, and is done again, that nothing came of what was to be done, and why.
    ///
    /// @return the exit code; null if something did
    @Nullable
    Integer unchanged(App app, Session session, Job before, Job end) {
        if (end.state() != JobState.DONE || !Objects.equals(end.finishedAt(), before.finishedAt())) {
            return null;
        }
        PrintWriter print = app.console().err();
        print.println("Job " + end.id() + " was not read again: its results are those from before.");
        session.jobs()
                .read(end.id())
                .ifPresent(now -> now.notices().forEach(notice -> print.println("  " + Cells.harmless(notice))));
        return ExitStatus.JOB_FAILED;
    }

    /// The command was asked for what has the job lose pairs.
    void expectLosses() {
        losses.expectLosses();
    }

    boolean noWait() {
        return noWait;
    }

    /// Follows a job with which an execution goes on that was just started. Returns the exit code.
    ///
    /// @param before the job as it was before that
    int followStarted(App app, Session session, Job before, AtTheEnd said) throws IOException, InterruptedException {
        return follow(app, session, before.id(), following -> following.followStarted(before), said);
    }

    /// Follows a job on which an execution works already.
    int follow(App app, Session session, String id) throws IOException, InterruptedException {
        return follow(app, session, id, end -> null);
    }

    /// The same, with what is said at its end.
    int follow(App app, Session session, String id, AtTheEnd said) throws IOException, InterruptedException {
        return follow(app, session, id, following -> following.follow(id, null, Following.goesOn(id)), said);
    }

    /// Follows a job that was just dropped.
    int follow(App app, Session session, RunCommand.Dropped dropped) throws IOException, InterruptedException {
        Job job = dropped.job();
        String id = job.id();
        if (noWait && job.awaitsDeletion() != null) {
            app.console().out().println("Job " + id + " is " + job.words() + ": nothing is sent before.");
        }
        return follow(
                app,
                session,
                id,
                following -> following.follow(id, dropped.before(), Following.goesOn(id)),
                end -> null);
    }

    /// Follows a job, unless nobody waits for it. Returns the exit code.
    int follow(App app, Session session, String id, Wait wait, AtTheEnd said) throws IOException, InterruptedException {
        if (noWait) {
            app.console().out().println("To follow it: ./pairbatch watch " + id);
            return ExitStatus.DONE;
        }
        Job end = wait.by(new Following(app, session));
        Integer status = said.say(end);
        return status == null ? conclude(app, session, end) : status;
    }

    /// Fetches and counts the results of a job that has ended. Returns the exit code.
    int conclude(App app, Session session, Job end) throws IOException {
        return new Following(app, session).conclude(end, app.results(end.id(), out), losses);
    }
}
