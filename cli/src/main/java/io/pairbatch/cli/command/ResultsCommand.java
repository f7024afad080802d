package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.job.ResultFiles;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "results", description = "Fetches the files of a job.", mixinStandardHelpOptions = true)
final class ResultsCommand implements Callable<Integer> {

    private final App app;

    @Parameters(paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the files (default: results/JOB).")
    private @Nullable Path out;

    @Option(names = "--segments", description = "Also fetch the files of each batch: requests, raw answers, results.")
    private boolean segments;

    @Mixin
    private StackOption stack = new StackOption();

    ResultsCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        try (Session session = app.open(stack.name)) {
            Job found = new JobFinder(session.jobs(), app.clock(), app.pause()).byPrefix(job);
            Path folder = out == null ? app.folder().resolve("results").resolve(found.id()) : out;
            List<ResultFiles.Fetched> files = new ResultFiles(session.bucket()).fetch(found.id(), folder, segments);
            PrintWriter print = app.console().out();
            int width = files.stream().mapToInt(f -> f.name().length()).max().orElse(0);
            files.forEach(f ->
                    print.println("  " + f.name() + " ".repeat(width - f.name().length()) + "  "
                            + " ".repeat(Math.max(0, 6 - Sizes.of(f.size()).length())) + Sizes.of(f.size())));
            print.println(files.size() + " files in " + new Following(app, session).shown(folder) + "/");
            if (found.state() != JobState.DONE) {
                print.println("The job is not done (" + found.state().words() + "): these are the files so far.");
            }
            return ExitStatus.DONE;
        }
    }
}
