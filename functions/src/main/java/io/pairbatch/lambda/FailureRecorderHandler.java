package io.pairbatch.lambda;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobState;
import io.pairbatch.store.Draft;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the failure recorder: records why a job stopped, beside its results (`error.json`) and in the
/// registry. Open batches are left as they are; the job can be resumed.
public final class FailureRecorderHandler extends StepHandler {

    public FailureRecorderHandler() {
        this(Surroundings.ofFunction());
    }

    public FailureRecorderHandler(Surroundings around) {
        super(around);
    }

    @Override
    ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException {
        ObjectNode answer = outcome("failed");
        JsonNode failure = event.path("failure");
        if (event.path("job").path("job_id").isMissingNode()) {
            // Nothing was claimed, so there is no job to record it for; the execution's own error shows it.
            return answer;
        }
        Fence fence = fence(event);
        String code = failure.path("code").asString(ErrorCode.INTERNAL.name());
        JobState state = JobState.valueOf(failure.path("state").asString(JobState.FAILED.name()));
        wiring.registry.require(fence);
        writeError(fence, failure, state);
        wiring.registry.stop(fence, state, code, failure.path("message").asString(""));
        return announce(wiring.announcer().of(fence.jobId(), state, code));
    }

    private void writeError(Fence fence, JsonNode failure, JobState state) throws IOException {
        ObjectNode error = JSON.createObjectNode();
        error.put("job_id", fence.jobId())
                .put("state", state.name())
                .put("code", failure.path("code").asString(ErrorCode.INTERNAL.name()))
                .put("message", failure.path("message").asString(""));
        error.set("problems", failure.path("problems").isArray() ? failure.path("problems") : JSON.createArrayNode());
        error.put("remedy", ErrorCode.remedyOf(failure.path("code").asString("")))
                .put("batches_open", wiring.segments.anyOpen(fence.jobId()))
                .put("resumable", state != JobState.REJECTED)
                .put("execution", fence.owner())
                .put("at", wiring.clock.instant().toString());
        try (Draft draft = wiring.jobs.store(fence.jobId()).create(JobFiles.ERROR)) {
            draft.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(error));
            draft.commit();
        }
    }
}
