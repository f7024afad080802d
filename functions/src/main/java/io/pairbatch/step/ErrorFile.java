package io.pairbatch.step;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobState;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Why a job stopped, beside its results (`error.json`).
///
/// @param code as in docs/ERRORS.md, or the workflow's own
/// @param problems each with code, place, what was found and what was expected
/// @param batchesOpen whether batches may still run at the provider
/// @param resumable whether the job goes on when its files are dropped again
public record ErrorFile(
        JobState state,
        String code,
        String message,
        Iterable<JsonNode> problems,
        boolean batchesOpen,
        boolean resumable) {

    private static final JsonMapper JSON = new JsonMapper();

    /// Writes the file in place of an earlier one.
    public void write(JobStore store, Fence fence, Instant at) throws IOException {
        ObjectNode error = JSON.createObjectNode()
                .put("job_id", fence.jobId())
                .put("state", state.name())
                .put("code", code)
                .put("message", message);
        problems.forEach(error.putArray("problems")::add);
        error.put("remedy", ErrorCode.remedyOf(code))
                .put("batches_open", batchesOpen)
                .put("resumable", resumable)
                .put("execution", fence.owner())
                .put("at", at.toString());
        try (Draft draft = store.create(JobFiles.ERROR)) {
            draft.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(error));
            draft.commit();
        }
    }
}
