package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.job.StackFunction;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "collect-again",
        description = {
            "Fetches the answers of a collected segment from the provider once more and reads them again, where a download"
                    + " was cut short, or files in the bucket were damaged or deleted. Nothing is sent, and nothing is"
                    + " paid. What was collected before stays until the new files are complete."
        },
        mixinStandardHelpOptions = true)
final class CollectAgainCommand implements Callable<Integer> {

    private final App app;
    private final Function<Deployment, StackFunction> revivers;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Parameters(index = "1", paramLabel = "SEGMENT", description = "The segment's number.")
    private int segment;

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private StackOption stack = new StackOption();

    CollectAgainCommand(App app) {
        this(app, Sessions::reviver);
    }

    CollectAgainCommand(App app, Function<Deployment, StackFunction> revivers) {
        this.app = app;
        this.revivers = revivers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            SegmentDecision deciding = new SegmentDecision(app, revivers, session, job, segment);
            JsonNode known = deciding.show("collected", "is collected");
            String batch = known.path("batch_id").asString("");
            deciding.line("batch", batch);
            deciding.line("made at", known.path("submitted_at").asString(""));
            deciding.line("status", known.path("provider_status").asString(""));
            deciding.line("completed", known.path("requests_completed").asString(""));
            deciding.line("collected at", known.path("received_at").asString(""));
            return deciding.decide(
                    deciding.event("collect_again").put("batch_id", batch),
                    "Its answers are fetched once more: nothing is sent. What was collected stays until they are"
                            + " complete.",
                    follow);
        }
    }
}
