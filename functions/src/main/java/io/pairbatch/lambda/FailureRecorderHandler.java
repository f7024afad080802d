package io.pairbatch.lambda;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobState;
import io.pairbatch.step.ErrorFile;
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
        String message = failure.path("message").asString("");
        JsonNode problems = failure.path("problems").isArray() ? failure.path("problems") : JSON.createArrayNode();
        boolean open = wiring.segments.anyOpen(fence.jobId());
        new ErrorFile(state, code, message, problems, open, state != JobState.REJECTED)
                .write(wiring.jobs.store(fence.jobId()), fence, wiring.clock.instant());
        wiring.registry.stop(fence, state, code, message);
        return announce(wiring.announcer().of(fence.jobId(), state, code));
    }
}
