package io.pairbatch.registry;

/// The state of a segment (attribute `state` of a SEGMENT item).
public enum SegmentState {
    /// Written to S3, no creation in progress.
    PENDING,
    /// A creation was intended; whether it happened is decided by its response or, after the lease, by the provider's
    /// list.
    SUBMITTING,
    /// The provider's batch is known and not finished.
    SUBMITTED,
    /// The batch has ended, or it is certain that there is none; its rows are not accounted for yet.
    ENDED,
    /// Every row is in a result file.
    COLLECTED,
    /// The same, for a batch that failed as a whole.
    FAILED,
    /// The same, for a batch that was cancelled.
    CANCELLED,
    /// The same, for a segment for which no batch was created.
    NOT_SUBMITTED,
    /// It cannot be proven whether a batch was created; a person decides.
    IN_DOUBT;

    /// Whether every row of the segment is in a result file.
    public boolean isFinal() {
        return this == COLLECTED || this == FAILED || this == CANCELLED || this == NOT_SUBMITTED;
    }
}
