package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.FrozenSpec;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.spec.JobSpec;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "reread",
        description = {
            "Reads the winners out of a finished job's answers again, by other rules, and writes its results anew. The"
                    + " answers are those in the bucket: nothing is sent, and nothing is paid."
        },
        mixinStandardHelpOptions = true)
final class RereadCommand implements Callable<Integer> {

    private final App app;
    private final Function<Deployment, StackFunction> revivers;

    @Parameters(paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Option(names = "--tag-mode", paramLabel = "MODE", description = "How the tag is read: last, exact or tolerant.")
    private @Nullable String tagMode;

    @Option(
            names = "--ambiguous",
            paramLabel = "RULE",
            description = "What becomes of an answer with the tags of both texts: take or fail.")
    private @Nullable String ambiguous;

    @Option(names = "--tag-prefix", paramLabel = "TEXT", description = "The text before SAMPLE_1 or SAMPLE_2.")
    private @Nullable String tagPrefix;

    @Option(names = "--tag-suffix", paramLabel = "TEXT", description = "The text after it.")
    private @Nullable String tagSuffix;

    @Option(
            names = "--verdict-labels",
            paramLabel = "JSON",
            description = "What the judge answers in place of the tag, such as '{\"first\": \"[[A]]\", \"second\":"
                    + " \"[[B]]\", \"tie\": \"[[C]]\"}'; null for the tag.")
    private @Nullable String verdictLabels;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private StackOption stack = new StackOption();

    RereadCommand(App app) {
        this(app, Sessions::reviver);
    }

    RereadCommand(App app, Function<Deployment, StackFunction> revivers) {
        this.app = app;
        this.revivers = revivers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode rules = rules();
        if (rules.isEmpty()) {
            throw CliException.usage(
                    "No rule is given.",
                    "Give one of --tag-mode, --ambiguous, --tag-prefix, --tag-suffix and --verdict-labels.");
        }
        try (Session session = app.open(stack.name)) {
            Job before = app.finder(session).byPrefix(job);
            Optional<JobSpec> rulesBefore = FrozenSpec.of(session.bucket(), before.id());
            ObjectNode event = JsonMapper.shared().createObjectNode().put("job_id", before.id());
            event.set("reading", rules);
            ContinueCommand.start(revivers.apply(session.deployment()), event);
            app.console().out().println("The answers of job " + before.id() + " are read again: nothing is sent");
            return follow.followStarted(app, session, before, end -> tell(session, before, end, rulesBefore));
        }
    }

    private @Nullable Integer tell(Session session, Job before, Job end, Optional<JobSpec> rulesBefore)
            throws IOException {
        Integer unchanged = follow.unchanged(app, session, before, end);
        if (unchanged != null) {
            return unchanged;
        }
        FollowOptions.tellWinners(app, before, end);
        if (rulesBefore.isPresent()) {
            tellWayBack(session, end.id(), rulesBefore.get());
        }
        return null;
    }

    private void tellWayBack(Session session, String id, JobSpec before) throws IOException {
        Optional<JobSpec> now = FrozenSpec.of(session.bucket(), id);
        String command = now.isEmpty() ? null : OtherRules.command(id, now.get(), before);
        if (command != null) {
            app.console().out().println("To read them as before (nothing is sent): " + Cells.harmless(command));
        }
    }

    /// As in a job file.
    private ObjectNode rules() {
        ObjectNode rules = JsonMapper.shared().createObjectNode();
        put(rules, "tag_mode", tagMode);
        put(rules, "ambiguous", ambiguous);
        put(rules, "tag_prefix", tagPrefix);
        put(rules, "tag_suffix", tagSuffix);
        if (verdictLabels != null) {
            rules.set("verdict_labels", labels(verdictLabels));
        }
        return rules;
    }

    private static JsonNode labels(String given) {
        try {
            return JsonMapper.shared().readTree(given);
        } catch (JacksonException e) {
            throw CliException.usage(
                    "--verdict-labels is no JSON.",
                    "Write it as in a job file: '{\"first\": \"[[A]]\", \"second\": \"[[B]]\"}'.");
        }
    }

    private static void put(ObjectNode rules, String name, @Nullable String value) {
        if (value != null) {
            rules.put(name, value);
        }
    }
}
