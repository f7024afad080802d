package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Advice;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFault;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.JobWatcher;
import io.pairbatch.cli.job.Recount;
import io.pairbatch.cli.job.ResultFiles;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.ProgressView;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.registry.JobState;
import io.pairbatch.text.Plural;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Follows a job to its end on the console, and prints the outcome.
final class Following {

    private final App app;
    private final Session session;

    Following(App app, Session session) {
        this.app = app;
        this.session = session;
    }

    /// Shows the job's progress until it ends or stops, and then that of the job that judges the same, if there is one.
    /// Ctrl-C ends the display, not the job.
    ///
    /// @param before the job as it was before its file was dropped again, or null
    /// @param farewell what to print on Ctrl-C
    Job follow(String jobId, @Nullable Job before, String farewell) throws InterruptedException {
        return follow(jobId, before, false, farewell);
    }

    /// The same for a job with which an execution goes on that was just started.
    ///
    /// @param before the job as it was before that
    Job followStarted(Job before) throws InterruptedException {
        return follow(before.id(), before, true, goesOn(before.id()));
    }

    private Job follow(String jobId, @Nullable Job before, boolean started, String farewell)
            throws InterruptedException {
        Job end = followOne(jobId, before, started, farewell);
        String other = end.sameAs();
        if (other == null) {
            return end;
        }
        PrintWriter out = app.console().out();
        FaultText.wrapped(
                        "Job " + jobId + ": " + end.errorMessage() + ".",
                        app.console().width(),
                        0)
                .forEach(out::println);
        out.println("Job " + other);
        Job known = session.jobs().read(other).map(JobSnapshot::job).orElse(null);
        return followOne(other, known, false, goesOn(other));
    }

    private Job followOne(String jobId, @Nullable Job before, boolean started, String farewell)
            throws InterruptedException {
        ProgressView view = app.console().progress();
        Thread goodbye = new Thread(() -> {
            view.close();
            app.console().out().println(System.lineSeparator() + farewell);
            app.console().out().flush();
        });
        Runtime.getRuntime().addShutdownHook(goodbye);
        try (view) {
            return new JobWatcher(session.jobs(), session.pacing(), app.clock(), app.pause())
                    .watch(jobId, before, started, view)
                    .job();
        } finally {
            removeHook(goodbye);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is already ending, and the hook is running.
        }
    }

    /// What a user who stops watching should know.
    static String goesOn(String jobId) {
        return "The job continues. To follow it again: ./pairbatch watch " + jobId;
    }

    /// Prints why the job did not finish. Returns the exit code.
    int explain(Job job) throws IOException {
        JobFault fault = JobFault.read(session.bucket(), job);
        FaultText.of(job, fault, session.deployment(), app.console().width())
                .forEach(app.console().err()::println);
        return ExitStatus.JOB_FAILED;
    }

    /// Prints where the results are, that they are complete, and what was lost. Returns the exit code.
    ///
    /// @param folder where to put a copy of the results; null for no copy
    int conclude(Job job, @Nullable Path folder, LossesOption losses) throws IOException {
        if (job.state() != JobState.DONE) {
            int status = explain(job);
            app.console().err().println("What it means, and what to type next: ./pairbatch doctor " + job.id());
            return status;
        }
        showResults(job.id(), folder);
        int status = judge(app, job, folder, Recount.of(session.jobs(), session.bucket(), job), losses, true);
        tellSample(app, job);
        return status;
    }

    /// Says how a job that has judged a sample goes on.
    static void tellSample(App app, Job job) {
        Advice.sample(job)
                .ifPresent(more -> FaultText.lines(more, app.console().width())
                        .forEach(app.console().out()::println));
    }

    /// Prints the counts of a done job and what was lost. Returns the exit code.
    ///
    /// @param folder where the results were copied to; null for nowhere
    /// @param stays whether its stack goes on: one that is gone sends nothing again
    static int judge(App app, Job job, @Nullable Path folder, Recount recount, LossesOption losses, boolean stays) {
        printCounts(app.console(), recount);
        if (!recount.holds()) {
            return ExitStatus.RECOUNT;
        }
        String copy = folder == null ? null : shown(app, folder);
        return stays || copy == null
                ? losses.judge(app.console(), recount.losses(), job, copy)
                : losses.judgeCopy(app.console(), recount.losses(), job.id(), copy);
    }

    /// Fetches the results if there is a folder for them, and prints where they are.
    void showResults(String jobId, @Nullable Path folder) throws IOException {
        PrintWriter out = app.console().out();
        String inBucket = "s3://" + session.bucket().name() + "/" + ResultFiles.prefix(jobId);
        if (folder == null) {
            out.println("Results in " + inBucket);
            out.println("To fetch them: ./pairbatch results " + jobId);
            return;
        }
        List<ResultFiles.Fetched> files = new ResultFiles(session.bucket()).fetch(jobId, folder, false);
        out.println("Results in " + shown(app, folder) + "/ (" + sizes(files) + "), copied from");
        out.println(inBucket);
    }

    /// Prints the conservation line and what was paid, or what is wrong with the counts.
    private static void printCounts(Console console, Recount recount) {
        recount.notices().forEach(notice -> console.out().println("note: " + Cells.harmless(notice)));
        if (recount.holds()) {
            recount.lines().forEach(line -> console.out().println(Cells.harmless(line)));
            recount.spending().line().ifPresent(console.out()::println);
            return;
        }
        console.err().println("The results do not add up.");
        recount.lines().forEach(line -> console.err().println("  counted in the files: " + Cells.harmless(line)));
        recount.summaryLines()
                .forEach(line -> console.err().println("  summary.json says:    " + Cells.harmless(line)));
        if (!recount.judgementsAgree()) {
            console.err()
                    .println("  judgements.csv.gz has "
                            + Plural.of(recount.judgements().orElse(0), "row") + ", not "
                            + recount.files().observed());
        }
        console.err().println("Do not use them until the cause is known; the raw answers are in the job's folder.");
    }

    /// A path as the user would write it.
    static String shown(App app, Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path folder = app.folder().toAbsolutePath().normalize();
        return (absolute.startsWith(folder) ? folder.relativize(absolute) : absolute).toString();
    }

    private static String sizes(List<ResultFiles.Fetched> files) {
        long bytes = files.stream().mapToLong(ResultFiles.Fetched::size).sum();
        return Plural.of(files.size(), "file") + ", " + Sizes.of(bytes);
    }
}
