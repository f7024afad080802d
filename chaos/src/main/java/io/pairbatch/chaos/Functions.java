package io.pairbatch.chaos;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pairbatch.chaos.Timeline.Actor;
import io.pairbatch.chaos.asl.TaskFailed;
import io.pairbatch.lambda.CollectorHandler;
import io.pairbatch.lambda.DeleterHandler;
import io.pairbatch.lambda.FailureRecorderHandler;
import io.pairbatch.lambda.MergerHandler;
import io.pairbatch.lambda.PollerHandler;
import io.pairbatch.lambda.ReviverHandler;
import io.pairbatch.lambda.SplitterHandler;
import io.pairbatch.lambda.Surroundings;
import io.pairbatch.step.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Lambda: each call of a function is a separate process, which is killed when its time is over.
final class Functions {

    private static final JsonMapper JSON = new JsonMapper();
    /// The reserve that a split keeps for its response: with no more time than that, it writes one segment.
    private static final Duration ONE_SEGMENT = Duration.ofSeconds(10);

    private final Timeline timeline;
    private Surroundings around;
    private final Trace trace;
    private final Watch watch;
    private final boolean pausing;
    private final Map<Name, RequestStreamHandler> handlers = new EnumMap<>(Name.class);
    private final List<Actor> running = new ArrayList<>();
    private long calls;

    /// @param pausing whether a split gets so little time that it pauses after every segment
    Functions(Timeline timeline, Surroundings around, Trace trace, Watch watch, boolean pausing) {
        this.timeline = timeline;
        this.around = around;
        this.trace = trace;
        this.watch = watch;
        this.pausing = pausing;
    }

    /// The functions, with their time limits as deployed (`infra`).
    enum Name {
        SPLITTER(600, SplitterHandler::new),
        POLLER(300, PollerHandler::new),
        COLLECTOR(900, CollectorHandler::new),
        MERGER(900, MergerHandler::new),
        FAILURE_RECORDER(60, FailureRecorderHandler::new),
        REVIVER(300, ReviverHandler::new),
        DELETER(120, DeleterHandler::new);

        private final Duration limit;

        @SuppressWarnings("ImmutableEnumChecker")
        private final Function<Surroundings, RequestStreamHandler> make;

        Name(int seconds, Function<Surroundings, RequestStreamHandler> make) {
            this.limit = Duration.ofSeconds(seconds);
            this.make = make;
        }
    }

    /// Processes that begin from now on have these settings; those that run go on with their own.
    void deploy(Settings settings) {
        around = around.with(settings);
        handlers.clear();
    }

    /// One call in progress.
    final class Call {

        private final Name name;
        private final Instant end;
        private final Actor actor;
        private @Nullable JsonNode answer;
        private @Nullable Throwable thrown;

        private Call(Name name, JsonNode event) {
            this.name = name;
            this.end = timeline.now().plus(name.limit);
            String id = name.name().toLowerCase(java.util.Locale.ROOT) + "-" + ++calls;
            this.actor = timeline.start(id, () -> run(event));
            running.add(actor);
            watch.called(id, event);
            // The sandbox is stopped at any point.
            timeline.at(end, () -> timeline.kill(actor));
        }

        private void run(JsonNode event) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                RequestStreamHandler handler = handlers.computeIfAbsent(name, n -> n.make.apply(around));
                handler.handleRequest(
                        new ByteArrayInputStream(event.toString().getBytes(StandardCharsets.UTF_8)),
                        out,
                        context(event));
                answer = JSON.readTree(out.toByteArray());
            } catch (IOException | RuntimeException e) {
                thrown = e;
            } finally {
                running.remove(actor);
            }
            trace.say(actor.name, () -> thrown == null ? "answers " + answer : "throws " + thrown);
        }

        /// The call's response, once it has arrived.
        ///
        /// @throws TaskFailed as Step Functions would report it
        JsonNode await(Instant limit) throws TaskFailed {
            if (!timeline.join(actor, limit)) {
                throw new TaskFailed("States.Timeout", "the task has timed out");
            }
            if (thrown != null) {
                throw new TaskFailed(thrown.getClass().getName(), String.valueOf(thrown.getMessage()));
            }
            if (answer != null) {
                return answer;
            }
            throw timeline.now().isBefore(end)
                    ? new TaskFailed("Runtime.ExitError", "the runtime exited without a reason")
                    : new TaskFailed(
                            "Sandbox.Timedout", "the task timed out after " + name.limit.toSeconds() + " seconds");
        }

        private Context context(JsonNode event) {
            boolean hurried = pausing && event.path("step").asString("").equals("split");
            return new CallContext(() -> {
                Duration left = Duration.between(timeline.now(), end);
                return (int) (hurried && left.compareTo(ONE_SEGMENT) > 0 ? ONE_SEGMENT : left).toMillis();
            });
        }
    }

    Call call(Name name, JsonNode event) {
        return new Call(name, event);
    }

    /// All processes end immediately, and their memory is lost.
    void kill() {
        List.copyOf(running).forEach(timeline::kill);
        running.clear();
        handlers.clear();
    }

    /// What a handler needs from its runtime.
    private record CallContext(java.util.function.IntSupplier left) implements Context {

        @Override
        public int getRemainingTimeInMillis() {
            return left.getAsInt();
        }

        @Override
        public LambdaLogger getLogger() {
            return SILENT;
        }

        @Override
        public String getAwsRequestId() {
            return "";
        }

        @Override
        public String getLogGroupName() {
            return "";
        }

        @Override
        public String getLogStreamName() {
            return "";
        }

        @Override
        public String getFunctionName() {
            return "";
        }

        @Override
        public String getFunctionVersion() {
            return "";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "";
        }

        @Override
        public @Nullable CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public @Nullable ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 512;
        }
    }

    private static final LambdaLogger SILENT = new LambdaLogger() {
        @Override
        public void log(String message) {
            // The trace records what is done.
        }

        @Override
        public void log(byte[] message) {
            // As above.
        }
    };
}
