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
            "Removes a job for good: its files at the provider, every version of its objects and of what was dropped for"
                    + " it, its items in the registry. Prints a record of it, without a text.",
            "Results that were fetched to this machine stay. Interrupted, the same command goes on."
        },
        mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int OUTAGES = 10;
    private static final Duration OUTAGE = Duration.ofSeconds(5);

    private final App app;
    private final Function<Deployment, StackFunction> deleters;
    private final Supplier<@Nullable String> typed;

    @Parameters(paramLabel = "JOB", description = "The job's id; its beginning will do where the id is then typed.")
    private String job = "";

    @Option(names = "--yes", description = "Does not ask. The id must be given in full.")
    private boolean yes;

    @Option(
            names = "--cancel",
            description =
                    "Also of a job that is not at its end: its batches are stopped at the provider first. What they"
                            + " have done by then is billed.")
    private boolean cancel;

    @Option(
            names = "--skip-provider",
            description =
                    "Leaves the provider's files and batches alone, and lists them: for when there is no key any more.")
    private boolean skipProvider;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "Where to write the record. Without it: deleted-JOB.json in this folder.")
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

    @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again when there is no terminal
    private static @Nullable String readLine() {
        java.io.@Nullable Console terminal = System.console();
        return terminal == null || !terminal.isTerminal() ? null : terminal.readLine();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            String id = new JobFinder(session.jobs(), app.clock(), app.pause())
                    .byPrefix(job)
                    .id();
            confirm(id);
            DeletionRecord kept = DeletionRecord.open(
                    app.folder(), record, id, session.deployment().bucket());
            try (StackFunction deleter = deleters.apply(session.deployment())) {
                delete(deleter, id, kept);
            }
            app.console().out().print(kept.text());
            app.console().out().flush();
            say("Job " + id + " is deleted. The record is in " + kept.file());
            return ExitStatus.DONE;
        }
    }

    private void confirm(String id) {
        if (yes) {
            if (!id.equals(job)) {
                throw CliException.usage(
                        "--yes needs the whole id, and " + job + " is the beginning of one.", "Give " + id + ".");
            }
            return;
        }
        say("Job " + id
                + " will be removed for good, with its results in the stack and what the provider holds of it.");
        say("Type the job's id to go on:");
        @Nullable String answer = typed.get();
        if (answer == null) {
            throw CliException.usage("Nobody can be asked here.", "Give --yes, and the job's id in full.");
        }
        if (!answer.strip().equals(id)) {
            throw CliException.usage("That is not the job's id; nothing was deleted.", "Type " + id + ", or leave it.");
        }
    }

    private void delete(StackFunction deleter, String id, DeletionRecord kept)
            throws IOException, InterruptedException {
        JsonNode removable = until(
                "record", deleter, event("delete", id).put("cancel", cancel).put("skip_provider", skipProvider));
        kept.progress(removable);
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

    private static ObjectNode event(String step, String id) {
        ObjectNode event = JSON.createObjectNode().put("step", step);
        event.putObject("job").put("job_id", id);
        return event;
    }

    /// Calls until the answer is the one that is waited for.
    private JsonNode until(String wanted, StackFunction deleter, ObjectNode event) throws InterruptedException {
        String said = "";
        int outages = 0;
        while (true) {
            JsonNode answer;
            try {
                answer = deleter.call(event);
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
            if (!outcome.equals("again")) {
                throw refused(answer, outcome);
            }
            String message = answer.path("message").asString("") + removed(answer);
            if (!message.equals(said)) {
                said = message;
                say(said);
            }
            app.pause().of(Duration.ofSeconds(answer.path("wait_seconds").asLong(1)));
        }
    }

    private static String removed(JsonNode answer) {
        long versions = answer.path("removed").path("object_versions").asLong(0);
        return versions == 0 ? "" : " (" + versions + " object versions removed)";
    }

    private static CliException refused(JsonNode answer, String outcome) {
        return outcome.equals("unknown")
                ? CliException.usage("There is no such job any more.", "`pairbatch jobs` lists the jobs.")
                : new CliException(
                        ExitStatus.JOB_FAILED,
                        answer.path("message").asString("The job cannot be deleted: " + outcome),
                        answer.path("remedy").asString("Look at the function's log."));
    }

    /// Beside the record, which is the command's output.
    private void say(String line) {
        PrintWriter err = app.console().err();
        err.println(Cells.harmless(line));
        err.flush();
    }
}
