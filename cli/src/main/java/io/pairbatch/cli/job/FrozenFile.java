package io.pairbatch.cli.job;

import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.SpecLayer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The frozen `job.json` of a job, which is fetched with its results and can be run again.
///
/// @param spec its specification, with the template's text
record FrozenFile(String jobId, ObjectNode spec) {

    /// The frozen job in a job file; empty if it is an ordinary one.
    static Optional<FrozenFile> of(ObjectNode file) {
        ObjectNode spec = SpecLayer.fieldsOf(file);
        return spec.equals(file)
                ? Optional.empty()
                : Optional.of(new FrozenFile(file.path("job_id").asString(""), spec));
    }

    /// The fields of the job to run.
    ///
    /// @param policy the job's `policy.json`; null if there is none
    /// @param retry whether its failed pairs are to be judged: they are a part of its sample, so it is not drawn from
    /// them again
    ObjectNode fields(@Nullable ObjectNode policy, boolean retry) {
        ObjectNode fields = spec.deepCopy();
        if (policy != null
                && policy.path("job_id").asString("").equals(jobId)
                && policy.path("spec") instanceof ObjectNode work) {
            fields = JobSpecJson.with(spec, work);
        }
        // Batches that were taken over are those of one job only, which may not know what they ask.
        boolean rescued = fields.remove("adopted_batches") != null;
        if (rescued && fields.path("trait_description").asString("").isEmpty()) {
            fields.remove(List.of("trait_name", "trait_description", "prompt_template"));
        }
        if (retry) {
            // The pairs that failed are a table of pairs with our names, however they were made.
            fields.remove(List.of("limit", "pairing", "columns"));
            if (fields.has("both_orders") || fields.has("repeats")) {
                // Each of them is one comparison, also where a stack's defaults would make more of a row.
                fields.put("both_orders", false).put("repeats", 1);
            }
        }
        return fields;
    }

    /// The name of a job of its failed pairs: its own name, without the digits of its id.
    String retryName() {
        return jobId.replaceFirst("-[0-9a-f]{8}$", "").replaceFirst("-retry$", "") + "-retry";
    }
}
