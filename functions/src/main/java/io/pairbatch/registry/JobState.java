package io.pairbatch.registry;

/// Where a job stands (attribute `state` of the JOB item).
public enum JobState {
    WAITING_FOR_SPEC,
    SPLITTING,
    RUNNING,
    MERGING,
    DONE,
    WAITING_FOR_KEY,
    WAITING_FOR_DECISION,
    CANCELLING,
    CANCELLED,
    FAILED,
    REJECTED,
    /// Everything of it is being removed; only the deletion itself goes on with it.
    DELETING;

    /// Whether an execution should be working on a job in this state.
    public boolean active() {
        return this == SPLITTING || this == RUNNING || this == MERGING || this == CANCELLING;
    }
}
