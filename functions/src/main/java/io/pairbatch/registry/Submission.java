package io.pairbatch.registry;

import static io.pairbatch.registry.SubmissionAttributes.*;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A SUB item: one intended creation of a batch. Its outcome is written once and never changed.
///
/// @param number 1-based within the segment
/// @param token carried by the provider's batch in its metadata
/// @param account whose list shows the batch: provider, key fingerprint and model
/// @param outcome null while it is open
/// @param bound what it may cost at most
public record Submission(
        int segment,
        int number,
        String token,
        String fileId,
        String account,
        Instant createdAt,
        @Nullable SubmissionOutcome outcome,
        @Nullable String batchId,
        Reservation bound) {

    /// Of a model without a price.
    public Submission(
            int segment,
            int number,
            String token,
            String fileId,
            String account,
            Instant createdAt,
            @Nullable SubmissionOutcome outcome,
            @Nullable String batchId) {
        this(segment, number, token, fileId, account, createdAt, outcome, batchId, Reservation.NONE);
    }

    static Submission of(Row row) {
        return new Submission(
                row.get(SEGMENT_INDEX, 0),
                row.get(NUMBER, 0),
                row.require(TOKEN),
                row.require(FILE_ID),
                row.require(ACCOUNT),
                row.get(CREATED_AT, Instant.EPOCH),
                row.get(OUTCOME),
                row.get(BATCH_ID),
                new Reservation(row.get(BOUND, 0L), row.get(OPEN_ENDED, false)));
    }

    Row row(String jobId) {
        return new Row()
                .with(Kind.JOB_ID, jobId)
                .with(Kind.ITEM, SegmentItem.submissionKey(segment, number))
                .with(SEGMENT_INDEX, segment)
                .with(NUMBER, number)
                .with(TOKEN, token)
                .with(FILE_ID, fileId)
                .with(ACCOUNT, account)
                .with(BOUND, bound.nano() == 0 ? null : bound.nano())
                .with(OPEN_ENDED, bound.openEnded() ? true : null)
                .with(CREATED_AT, createdAt)
                .with(OUTCOME, outcome)
                .with(BATCH_ID, batchId);
    }
}
