package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.StackFunction;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "resolve",
        description = {
            "Ends the doubt whether a segment's batch exists, after its create was sent and the answer was lost. Shows"
                    + " what is known; without one of --look, --batch and --none that is all. Then the job continues."
        },
        mixinStandardHelpOptions = true)
final class ResolveCommand implements Callable<Integer> {

    private final App app;
    private final Function<Deployment, StackFunction> revivers;
    private final Supplier<@Nullable String> typed;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Parameters(index = "1", paramLabel = "SEGMENT", description = "The segment's number.")
    private int segment;

    @ArgGroup
    private Decision decision = new Decision();

    @Option(names = "--yes", description = "Do not ask before --none.")
    private boolean yes;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private StackOption stack = new StackOption();

    /// One of them.
    static final class Decision {

        @Option(names = "--look", description = "Have the provider's list read again. Safe whatever happened.")
        private boolean look;

        @Option(names = "--batch", paramLabel = "ID", description = "The batch exists: its id at the provider.")
        private @Nullable String batch;

        @Option(
                names = "--none",
                description = "No batch exists: the segment is sent again. If that is wrong, it is paid twice.")
        private boolean none;
    }

    ResolveCommand(App app) {
        this(app, Sessions::reviver, DeleteCommand::readLine);
    }

    /// @param typed reads a line that a person types; null without a terminal
    ResolveCommand(App app, Function<Deployment, StackFunction> revivers, Supplier<@Nullable String> typed) {
        this.app = app;
        this.revivers = revivers;
        this.typed = typed;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            SegmentDecision deciding = new SegmentDecision(app, revivers, session, job, segment);
            String token = evidence(deciding);
            if (decision.look) {
                return deciding.decide(
                        deciding.event("look").put("token", token),
                        "The provider's list is read again for it.",
                        follow);
            }
            if (decision.batch != null) {
                ObjectNode event = deciding.event("batch").put("token", token).put("batch_id", decision.batch);
                return deciding.decide(
                        event,
                        "Its batch is recorded. The provider is asked for it at the next look: if it knows no such"
                                + " batch, doctor says so.",
                        follow);
            }
            if (decision.none) {
                if (!yes) {
                    deciding.confirm(
                            "The segment will be sent again. If its batch exists after all, it is paid twice.",
                            token,
                            typed);
                }
                return deciding.decide(
                        deciding.event("none").put("token", token), "No batch: it is sent again.", follow);
            }
            choices(deciding.command("resolve"));
            return ExitStatus.DONE;
        }
    }

    /// Prints what is known, and returns the token.
    private static String evidence(SegmentDecision deciding) {
        JsonNode known =
                deciding.show("doubt", "is in doubt: its create may have been sent, and nobody is sending it now");
        deciding.line("token", known.path("token").asString(""));
        deciding.line("input file", known.path("file_id").asString(""));
        deciding.line("intended at", known.path("intended_at").asString(""));
        deciding.line("over since", known.path("lease_until").asString(""));
        deciding.line("account", known.path("account").asString(""));
        deciding.line("the list", known.path("proof").asString(""));
        deciding.line("recorded in", deciding.address(known.path("intent").asString("")));
        return known.path("token").asString("");
    }

    private void choices(String command) {
        PrintWriter print = app.console().out();
        print.println("Look for a batch with this token or input file at the provider, then type one of");
        print.println("  " + command + " --look        have the list read again; safe whatever happened");
        print.println("  " + command + " --batch ID    the batch exists");
        print.println("  " + command + " --none        it certainly does not; if that is wrong, it is paid twice");
    }
}
