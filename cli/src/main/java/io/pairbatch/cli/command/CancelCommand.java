package io.pairbatch.cli.command;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.FrozenSpec;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.view.Spans;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "cancel",
        description = {
            "Cancels a job that is not done: nothing more of it is sent, its open batches are stopped at the provider, and"
                    + " what has come back is kept and merged. What a batch has done by then is billed."
        },
        mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {

    private final App app;
    private final Function<Deployment, StackFunction> revivers;

    @Parameters(paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private StackOption stack = new StackOption();

    CancelCommand(App app) {
        this(app, Sessions::reviver);
    }

    CancelCommand(App app, Function<Deployment, StackFunction> revivers) {
        this.app = app;
        this.revivers = revivers;
    }

    /// A job of which nothing was sent has nothing more to tell. What is missing of one that is done is told below its
    /// counts.
    private @Nullable Integer said(Job end) {
        if (end.state() == JobState.DONE && end.failed() == 0) {
            app.console().out().println("Nothing is missing: every pair had a winner before the cancelling took hold.");
        }
        return end.state() == JobState.CANCELLED ? ExitStatus.DONE : null;
    }

    /// What happens now, and until when nothing does: an execution that waits does not hear of it before its next look.
    private static String awaited(JobSnapshot snapshot, Instant now) {
        int open = snapshot.segments().open();
        String stops = open == 0
                ? "It ends"
                : (open == 1 ? "Its open batch is" : "Its " + open + " open batches are") + " asked to stop";
        return stops + " " + Spans.nextLook(snapshot.waits().nextLook(), now) + "; what has come back by then counts.";
    }

    /// What is paid for and does not come.
    private static Optional<String> lost(JobSpec spec) {
        Set<Backend> silent = spec.backends().stream()
                .filter(backend -> !Providers.of(backend).answersOfStopped())
                .collect(Collectors.toSet());
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Backend.codes(silent) + " gives no answer of a batch that it has stopped: what such a batch"
                                + " has worked on by then is billed and lost, and `continue` would send it again.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            Job before = app.finder(session).byPrefix(job);
            ContinueCommand.start(
                    revivers.apply(session.deployment()),
                    JsonMapper.shared()
                            .createObjectNode()
                            .put("job_id", before.id())
                            .put("cancel", true));
            PrintWriter print = app.console().out();
            if (before.awaitsDeletion() == null) {
                print.println("Job " + before.id() + " is cancelled: nothing more of it is sent.");
                Optional<JobSnapshot> now = session.jobs().read(before.id());
                now.map(open -> awaited(open, app.clock().instant())).ifPresent(print::println);
                if (now.filter(open -> open.segments().open() > 0).isPresent()) {
                    FrozenSpec.of(session.bucket(), before.id())
                            .flatMap(CancelCommand::lost)
                            .ifPresent(print::println);
                }
            } else {
                print.println("Job " + before.id() + " is cancelled: nothing of it was sent, and nothing will be.");
            }
            follow.expectLosses();
            return follow.follow(app, session, before.id(), this::said);
        }
    }
}
