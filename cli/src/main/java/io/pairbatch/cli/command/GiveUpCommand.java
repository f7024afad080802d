package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.job.StackFunction;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "give-up",
        description = {
            "Says of a segment whose batch cannot be read or collected that nothing more will come: what is there is"
                    + " collected, and the other pairs are lost (batch_lost), which were paid for. Then the job"
                    + " continues."
        },
        mixinStandardHelpOptions = true)
final class GiveUpCommand implements Callable<Integer> {

    private final App app;
    private final Function<Deployment, StackFunction> revivers;
    private final Supplier<@Nullable String> typed;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Parameters(index = "1", paramLabel = "SEGMENT", description = "The segment's number.")
    private int segment;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private StackOption stack = new StackOption();

    GiveUpCommand(App app) {
        this(app, Sessions::reviver, DeleteCommand::readLine);
    }

    /// @param typed reads a line that a person types; null without a terminal
    GiveUpCommand(App app, Function<Deployment, StackFunction> revivers, Supplier<@Nullable String> typed) {
        this.app = app;
        this.revivers = revivers;
        this.typed = typed;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            SegmentDecision deciding = new SegmentDecision(app, revivers, session, job, segment);
            JsonNode known = deciding.show("troubled", "has a batch that could not be read or collected");
            deciding.line("batch", known.path("batch_id").asString(""));
            deciding.line("made at", known.path("submitted_at").asString(""));
            deciding.line("status", known.path("provider_status").asString(""));
            deciding.line("completed", known.path("requests_completed").asString(""));
            deciding.line("denied since", known.path("missing_since").asString(""));
            deciding.line("last words", known.path("provider_says").asString(""));
            String batch = known.path("batch_id").asString("");
            if (!yes) {
                boolean again = !known.path("collect_again").asString("").isEmpty();
                deciding.confirm(
                        again
                                ? "Its answers will not be fetched once more. What was collected before stays as it is."
                                : "Pairs that have no answer by now will be lost, and they were paid for.",
                        batch,
                        typed);
            }
            return deciding.decide(
                    deciding.event("give_up").put("batch_id", batch),
                    "Given up: what is there is collected at the next look.",
                    follow);
        }
    }
}
