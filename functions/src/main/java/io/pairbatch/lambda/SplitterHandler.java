package io.pairbatch.lambda;

import io.pairbatch.job.JobFiles;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.split.RetryStep;
import io.pairbatch.split.SplitStep;
import io.pairbatch.step.OpenJob;
import io.pairbatch.submit.SubmitStep;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the splitter: claims and splits a job, and submits its segments.
public final class SplitterHandler extends StepHandler {

    private final SplitStep splitting;

    public SplitterHandler() {
        this(Surroundings.ofFunction());
    }

    public SplitterHandler(Surroundings around) {
        super(around);
        splitting = wiring.splitting();
    }

    @Override
    ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException {
        return switch (event.path("step").asString("")) {
            case "split" -> split(event, deadline);
            case "retry" -> retry(event, deadline);
            default -> submit(event, deadline);
        };
    }

    private ObjectNode retry(JsonNode event, Deadline deadline) throws IOException, FencedException {
        RetryStep.Next next = wiring.retrying().run(wiring.jobs.open(fence(event)), deadline);
        return outcome(next.name().toLowerCase(Locale.ROOT));
    }

    private ObjectNode split(JsonNode event, Deadline deadline) throws IOException, FencedException {
        SplitStep.Result result = call(event, deadline);
        ObjectNode answer = switch (result) {
            case SplitStep.Result.Quiet quiet -> outcome("quiet").putNull("job");
            case SplitStep.Result.Stopped stopped -> stop(stopped.why()).set("job", job(stopped.fence()));
            case SplitStep.Result.Paused paused -> going("again", paused.job()).set("cursor", paused.mark());
            case SplitStep.Result.Split split -> going("go", split.job());
            case SplitStep.Result.Panel panel -> judging(panel.job());
        };
        return answer.has("cursor") ? answer : answer.putNull("cursor");
    }

    /// A job of several judges: the workflow starts the executions of their jobs.
    private ObjectNode judging(OpenJob panel) throws FencedException {
        ObjectNode answer = going("judge", panel);
        answer.putArray("judges").addAll(wiring.panel().starts(panel));
        return answer;
    }

    private SplitStep.Result call(JsonNode event, Deadline deadline) throws IOException, FencedException {
        String owner = event.required("owner").stringValue();
        JsonNode input = event.path("input");
        if (event.path("job").isObject()) {
            JsonNode cursor = event.path("cursor");
            return splitting.goOn(fence(event), cursor.isNull() || cursor.isMissingNode() ? null : cursor, deadline);
        }
        if (input.has("panel")) {
            return splitting.beginJudge(
                    input.required("panel").stringValue(),
                    input.required("judge").intValue(),
                    owner,
                    deadline);
        }
        if (input.has("job_id") && input.has("limit")) {
            return splitting.judgeMore(
                    input.required("job_id").stringValue(),
                    input.required("epoch").longValue(),
                    owner,
                    input.required("limit").intValue(),
                    deadline);
        }
        if (input.has("job_id") && input.path("reading").isObject()) {
            return splitting.readAgain(
                    input.required("job_id").stringValue(),
                    input.required("epoch").longValue(),
                    owner,
                    (ObjectNode) input.required("reading"),
                    deadline);
        }
        if (input.has("job_id") && input.path("collect").asBoolean(false)) {
            return splitting.collectAgain(
                    input.required("job_id").stringValue(),
                    input.required("epoch").longValue(),
                    owner,
                    deadline);
        }
        if (input.has("job_id") && input.path("retry").isString()) {
            return splitting.retry(
                    input.required("job_id").stringValue(),
                    input.required("epoch").longValue(),
                    owner,
                    input.required("retry").stringValue(),
                    deadline);
        }
        if (input.has("job_id") && input.path("recover").asBoolean(false)) {
            return splitting.recover(
                    input.required("job_id").stringValue(),
                    input.required("epoch").longValue(),
                    owner,
                    deadline);
        }
        if (input.has("job_id")) {
            return splitting.takeOver(
                    input.required("job_id").stringValue(),
                    input.required("epoch").longValue(),
                    owner,
                    deadline);
        }
        JsonNode detail = input.required("detail");
        return splitting.begin(
                detail.required("bucket").required("name").stringValue(),
                detail.required("object").required("key").stringValue(),
                owner,
                deadline);
    }

    private static ObjectNode going(String outcome, OpenJob job) {
        ObjectNode answer = outcome(outcome)
                .put(
                        "max_stall_seconds",
                        job.resolved().spec().polling().maxStall().toSeconds());
        answer.set("job", job(job.fence()));
        return answer;
    }

    private static ObjectNode line(OpenJob job, SegmentItem segment) {
        return JSON.createObjectNode()
                .put("step", "submit")
                .put("job_id", job.id())
                .put("segment", segment.index())
                .put("pairs", segment.rows())
                .put("provider", segment.provider())
                .put("batch_id", segment.batchId())
                .put("input_file", JobFiles.input(segment.index()));
    }

    /// Whether there is something to do before the provider has anything new.
    private static boolean atOnce(OpenJob job) {
        return job.resolved().spec().isRescued()
                || job.item().rereading()
                || job.item().cancelled()
                || job.item().retryAsked() != null;
    }

    private ObjectNode submit(JsonNode event, Deadline deadline) throws IOException, FencedException {
        OpenJob job = wiring.jobs.open(fence(event));
        SubmitStep.Result result = wiring.submitting().run(job, wiring.jobs.account(job, deadline), deadline);
        result.sent().forEach(segment -> detail(line(job, segment)));
        // Stored answers are read again at once: there is no batch to wait for.
        String next = result.again() ? "submit" : atOnce(job) ? "poll" : "wait";
        ObjectNode answer = result.stop() == null ? outcome(next) : stop(result.stop());
        if (result.stop() == null) {
            int interval = job.resolved().spec().polling().intervalSeconds();
            answer.put("wait_seconds", interval);
            if (!result.again()) {
                nextLook(job, interval);
            }
        }
        return result.preflight() == null
                ? answer
                : answer.put("preflight", result.preflight().name());
    }
}
