package io.pairbatch.registry;

/// The result of the intent to create a batch.
public enum Intent {
    /// The caller, and nobody else, may create it until the lease ends.
    MINE,
    /// The segment is no longer PENDING, or the job is no longer the caller's or not RUNNING.
    LOST,
    /// The job's limit leaves no room for it now.
    NO_ROOM,
    /// Another create of the same account is in progress.
    NOT_MY_TURN
}
