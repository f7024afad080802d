package io.pairbatch.provider;

/// Where a batch stands, whatever its provider calls it. An unknown word of the provider is RUNNING.
public enum BatchState {
    RUNNING,
    COMPLETED,
    FAILED,
    /// Taken, and then refused for lack of room in the account's queue: nothing of it ran.
    NO_ROOM,
    /// Taken, and then refused because the account has no credit or is at its limit on spending: nothing of it ran.
    NO_CREDIT,
    /// Taken, and then refused because its input file could not be found: nothing of it ran.
    NO_FILE,
    EXPIRED,
    CANCELLED,
    /// The provider denies that there is such a batch. A batch that is known is denied for minutes now and then, so
    /// this is no end by itself.
    GONE;

    /// Whether it was taken and then refused for a reason that is none of its requests': it may be created again.
    public boolean refused() {
        return this == NO_ROOM || this == NO_CREDIT || this == NO_FILE;
    }

    public boolean terminal() {
        return this != RUNNING && this != GONE;
    }
}
