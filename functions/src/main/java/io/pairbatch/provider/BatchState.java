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
    /// The provider denies that there is such a batch. A batch that is known is denied for minutes now and then, so
    /// this
    /// is no end by itself.
    GONE;

    public boolean terminal() {
        return this != RUNNING && this != GONE;
    }
}
