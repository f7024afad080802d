package io.pairbatch.registry;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A JOB item.
///
/// @param owner ARN of the execution that may act
/// @param epoch grows by one with each new owner
/// @param segmentsBefore segments there were when the last of `limits` was set
/// @param sampleOf of how many accepted rows the sample was drawn that is to grow; 0 where none does
/// @param limits how many rows to judge, each larger than the one before and than the specification's; 0 for all
/// @param preflight null where there was none, or one that was refused
/// @param splitVersion the version of Pairbatch that splits the table, or has; null where it did not say so
/// @param strays batches at the provider that nobody owns
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
        int segmentsBefore,
        long sampleOf,
        List<Integer> limits,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable PreflightMark preflight,
        @Nullable String splitVersion,
        StrayBatches strays,
        String sourceBucket,
        String sourceKey) {

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
                (int) a.number("segments_before", 0),
                a.number("sample_of", 0),
                a.numbers("limits"),
                a.text("error_code"),
                a.text("error_message"),
                preflight == null ? null : PreflightMark.valueOf(preflight),
                a.text("split_version"),
                StrayBatches.of(a),
                Objects.requireNonNullElse(a.text("source_bucket"), ""),
                Objects.requireNonNullElse(a.text("source_key"), ""));
    }
}
