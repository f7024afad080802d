package io.pairbatch.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A JOB item.
///
/// @param owner ARN of the execution that may act
/// @param epoch grows by one with each new owner
/// @param preflight null where there was none, or one that was refused
public record JobItem(
        String jobId,
        JobState state,
        String owner,
        long epoch,
        boolean splitDone,
        long rowsRead,
        long rowsAccepted,
        long rowsRejected,
        int segments,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable PreflightMark preflight) {

    static JobItem of(Map<String, AttributeValue> item) {
        Attributes a = new Attributes(item);
        String preflight = a.text("preflight");
        return new JobItem(
                a.required("job_id"),
                JobState.valueOf(a.required("state")),
                a.required("owner"),
                a.number("epoch", 0),
                a.flag("split_done"),
                a.number("rows_read", 0),
                a.number("rows_accepted", 0),
                a.number("rows_rejected", 0),
                (int) a.number("segments", 0),
                a.text("error_code"),
                a.text("error_message"),
                preflight == null ? null : PreflightMark.valueOf(preflight));
    }
}
