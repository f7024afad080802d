package io.pairbatch.registry;

/// Where a segment stands (attribute `state` of a SEGMENT item).
public enum SegmentState {
    /// Written to S3, no creation under way.
    PENDING,
    /// A creation was intended; whether it happened is settled by its answer or, after the lease, by the provider's
    /// list.
    SUBMITTING,
    /// The provider's batch is known and not finished.
    SUBMITTED,
    /// The batch is at an end, or it is certain that there is none; its rows are not accounted for yet.
    ENDED,
    /// Every row is in a result file.
    COLLECTED,
    /// The same, of a batch that failed as a whole.
    FAILED,
    /// The same, of a batch that was cancelled.
    CANCELLED,
    /// The same, of a segment for which no batch was created.
    NOT_SUBMITTED,
    /// Whether a batch was created cannot be proven; a person decides.
    IN_DOUBT;

    /// Whether every row of the segment is in a result file.
    public boolean isFinal() {
        return this == COLLECTED || this == FAILED || this == CANCELLED || this == NOT_SUBMITTED;
    }
}
