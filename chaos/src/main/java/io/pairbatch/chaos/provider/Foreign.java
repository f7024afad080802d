package io.pairbatch.chaos.provider;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Another user's batch.
///
/// @param project the owner of the batch; with our keys' project, it is a neighbour of ours
/// @param requests how many it has
/// @param ids prefix of the IDs of its requests
/// @param fileId OpenAI: the file that it is created from, with the file's requests; empty for a file of its own
/// @param metadata null for none
/// @param displayName Gemini's
/// @param adopted whether a job of ours takes it over: it counts as ours, and Gemini's was sent inline
public record Foreign(
        String project,
        String model,
        int requests,
        String ids,
        String fileId,
        @Nullable Map<String, String> metadata,
        String displayName,
        boolean adopted) {

    /// A batch that has nothing in common with ours.
    public static Foreign of(String project, String model, int requests) {
        return new Foreign(project, model, requests, "request-", "", null, "reports", false);
    }

    /// The same, created from a file that we uploaded.
    public Foreign of(String file, @Nullable Map<String, String> data) {
        return new Foreign(project, model, requests, ids, file, data, displayName, adopted);
    }

    /// The same with the name that a job's batches have.
    public Foreign named(String job, String token) {
        Map<String, String> data = Map.of("pairbatch_job", job, "pairbatch_submission", token);
        return new Foreign(project, model, requests, ids, fileId, data, "pairbatch " + token, adopted);
    }

    /// The same with other ids.
    public Foreign ids(String prefix) {
        return new Foreign(project, model, requests, prefix, fileId, metadata, displayName, adopted);
    }

    /// A batch that a job of ours will take over.
    static Foreign adopted(String project, String model, int requests) {
        return new Foreign(project, model, requests, "", "", null, "pairwiseLLM-gemini-batch", true);
    }

    Batch.Origin origin(String file, String endpoint) {
        return new Batch.Origin("somebody else's", project, file, model, endpoint, "", metadata, !adopted);
    }
}
