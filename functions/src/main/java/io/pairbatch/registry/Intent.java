package io.pairbatch.registry;

/// What came of the wish to create a batch.
public enum Intent {
    /// The caller, and nobody else, may create it until the lease is over.
    MINE,
    /// The segment is no longer PENDING, or the job no longer the caller's or not RUNNING.
    LOST,
    /// Another create of the same account is under way.
    NOT_MY_TURN
}
