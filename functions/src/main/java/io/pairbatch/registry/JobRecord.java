package io.pairbatch.registry;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A JOB item as people are told of it. What is not known yet, or not for a job that was refused, is null.
///
/// @param name the dropped folder's name
/// @param sourceKey the data file, or the folder while it waits
/// @param observed judged pairs; known when the job is done
/// @param costUsd decimal, known when the job is done and its model has a price
public record JobRecord(
        String jobId,
        String name,
        JobState state,
        @Nullable String backend,
        @Nullable String model,
        String sourceKey,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable Instant finishedAt,
        boolean splitDone,
        long rowsRead,
        long rowsAccepted,
        long rowsRejected,
        int segments,
        @Nullable Long observed,
        @Nullable Long failed,
        @Nullable String costUsd,
        @Nullable String errorCode,
        @Nullable String errorMessage) {

    static JobRecord of(Map<String, AttributeValue> item) {
        Attributes a = new Attributes(item);
        String jobId = a.required("job_id");
        String name = a.text("name");
        String sourceKey = a.text("source_key");
        return new JobRecord(
                jobId,
                name == null ? jobId : name,
                JobState.valueOf(a.required("state")),
                known(a.text("backend")),
                known(a.text("model")),
                sourceKey == null ? "" : sourceKey,
                a.time("created_at"),
                a.time("updated_at"),
                a.time("finished_at"),
                a.flag("split_done"),
                a.number("rows_read", 0),
                a.number("rows_accepted", 0),
                a.number("rows_rejected", 0),
                (int) a.number("segments", 0),
                a.has("observed") ? a.number("observed", 0) : null,
                a.has("failed") ? a.number("failed", 0) : null,
                a.text("cost_usd"),
                a.text("error_code"),
                a.text("error_message"));
    }

    /// A job whose specification was refused is claimed under these names.
    private static @Nullable String known(@Nullable String name) {
        return "unknown".equals(name) ? null : name;
    }
}
