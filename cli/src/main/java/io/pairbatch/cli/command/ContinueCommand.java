package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.Sample;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "continue",
        description = {
            "Continues a stopped job from where it was; or judges more rows of a finished job that had a limit. Judged"
                    + " pairs are not sent again."
        },
        mixinStandardHelpOptions = true)
final class ContinueCommand implements Callable<Integer> {

    private static final String EVERY_ROW = "all";

    private final App app;
    private final Function<Deployment, StackFunction> revivers;

    @Parameters(paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Option(names = "--limit", paramLabel = "N", description = "Rows to judge in total, or `all`.")
    private @Nullable String limit;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private StackOption stack = new StackOption();

    ContinueCommand(App app) {
        this(app, Sessions::reviver);
    }

    ContinueCommand(App app, Function<Deployment, StackFunction> revivers) {
        this.app = app;
        this.revivers = revivers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Integer rows = limit == null ? null : rows(limit);
        try (Session session = app.open(stack.name)) {
            Job before = new JobFinder(session.jobs(), app.clock(), app.pause()).byPrefix(job);
            String nothingNew = nothingNew(before, rows);
            if (nothingNew != null) {
                app.console().out().println("Nothing new: " + nothingNew);
                return ExitStatus.DONE;
            }
            start(session, before.id(), rows);
            app.console().out().println("Job " + before.id() + " continues");
            return follow.followStarted(app, session, before, end -> null);
        }
    }

    /// Why there is nothing to do for a job that is done; null if there is something.
    private static @Nullable String nothingNew(Job job, @Nullable Integer rows) {
        // What a cancelled job has not sent, or not had answered, is sent then.
        if (job.state() != JobState.DONE || job.cancelled()) {
            return null;
        }
        long sent = job.observed() + job.failed();
        if (sent >= job.rowsAccepted()) {
            return "job " + job.id() + " is done, and has sent all of its " + job.rowsAccepted() + " rows.";
        }
        return rows == null
                ? "job " + job.id() + " is done, and has sent " + sent + " of " + job.rowsAccepted()
                        + " rows. For more: ./pairbatch continue " + job.id() + " --limit N, or --limit all"
                : null;
    }

    private static Integer rows(String limit) {
        if (limit.equals(EVERY_ROW)) {
            return Sample.EVERY_ROW;
        }
        if (!limit.matches("[1-9]\\d{0,6}") || Integer.parseInt(limit) > Sample.MOST) {
            throw CliException.usage(
                    "--limit is \"" + limit + "\".", "Give a number of rows from 1 to " + Sample.MOST + ", or all.");
        }
        return Integer.valueOf(limit);
    }

    private void start(Session session, String id, @Nullable Integer rows) {
        ObjectNode event = JsonMapper.shared().createObjectNode().put("job_id", id);
        if (rows != null) {
            event.put("limit", rows);
        }
        start(revivers.apply(session.deployment()), event);
    }

    /// Has the reviver start a job's next execution.
    ///
    /// @param function the reviver, which is closed
    /// @throws CliException if it refuses, with its reason
    static void start(StackFunction function, ObjectNode event) {
        try (StackFunction reviver = function) {
            JsonNode answer = reviver.call(event);
            if (!answer.path("outcome").asString("").equals("started")) {
                throw CliException.usage(
                        answer.path("message").asString("The job was not continued."),
                        answer.path("remedy").asString("See the log of the stack's function `reviver`."));
            }
        }
    }
}
