package io.pairbatch.provider;

/// Where a batch stands, whatever its provider calls it. An unknown word of the provider is RUNNING.
public enum BatchState {
    RUNNING,
    COMPLETED,
    FAILED,
    /// Taken, and then refused for lack of room in the account's queue: nothing of it ran.
    NO_ROOM,
    EXPIRED,
    CANCELLED,
    /// The provider no longer knows the batch.
    GONE;

    public boolean terminal() {
        return this != RUNNING;
    }
}
