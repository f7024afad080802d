package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.OutageException;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.view.Cells;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "delete",
        description = {
            "Deletes a job for good: its files at the provider, every version of its objects and of the dropped files,"
                    + " and its registry entries. Prints a record that contains no texts.",
            "Results that were fetched to this machine stay; the record names them, and what the provider keeps until"
                    + " when. After an interruption, run the same command again."
        },
        mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int OUTAGES = 10;
    /// In seconds.
    private static final long LONG_WAIT = 10;

    private static final Duration OUTAGE = Duration.ofSeconds(5);

    private final App app;
    private final Function<Deployment, StackFunction> deleters;
    private final Supplier<@Nullable String> typed;

    @Parameters(paramLabel = "JOB", description = "The job's id. Without --yes, the beginning of it is enough.")
    private String job = "";

    @Option(names = "--yes", description = "Do not ask. Needs the full id.")
    private boolean yes;

    @Option(
            names = "--cancel",
            description =
                    "Also delete a job that has not ended: its batches are cancelled at the provider first. What they"
                            + " have answered by then is billed.")
    private boolean cancel;

    @Option(
            names = "--skip-provider",
            description = "Keep the provider's files and batches, and list them. For when there is no longer a key.")
    private boolean skipProvider;

    @Option(names = "--record", paramLabel = "FILE", description = "File for the record (default: deleted-JOB.json).")
    private @Nullable Path record;

    @Mixin
    private StackOption stack = new StackOption();

    DeleteCommand(App app) {
        this(app, Sessions::deleter, DeleteCommand::readLine);
    }

    /// @param typed reads a line that a person types; null without a terminal
    DeleteCommand(App app, Function<Deployment, StackFunction> deleters, Supplier<@Nullable String> typed) {
        this.app = app;
        this.deleters = deleters;
        this.typed = typed;
    }

    /// A line that a person types; null without a terminal.
    @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again without a terminal
    static @Nullable String readLine() {
        java.io.@Nullable Console terminal = System.console();
        return terminal == null || !terminal.isTerminal() ? null : terminal.readLine();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            String id = find(session);
            confirm(id);
            DeletionRecord kept = recordOf(id, record, session.deployment());
            try (StackFunction deleter = deleters.apply(session.deployment())) {
                delete(new Deleting(deleter, session.deployment()), id, kept);
            }
            app.console().out().print(kept.text());
            app.console().out().flush();
            sayDeleted(id, kept);
            return ExitStatus.DONE;
        }
    }

    /// A script that was interrupted may delete twice.
    private String find(Session session) {
        try {
            return app.finder(session).byPrefix(job).id();
        } catch (JobFinder.DeletedException e) {
            throw CliException.nothingNew(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private void confirm(String id) {
        if (yes) {
            if (!id.equals(job)) {
                throw CliException.usage(
                        "--yes needs the full id; " + job + " is only the beginning.", "Give " + id + ".");
            }
            return;
        }
        say("Job " + id + " will be deleted for good, with its results in the stack and its files at the provider.");
        say("Type the job's id to continue:");
        @Nullable String answer = typed.get();
        if (answer == null) {
            throw CliException.usage("There is no terminal to ask on.", "Give --yes and the job's full id.");
        }
        if (!answer.strip().equals(id)) {
            throw CliException.usage(
                    "That is not the job's id; nothing was deleted.", "Type " + id + " to delete the job.");
        }
    }

    private void delete(Deleting deleter, String id, DeletionRecord kept) throws IOException, InterruptedException {
        JsonNode removable = until(
                "record", deleter, event("delete", id).put("cancel", cancel).put("skip_provider", skipProvider));
        kept.progress(removable);
        kept.localCopies(LocalCopies.of(app.folder(), id));
        @Nullable String after = null;
        do {
            JsonNode page = until("page", deleter, event("record", id).put("after", after));
            page.path("provider").forEach(kept::add);
            after = page.path("next").asString(null);
        } while (after != null);
        kept.write(null);
        kept.progress(until("done", deleter, event("finish", id)));
        kept.write(app.clock().instant());
    }

    /// Who deletes.
    private record Deleting(StackFunction function, Deployment deployment) {}

    /// The job of a judge has a record of its own: what is kept of it at the provider is another matter.
    private void deleteJudge(Deleting deleter, String id) throws IOException, InterruptedException {
        say("Job " + id + ", of one of the judges:");
        DeletionRecord kept = recordOf(id, null, deleter.deployment());
        delete(deleter, id, kept);
        sayDeleted(id, kept);
    }

    private DeletionRecord recordOf(String id, @Nullable Path file, Deployment deployment) throws IOException {
        return DeletionRecord.open(app.folder(), file, id, deployment.bucket(), deployment.embedded());
    }

    private void sayDeleted(String id, DeletionRecord kept) {
        say("Job " + id + " was deleted. The record is in " + kept.file() + ", in words in " + kept.words());
    }

    private static ObjectNode event(String step, String id) {
        ObjectNode event = JSON.createObjectNode().put("step", step);
        event.putObject("job").put("job_id", id);
        return event;
    }

    /// Calls until the expected answer comes.
    private JsonNode until(String wanted, Deleting deleter, ObjectNode event) throws IOException, InterruptedException {
        String said = "";
        int outages = 0;
        while (true) {
            JsonNode answer;
            try {
                answer = deleter.function().call(event);
                outages = 0;
            } catch (OutageException e) {
                if (++outages == OUTAGES) {
                    throw e;
                }
                app.pause().of(OUTAGE);
                continue;
            }
            String outcome = answer.path("outcome").asString("");
            if (outcome.equals(wanted)) {
                return answer;
            }
            if (outcome.equals("judges")) {
                for (JsonNode judge : answer.path("judges")) {
                    deleteJudge(deleter, judge.asString(""));
                }
                continue;
            }
            if (!outcome.equals("again")) {
                throw refused(answer, outcome);
            }
            String message = answer.path("message").asString("") + removed(answer);
            long wait = answer.path("wait_seconds").asLong(1);
            if (!message.equals(said)) {
                said = message;
                say(said);
                if (wait >= LONG_WAIT) {
                    say("Ctrl-C is safe: the same command goes on later.");
                }
            }
            app.pause().of(Duration.ofSeconds(wait));
        }
    }

    private static String removed(JsonNode answer) {
        long versions = answer.path("removed").path("object_versions").asLong(0);
        return versions == 0 ? "" : " (" + versions + " object versions removed)";
    }

    private static CliException refused(JsonNode answer, String outcome) {
        return outcome.equals("unknown")
                ? CliException.usage("The job no longer exists.", "./pairbatch jobs lists the jobs.")
                : new CliException(
                        ExitStatus.JOB_FAILED,
                        answer.path("message").asString("The job cannot be deleted: " + outcome),
                        answer.path("remedy").asString("See the function's log."));
    }

    /// On the error output, since the record is the command's output.
    private void say(String line) {
        PrintWriter err = app.console().err();
        err.println(Cells.harmless(line));
        err.flush();
    }
}
