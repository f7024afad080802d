package io.pairbatch.chaos.asl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The file of the real workflow.
final class Workflow {

    static final String MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:pairwise";
    static final Execution.Id ID = Execution.Id.of(MACHINE, "first");

    static final String ANNOUNCEMENT =
            "{'subject': 'done', 'json': '{}', 'mail': 'Done.', 'state': 'DONE', 'job': 'a-1'}";

    static final JsonNode INPUT = Script.json("{'detail': {}}");

    static final Map<String, String> SUBSTITUTED = Map.of(
            "Partition",
            "aws",
            "SplitterArn",
            "splitter",
            "PollerArn",
            "poller",
            "CollectorArn",
            "collector",
            "MergerArn",
            "merger",
            "FailureRecorderArn",
            "recorder",
            "AlertTopicArn",
            "topic");

    private static final StateMachine REAL = read();

    private Workflow() {}

    static Execution execution(Services services) {
        return new Execution(REAL, ID, INPUT, services, Trace.NONE);
    }

    static String text() {
        try {
            return Files.readString(Path.of("../statemachine/pairwise-batch.asl.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StateMachine read() {
        return StateMachine.parse(text(), SUBSTITUTED);
    }

    /// A function's response with all fields that the workflow reads.
    static Script.Answer payload(String fields) {
        JsonNode answer = Script.lambda(answer(fields));
        return call -> answer;
    }

    /// The same as text; the given fields come last and override the others.
    static String answer(String fields) {
        return "{'job': {'job_id': 'a-1', 'epoch': 1}, 'cursor': null, 'max_stall_seconds': 86400, 'unchanged': 0, "
                + "'to_collect': [], 'announcement': null, 'failure': null, 'wait_seconds': 60, "
                + fields
                + "}";
    }
}
