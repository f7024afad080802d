package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.job.JoinedResults;
import io.pairbatch.cli.job.LossCounter;
import io.pairbatch.cli.job.Losses;
import io.pairbatch.cli.job.ResultFiles;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.job.JobFiles;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "results",
        description = {
            "Fetches the files of a job.",
            "Of several jobs, each into a folder of its own, and their judgements joined in one combined_results.csv."
        },
        mixinStandardHelpOptions = true)
final class ResultsCommand implements Callable<Integer> {

    private final App app;

    @Parameters(paramLabel = "JOB", arity = "1..*", description = "The job's id, or the beginning of it.")
    private List<String> jobs = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the files (default: results/JOB; of several jobs results/joined).")
    private @Nullable Path out;

    @Option(names = "--segments", description = "Also fetch the files of each batch: requests, raw answers, results.")
    private boolean segments;

    @Mixin
    private LossesOption losses = new LossesOption();

    @Mixin
    private StackOption stack = new StackOption();

    ResultsCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        try (Session session = app.open(stack.name)) {
            JobFinder finder = new JobFinder(session.jobs(), app.clock(), app.pause());
            // All are found before the first is fetched.
            List<Job> found = new ArrayList<>();
            for (String job : jobs) {
                Job one = finder.byPrefix(job);
                // Two beginnings of one id are one job.
                if (found.stream().noneMatch(other -> other.id().equals(one.id()))) {
                    found.add(one);
                }
            }
            if (found.size() == 1) {
                return fetch(
                        session, found.getFirst(), app.results(found.getFirst().id(), out));
            }
            Path folder = app.results("joined", out);
            int exit = ExitStatus.DONE;
            List<Path> each = new ArrayList<>();
            List<String> notDone = new ArrayList<>();
            for (Job job : found) {
                Path copy = folder.resolve(job.id());
                exit = Math.max(exit, fetch(session, job, copy));
                if (job.state() == JobState.DONE) {
                    each.add(copy);
                } else {
                    notDone.add(job.id());
                }
            }
            return Math.max(exit, join(each, notDone, folder));
        }
    }

    private int join(List<Path> each, List<String> notDone, Path folder) throws IOException {
        PrintWriter print = app.console().out();
        if (!each.isEmpty()) {
            long rows = JoinedResults.join(each, folder);
            print.println(rows + " judgements of " + each.size() + (each.size() == 1 ? " job in " : " jobs in ")
                    + Following.shown(app, folder) + "/" + JobFiles.COMBINED);
            print.println("It holds all that was judged, also pairs that a newer table no longer has.");
        }
        notDone.forEach(id -> print.println("Not joined, because it is not done: job " + id));
        return notDone.isEmpty() ? ExitStatus.DONE : ExitStatus.JOB_FAILED;
    }

    private int fetch(Session session, Job job, Path folder) throws IOException {
        List<ResultFiles.Fetched> files = new ResultFiles(session.bucket()).fetch(job.id(), folder, segments);
        PrintWriter print = app.console().out();
        int width = files.stream().mapToInt(f -> f.name().length()).max().orElse(0);
        files.forEach(f ->
                print.println("  " + f.name() + " ".repeat(width - f.name().length()) + "  "
                        + " ".repeat(Math.max(0, 6 - Sizes.of(f.size()).length())) + Sizes.of(f.size())));
        String copy = Following.shown(app, folder);
        print.println(files.size() + " files in " + copy + "/");
        if (job.state() != JobState.DONE) {
            print.println("The job is not done (" + job.state().words() + "): these are the files so far.");
            return ExitStatus.DONE;
        }
        Losses lost = LossCounter.of(folder, job.observed(), job.failed());
        return losses.judge(app.console(), lost, job.id(), copy);
    }
}
