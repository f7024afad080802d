package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.EPOCH;
import static io.pairbatch.registry.JobAttributes.ERROR_CODE;
import static io.pairbatch.registry.JobAttributes.ERROR_MESSAGE;
import static io.pairbatch.registry.JobAttributes.LIMITS;
import static io.pairbatch.registry.JobAttributes.OWNER;
import static io.pairbatch.registry.JobAttributes.PREFLIGHT;
import static io.pairbatch.registry.JobAttributes.ROWS_ACCEPTED;
import static io.pairbatch.registry.JobAttributes.ROWS_READ;
import static io.pairbatch.registry.JobAttributes.ROWS_REJECTED;
import static io.pairbatch.registry.JobAttributes.SAMPLE_OF;
import static io.pairbatch.registry.JobAttributes.SEGMENTS;
import static io.pairbatch.registry.JobAttributes.SEGMENTS_BEFORE;
import static io.pairbatch.registry.JobAttributes.SOURCE_BUCKET;
import static io.pairbatch.registry.JobAttributes.SOURCE_KEY;
import static io.pairbatch.registry.JobAttributes.SPLIT_DONE;
import static io.pairbatch.registry.JobAttributes.SPLIT_VERSION;
import static io.pairbatch.registry.JobAttributes.STATE;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

    static JobItem of(Row row) {
        return new JobItem(
                row.require(Kind.JOB_ID),
                row.require(STATE),
                row.require(OWNER),
                row.get(EPOCH, 0L),
                row.get(SPLIT_DONE, false),
                row.get(ROWS_READ, 0L),
                row.get(ROWS_ACCEPTED, 0L),
                row.get(ROWS_REJECTED, 0L),
                row.get(SEGMENTS, 0),
                row.get(SEGMENTS_BEFORE, 0),
                row.get(SAMPLE_OF, 0L),
                row.get(LIMITS, List.of()),
                row.get(ERROR_CODE),
                row.get(ERROR_MESSAGE),
                row.get(PREFLIGHT),
                row.get(SPLIT_VERSION),
                StrayBatches.of(row),
                row.get(SOURCE_BUCKET, ""),
                row.get(SOURCE_KEY, ""));
    }
}
