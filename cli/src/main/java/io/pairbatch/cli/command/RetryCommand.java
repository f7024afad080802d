package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Advice;
import io.pairbatch.cli.job.FailedPairs;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "retry",
        description = {
            "Sends pairs of a finished job that have no winner once more, in the same job: its results stay in one set of"
                    + " files. What is sent again is paid for again."
        },
        mixinStandardHelpOptions = true)
final class RetryCommand implements Callable<Integer> {

    /// Sent again only if it is named.
    private static final String LOST = FailureCause.BATCH_LOST.code();

    /// Sent when the limit is raised.
    private static final String NO_ROOM = FailureCause.BUDGET_REACHED.code();

    private final App app;
    private final Function<Deployment, StackFunction> revivers;

    @Parameters(paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Option(
            names = "--codes",
            paramLabel = "CODE",
            split = ",",
            description = {
                "Only pairs with these causes or error codes, separated by commas, or `all` (but batch_lost, and"
                        + " budget_reached where others failed too). By default the causes that"
                        + " may pass: an expired or failed batch, a rate limit, an error of the provider, no line."
            })
    private List<String> codes = new ArrayList<>();

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private StackOption stack = new StackOption();

    RetryCommand(App app) {
        this(app, Sessions::reviver);
    }

    RetryCommand(App app, Function<Deployment, StackFunction> revivers) {
        this.app = app;
        this.revivers = revivers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            Job before = app.finder(session).byPrefix(job);
            FailedPairs failed = FailedPairs.read(session.bucket(), before.id());
            List<String> wanted = wanted(failed);
            boolean done = before.state() == JobState.DONE;
            if (done && isNothing(before, failed, wanted)) {
                return ExitStatus.DONE;
            }
            ContinueCommand.start(revivers.apply(session.deployment()), event(before.id(), wanted));
            if (done) {
                tell(before, failed, wanted);
            }
            return follow.followStarted(app, session, before, end -> {
                FollowOptions.tellWinners(app, before, end);
                return null;
            });
        }
    }

    private List<String> wanted(FailedPairs failed) {
        List<String> unknown = codes.stream()
                .filter(code -> !code.equals("all") && !FailureCause.isCauseOrCode(code))
                .toList();
        if (!unknown.isEmpty()) {
            throw CliException.usage(
                    "No pair fails with " + String.join(", ", unknown) + ".",
                    "docs/JOB.md lists the causes, and docs/ERRORS.md the error codes.");
        }
        if (codes.contains("all")) {
            List<String> sent = failed.causes().stream()
                    .filter(cause -> !cause.equals(LOST) && !cause.equals(NO_ROOM))
                    .toList();
            return sent.isEmpty() && failed.causes().contains(NO_ROOM) ? List.of(NO_ROOM) : sent;
        }
        return codes.isEmpty()
                ? FailureCause.retriedByDefault().stream()
                        .map(FailureCause::code)
                        .toList()
                : codes;
    }

    /// Whether no pair failed so; says why, and what can be done about the others.
    private boolean isNothing(Job before, FailedPairs failed, List<String> wanted) {
        if (failed.count(wanted) > 0 || failed.total() == 0) {
            return false;
        }
        PrintWriter print = app.console().out();
        print.println("Nothing new: none of the " + failed.total() + " pairs without a winner failed with "
                + String.join(", ", wanted) + ". They failed with " + failed.words(List.of()) + ".");
        LossesOption.tell(print, app.console().width(), Advice.of(before, failed, null));
        return true;
    }

    /// What is sent again, and what is not.
    private void tell(Job before, FailedPairs failed, List<String> wanted) {
        long again = failed.count(wanted);
        PrintWriter print = app.console().out();
        if (again > 0) {
            print.println("Job " + before.id() + " sends " + pairs(again) + " again: " + failed.words(wanted));
        }
        if (failed.total() > again) {
            print.println("Not sent again: " + pairs(failed.total() - again) + " (" + failed.others(wanted)
                    + "); --codes names others, or all");
            if (failed.causes().contains(LOST) && !wanted.contains(LOST)) {
                print.println("  " + LOST
                        + ": these are paid for, and `all` does not mean them. Ask the provider for the batch"
                        + " first; --codes " + LOST + " pays for them again");
            }
            if (failed.causes().contains(NO_ROOM) && !wanted.contains(NO_ROOM)) {
                print.println("  " + NO_ROOM + ": ./pairbatch continue " + before.id()
                        + " --max-cost USD sends these, with a higher limit");
            }
        }
    }

    private static String pairs(long count) {
        return count + (count == 1 ? " pair" : " pairs");
    }

    private static ObjectNode event(String id, List<String> wanted) {
        ObjectNode event = JsonMapper.shared().createObjectNode().put("job_id", id);
        ArrayNode list = event.putArray("retry");
        wanted.forEach(list::add);
        return event;
    }
}
