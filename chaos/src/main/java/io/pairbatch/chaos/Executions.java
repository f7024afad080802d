package io.pairbatch.chaos;

import io.pairbatch.chaos.Timeline.Actor;
import io.pairbatch.chaos.asl.Execution;
import io.pairbatch.chaos.asl.Outcome;
import io.pairbatch.chaos.asl.Services;
import io.pairbatch.chaos.asl.StateMachine;
import io.pairbatch.chaos.asl.TaskFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionRequest;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Step Functions: runs executions of the real state machine.
public final class Executions implements SfnClient {

    static final String STATE_MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:pairbatch";
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:execution:pairbatch:";
    private static final JsonMapper JSON = new JsonMapper();

    private final Timeline timeline;
    private final StateMachine machine;
    private final Functions functions;
    private final Faults faults;
    private final RandomGenerator random;
    private final Trace trace;
    private final Consumer<String> ended;
    private final Map<String, Run> runs = new TreeMap<>();
    private final List<JsonNode> announcements = new ArrayList<>();

    /// Faults between Step Functions and Lambda.
    interface Faults {

        /// The error that Step Functions reports for a call; null if it succeeds.
        ///
        /// @param after whether the function has run anyway
        record Refusal(String error, boolean after) {}

        @Nullable
        Refusal next(Functions.Name function);
    }

    /// @param ended receives the ARN of each execution that does not end in success
    Executions(
            Timeline timeline,
            StateMachine machine,
            Functions functions,
            Faults faults,
            RandomGenerator random,
            Trace trace,
            Consumer<String> ended) {
        this.timeline = timeline;
        this.machine = machine;
        this.functions = functions;
        this.faults = faults;
        this.random = random;
        this.trace = trace;
        this.ended = ended;
    }

    /// One execution.
    private final class Run implements Services {

        private final String arn;
        private final Set<Actor> actors = new HashSet<>();
        private ExecutionStatus status = ExecutionStatus.RUNNING;

        Run(String name, JsonNode input) {
            arn = ARN + name;
            actors.add(timeline.start(name, () -> run(name, input)));
        }

        private void run(String name, JsonNode input) {
            Outcome outcome = new Execution(
                            machine, new Execution.Id(STATE_MACHINE, arn, name), input, this, tracing(name))
                    .run();
            switch (outcome) {
                case Outcome.Succeeded it -> end(ExecutionStatus.SUCCEEDED, "");
                case Outcome.Failed it -> end(ExecutionStatus.FAILED, it.error() + ": " + it.text());
            }
        }

        private io.pairbatch.chaos.asl.Trace tracing(String name) {
            return new io.pairbatch.chaos.asl.Trace() {
                @Override
                public void entered(Execution execution, String state) {
                    trace.say(name, () -> "[" + state + "]");
                }

                @Override
                public void failed(Execution execution, String state, String error, @Nullable String text) {
                    trace.say(name, () -> state + " fails: " + error + " " + text);
                }
            };
        }

        void end(ExecutionStatus as, String why) {
            if (status != ExecutionStatus.RUNNING) {
                return;
            }
            status = as;
            trace.say(arn.substring(ARN.length()), () -> as + " " + why);
            if (as != ExecutionStatus.SUCCEEDED) {
                ended.accept(arn);
            }
        }

        @Override
        public Instant now() {
            return timeline.now();
        }

        @Override
        public void sleep(Duration duration) {
            timeline.sleep(duration);
        }

        @Override
        public double random() {
            return random.nextDouble();
        }

        @Override
        public void runAll(List<Runnable> branches, int atMost) {
            List<Actor> open = new ArrayList<>();
            List<Throwable> thrown = new ArrayList<>();
            for (Runnable branch : branches) {
                wait(open, atMost - 1, thrown);
                Actor actor = timeline.start(timeline.current().name + "/map", () -> {
                    try {
                        branch.run();
                    } catch (Killed e) {
                        throw e;
                    } catch (RuntimeException | Error e) {
                        thrown.add(e);
                    }
                });
                actors.add(actor);
                open.add(actor);
            }
            wait(open, 0, thrown);
        }

        /// Waits until at most this many are running, or one has failed; nobody waits for the others then.
        private void wait(List<Actor> open, int atMost, List<Throwable> thrown) {
            open.removeIf(Actor::ended);
            while (open.size() > atMost && thrown.isEmpty()) {
                timeline.sleep(Duration.ofMillis(500));
                open.removeIf(Actor::ended);
            }
            if (!thrown.isEmpty()) {
                open.forEach(timeline::kill);
                if (thrown.getFirst() instanceof RuntimeException e) {
                    throw e;
                }
                throw (Error) thrown.getFirst();
            }
        }

        @Override
        public JsonNode invoke(String resource, JsonNode arguments, Duration timeout) throws TaskFailed {
            return switch (resource) {
                case "arn:aws:states:::lambda:invoke" -> function(arguments, timeout);
                case "arn:aws:states:::states:startExecution" -> next(arguments);
                case "arn:aws:states:::sns:publish" -> {
                    announcements.add(arguments);
                    yield JSON.createObjectNode();
                }
                default -> throw new IllegalStateException(resource);
            };
        }

        private JsonNode function(JsonNode arguments, Duration timeout) throws TaskFailed {
            Functions.Name name =
                    Functions.Name.valueOf(arguments.required("FunctionName").stringValue());
            Faults.Refusal refusal = faults.next(name);
            if (refusal != null && !refusal.after()) {
                throw new TaskFailed(refusal.error(), "the function was not called");
            }
            Functions.Call call = functions.call(name, arguments.required("Payload"));
            if (refusal != null) {
                // The call continues, but nobody waits for it.
                timeline.sleep(Duration.ofSeconds(1 + random.nextInt(20)));
                throw new TaskFailed(refusal.error(), "the answer was lost");
            }
            ObjectNode result = JSON.createObjectNode();
            result.set("Payload", call.await(timeline.now().plus(timeout)));
            return result.put("StatusCode", 200);
        }

        private JsonNode next(JsonNode arguments) throws TaskFailed {
            try {
                // Step Functions draws a name where none is given.
                String name = arguments
                        .path("Name")
                        .asString("judge-" + HexFormat.of().toHexDigits(random.nextLong()));
                String started = start(name, arguments.required("Input"));
                return JSON.createObjectNode().put("ExecutionArn", started);
            } catch (ExecutionAlreadyExistsException e) {
                throw new TaskFailed("StepFunctions.ExecutionAlreadyExistsException", "Execution Already Exists");
            }
        }
    }

    /// Starts an execution.
    ///
    /// @return its ARN
    String start(String name, JsonNode input) {
        if (runs.containsKey(name)) {
            throw ExecutionAlreadyExistsException.builder()
                    .message("Execution Already Exists: '" + ARN + name + "'")
                    .statusCode(400)
                    .build();
        }
        runs.put(name, new Run(name, input));
        return ARN + name;
    }

    boolean anyRunning() {
        return runs.values().stream().anyMatch(run -> run.status == ExecutionStatus.RUNNING);
    }

    /// The published announcements.
    List<JsonNode> announcements() {
        return announcements;
    }

    /// All executions end without any notification.
    void vanish() {
        for (Run run : runs.values()) {
            run.actors.forEach(timeline::kill);
            run.status = run.status == ExecutionStatus.RUNNING ? ExecutionStatus.FAILED : run.status;
        }
    }

    /// A user ends all executions; running functions continue.
    void abort(ExecutionStatus as) {
        for (Run run : List.copyOf(runs.values())) {
            if (run.status == ExecutionStatus.RUNNING) {
                run.actors.forEach(timeline::kill);
                run.end(as, "");
            }
        }
    }

    @Override
    public StartExecutionResponse startExecution(StartExecutionRequest request) {
        String arn = start(request.name(), JSON.readTree(request.input()));
        return StartExecutionResponse.builder()
                .executionArn(arn)
                .startDate(timeline.now())
                .build();
    }

    @Override
    public DescribeExecutionResponse describeExecution(DescribeExecutionRequest request) {
        Run run = runs.get(request.executionArn().replace(ARN, ""));
        if (run == null) {
            throw ExecutionDoesNotExistException.builder()
                    .message("Execution Does Not Exist: '" + request.executionArn() + "'")
                    .statusCode(400)
                    .build();
        }
        return DescribeExecutionResponse.builder()
                .executionArn(request.executionArn())
                .status(run.status)
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Functions open and close a client for each call.
    }

    /// The functions for the substitutions in the state machine's file.
    static Map<String, String> substitutions() {
        Map<String, String> names = new TreeMap<>();
        for (Functions.Name name : Functions.Name.values()) {
            StringBuilder key = new StringBuilder();
            for (String word : List.of(name.name().split("_", -1))) {
                key.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
            }
            names.put(key + "Arn", name.name());
        }
        names.put("Partition", "aws");
        names.put("AlertTopicArn", "arn:aws:sns:us-east-1:000000000000:alerts");
        return names;
    }
}
