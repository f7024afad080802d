package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.view.Spans;
import io.pairbatch.problem.RefusalCode;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.CostLimit;
import io.pairbatch.spec.Sample;
import io.pairbatch.text.Plural;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
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
            "Continues a stopped job from where it was; or judges more rows of a finished job that had a limit, or"
                    + " within another limit on its cost. Judged pairs are not sent again."
        },
        mixinStandardHelpOptions = true)
final class ContinueCommand implements Callable<Integer> {

    static final String EVERY_ROW = "all";
    private static final String NO_LIMIT = "none";

    private final App app;
    private final Function<Deployment, StackFunction> revivers;

    @Parameters(paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Option(names = "--limit", paramLabel = "N", description = "Rows to judge in total, or `all`.")
    private @Nullable String limit;

    @Option(
            names = "--max-cost",
            paramLabel = "USD",
            description = "How much the job may cost in all, in USD, or `none`: what had no room is submitted.")
    private @Nullable String maxCost;

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
        JsonNode usd = maxCost == null ? null : usd(maxCost);
        if (rows != null && usd != null) {
            throw CliException.usage(
                    "--limit and --max-cost do not go together.", "Give --max-cost first, then --limit.");
        }
        try (Session session = app.open(stack.name)) {
            Job before = app.finder(session).byPrefix(job);
            String nothingNew = usd == null ? nothingNew(before, rows) : null;
            if (nothingNew != null) {
                app.console().out().println("Nothing new: " + nothingNew);
                return ExitStatus.DONE;
            }
            String noted = start(session, before.id(), rows, usd);
            app.console().out().println(noted == null ? "Job " + before.id() + " continues" : noted);
            if (noted != null) {
                Instant now = app.clock().instant();
                session.jobs()
                        .read(before.id())
                        .map(job -> "It sends " + Spans.nextLook(job.waits().nextLook(), now) + ".")
                        .ifPresent(app.console().out()::println);
            }
            return noted == null
                    ? follow.followStarted(app, session, before, end -> null)
                    : follow.follow(app, session, before.id());
        }
    }

    /// Why there is nothing to do for a job that is done; null if there is something.
    private static @Nullable String nothingNew(Job job, @Nullable Integer rows) {
        // What a cancelled job has not sent, or not had answered, is sent then.
        boolean open = job.failed() > 0 || job.sent() < job.rowsAccepted();
        if (job.state() != JobState.DONE || (job.cancelled() && open)) {
            return null;
        }
        String lacks = job.costs().lacks(job.id()).orElse(null);
        if (lacks != null) {
            return "job " + job.id() + " is done: " + lacks;
        }
        long sent = job.sent();
        if (sent >= job.rowsAccepted()) {
            return "job " + job.id() + " is done, and has sent all of its " + Plural.of(job.rowsAccepted(), "row")
                    + ".";
        }
        return rows == null
                ? "job " + job.id() + " is done, and has sent " + sent + " of " + Plural.of(job.rowsAccepted(), "row")
                        + ". For more: ./pairbatch continue " + job.id() + " --limit N, or --limit all"
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

    private static JsonNode usd(String amount) {
        if (amount.equals(NO_LIMIT)) {
            return JsonMapper.shared().getNodeFactory().nullNode();
        }
        boolean number = amount.matches("\\d{1,7}(\\.\\d{1,6})?");
        if (!number || CostLimit.of(new BigDecimal(amount)).isEmpty()) {
            throw CliException.usage("--max-cost is \"" + amount + "\".", "Give " + CostLimit.EXPECTED + ", or none.");
        }
        return JsonMapper.shared().getNodeFactory().stringNode(amount);
    }

    /// @return what was noted in place of a start; null if the job goes on
    private @Nullable String start(Session session, String id, @Nullable Integer rows, @Nullable JsonNode usd) {
        ObjectNode event = JsonMapper.shared().createObjectNode().put("job_id", id);
        if (rows != null) {
            event.put("limit", rows);
        }
        if (usd != null) {
            event.set("max_cost", usd);
        }
        return start(revivers.apply(session.deployment()), event);
    }

    /// Has the reviver start a job's next execution.
    ///
    /// @param function the reviver, which is closed
    /// @return what was noted in place of a start; null if it was started
    /// @throws CliException if it refuses, with its reason
    static @Nullable String start(StackFunction function, ObjectNode event) {
        try (StackFunction reviver = function) {
            JsonNode answer = reviver.call(event);
            String outcome = answer.path("outcome").asString("");
            if (outcome.equals("noted")) {
                return answer.path("message").asString("");
            }
            if (answer.path("code").asString("").equals(RefusalCode.JOB_NOTHING_TO_DO.code())) {
                throw CliException.nothingNew(
                        answer.path("message").asString(""),
                        answer.path("remedy").asString(""));
            }
            if (!outcome.equals("started")) {
                throw CliException.usage(
                        answer.path("message").asString("The job was not continued."),
                        answer.path("remedy").asString("See the log of the stack's function `reviver`."));
            }
            return null;
        }
    }
}
