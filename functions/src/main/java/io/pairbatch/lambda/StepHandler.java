package io.pairbatch.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pairbatch.announce.Announcement;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.TakenOverException;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Stop;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Shared by the functions: reads the event, distinguishes an outage from an error, and writes one log line without a
/// text or a key.
abstract class StepHandler implements RequestStreamHandler {

    static final JsonMapper JSON = JsonMapper.builder().build();
    /// The default of `max_stall`, if the job does not set it.
    private static final Duration LONGEST_STALL = Duration.ofHours(24);

    private static boolean warm;

    final Wiring wiring;

    /// Lines of the log about the current call, before its own.
    private final List<ObjectNode> details = new ArrayList<>();

    StepHandler(Surroundings around) {
        wiring = new Wiring(around);
    }

    /// Handles one event of the state machine and returns its response.
    abstract ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException;

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        JsonNode event = JSON.readTree(in);
        Deadline deadline =
                new Deadline(wiring.clock.instant().plusMillis(context.getRemainingTimeInMillis()), wiring.clock);
        details.clear();
        ObjectNode answer;
        try {
            answer = complete(answer(event, deadline), event);
        } catch (RuntimeException | Error e) {
            log(context, ErrorLine.put(logLine(event, outcome("error")), e));
            throw e;
        }
        log(context, logLine(event, answer));
        JSON.writeValue(out, answer);
    }

    private void log(Context context, ObjectNode line) {
        details.forEach(detail -> context.getLogger().log(detail + "\n"));
        context.getLogger().log(line + "\n");
    }

    private ObjectNode answer(JsonNode event, Deadline deadline) {
        try {
            return handle(event, deadline);
        } catch (FencedException | TakenOverException e) {
            return outcome("quiet");
        } catch (JobRejectedException e) {
            return stop(Stop.of(e));
        } catch (IOException | UncheckedIOException | JacksonIOException e) {
            throw new RetryableException("a stream broke off", e);
        } catch (SdkClientException e) {
            throw new RetryableException("AWS could not be reached", e);
        } catch (TransactionConflictException e) {
            throw new RetryableException("a transaction of another function was in the way", e);
        } catch (AwsServiceException e) {
            if (e.isThrottlingException() || e.statusCode() >= 500) {
                throw new RetryableException("AWS answered " + e.statusCode(), e);
            }
            throw e;
        }
    }

    /// Adds the fields that the workflow reads and this response does not set. AWS fails a state whose expression finds
    /// nothing (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html), and an error would be
    /// lost with it.
    private static ObjectNode complete(ObjectNode answer, JsonNode event) {
        answer.putIfAbsent("job", event.path("job").isObject() ? event.path("job") : JSON.nullNode());
        answer.putIfAbsent("cursor", JSON.nullNode());
        answer.putIfAbsent("max_stall_seconds", JSON.getNodeFactory().numberNode(LONGEST_STALL.toSeconds()));
        answer.putIfAbsent("unchanged", JSON.getNodeFactory().numberNode(0));
        answer.putIfAbsent("to_collect", JSON.createArrayNode());
        answer.putIfAbsent("judges", JSON.createArrayNode());
        answer.putIfAbsent("announcement", JSON.nullNode());
        return answer;
    }

    /// Adds a line to the function's log. It holds no text of a table, no prompt and no key.
    final void detail(ObjectNode line) {
        details.add(line);
    }

    /// Records when the workflow's wait ends. It is only shown, so whatever keeps it from being written stops nothing.
    final void nextLook(OpenJob job, long waitSeconds) {
        try {
            wiring.registry.recordNextLook(job.fence(), wiring.clock.instant().plusSeconds(waitSeconds));
        } catch (SdkException e) {
            // The next call writes it again.
        }
    }

    static ObjectNode outcome(String outcome) {
        ObjectNode answer = JSON.createObjectNode().put("outcome", outcome);
        answer.putNull("failure");
        answer.put("wait_seconds", 1);
        return answer;
    }

    /// The job has ended: the workflow publishes this.
    static ObjectNode announce(Announcement announcement) {
        ObjectNode answer = outcome("announce");
        answer.set("announcement", announcement.toJson());
        return answer;
    }

    static ObjectNode stop(Stop stop) {
        ObjectNode answer = outcome("stop");
        ObjectNode failure = answer.putObject("failure");
        failure.put("state", stop.state().name())
                .put("code", stop.code().code())
                .put("message", stop.message());
        ArrayNode problems = failure.putArray("problems");
        for (Problem problem : stop.problems()) {
            problems.addObject()
                    .put("code", problem.code().code())
                    .put("where", problem.where())
                    .put("found", problem.found())
                    .put("expected", problem.expected())
                    .put("remedy", problem.code().remedy());
        }
        return answer;
    }

    static Fence fence(JsonNode event) {
        JsonNode job = event.required("job");
        return new Fence(
                job.required("job_id").stringValue(),
                event.required("owner").stringValue(),
                job.required("epoch").longValue());
    }

    static ObjectNode job(Fence fence) {
        return JSON.createObjectNode().put("job_id", fence.jobId()).put("epoch", fence.epoch());
    }

    private static ObjectNode logLine(JsonNode event, ObjectNode answer) {
        ObjectNode line = JSON.createObjectNode();
        line.put("step", event.path("step").asString(""));
        line.put("job_id", event.path("job").path("job_id").asString(""));
        line.set("segment", event.path("segment").isNumber() ? event.path("segment") : null);
        line.put("outcome", answer.path("outcome").asString(""));
        line.put("failure", answer.path("failure").path("code").asString(""));
        if (answer.has("preflight")) {
            line.set("preflight", answer.path("preflight"));
        }
        if (!warm) {
            warm = true;
            line.put("cold_start_ms", ManagementFactory.getRuntimeMXBean().getUptime());
        }
        return line;
    }
}
