package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.job.DesignFile;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.view.Cells;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        description = "Shows a job's progress until it ends, then counts its results. Changes nothing.",
        mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {

    private final App app;

    @Parameters(paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Mixin
    private LossesOption losses = new LossesOption();

    @Mixin
    private StackOption stack = new StackOption();

    WatchCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            String id = app.finder(session).byPrefix(job).id();
            DesignFile.words(session.bucket(), id)
                    .ifPresent(words -> app.console().out().println(Cells.harmless(words)));
            Following following = new Following(app, session);
            Job end = following.follow(id, null, Following.goesOn(id));
            return following.conclude(end, null, losses);
        }
    }
}
