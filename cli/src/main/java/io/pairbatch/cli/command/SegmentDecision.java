package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.view.Cells;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a person decides about one segment: shows what is known, asks once more, has the stack's reviver record it, and
/// follows the job.
final class SegmentDecision {

    /// So many characters of an id are typed to confirm.
    private static final int TYPED = 6;

    private final App app;
    private final Function<Deployment, StackFunction> revivers;
    private final Session session;
    private final Job job;
    private final int segment;

    /// @param prefix the beginning of the job's id
    SegmentDecision(App app, Function<Deployment, StackFunction> revivers, Session session, String prefix, int segment)
            throws InterruptedException {
        this.app = app;
        this.revivers = revivers;
        this.session = session;
        this.segment = segment;
        this.job = app.finder(session).byPrefix(prefix);
    }

    /// The command and its two arguments.
    String command(String name) {
        return "./pairbatch " + name + " " + job.id() + " " + segment;
    }

    /// What is known of the segment, which is printed.
    ///
    /// @param what `doubt`, `troubled` or `collected`
    /// @throws CliException if there is nothing to decide
    JsonNode show(String what, String headline) {
        JsonNode known = call(event(what));
        if (!known.path("outcome").asString("").equals("shown")) {
            throw CliException.usage(
                    "The stack is older than this command: it was asked to continue the job, and nothing was decided.",
                    "Bring it up to date (./pairbatch deploy, or ./pairbatch down and ./pairbatch up), then type the command again.");
        }
        long rows = known.path("rows").asLong(0);
        app.console()
                .out()
                .println("Segment " + segment + " of job " + job.id() + " (" + rows + (rows == 1 ? " pair" : " pairs")
                        + ") " + headline);
        return known;
    }

    /// Prints something that is known; nothing if it is empty.
    void line(String name, String text) {
        if (!text.isEmpty()) {
            app.console().out().println(String.format(Locale.ROOT, "  %-12s %s", name, Cells.harmless(text)));
        }
    }

    /// The address of a file in the job's folder.
    String address(String file) {
        return "s3://" + session.bucket().name() + "/jobs/" + job.id() + "/" + file;
    }

    ObjectNode event(String decide) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("job_id", job.id())
                .put("segment", segment)
                .put("decide", decide);
    }

    private JsonNode call(ObjectNode event) {
        try (StackFunction reviver = revivers.apply(session.deployment())) {
            JsonNode answer = reviver.call(event);
            if (answer.path("outcome").asString("").equals("refused")) {
                throw CliException.usage(
                        answer.path("message").asString("It was refused."),
                        answer.path("remedy").asString("See the log of the stack's function `reviver`."));
            }
            return answer;
        }
    }

    /// Has the end of an id typed.
    ///
    /// @param warning what happens if the decision is wrong
    /// @param typed reads a line that a person types; null without a terminal
    void confirm(String warning, String id, Supplier<@Nullable String> typed) {
        String end = id.substring(Math.max(0, id.length() - TYPED));
        PrintWriter err = app.console().err();
        err.println(warning);
        err.println("Type the last " + end.length() + " characters of " + Cells.harmless(id) + " to continue:");
        err.flush();
        @Nullable String answer = typed.get();
        if (answer == null) {
            throw CliException.usage("There is no terminal to ask on.", "Give --yes if you are certain.");
        }
        if (!answer.strip().equals(end)) {
            throw CliException.usage("That is not its end; nothing was decided.", "Type " + end + " to decide.");
        }
    }

    /// Has the decision recorded, and follows the job if that is wanted. Returns the exit code.
    ///
    /// @param recorded what to print then
    int decide(ObjectNode event, String recorded, FollowOptions follow) throws IOException, InterruptedException {
        JsonNode answer = call(event);
        PrintWriter print = app.console().out();
        print.println(recorded);
        boolean noted = answer.path("outcome").asString("").equals("noted");
        print.println(noted ? answer.path("message").asString("") : "Job " + job.id() + " continues");
        return noted
                ? follow.follow(app, session, job.id())
                : follow.followStarted(app, session, job, end -> follow.unchanged(app, session, job, end));
    }
}
