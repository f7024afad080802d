package io.pairbatch.chaos.provider;

/// False data that a provider may return. A lie is told about all batches in a period ([Lies]), or about one batch for
/// a while ([Course]).
public enum Lie {
    /// Retrieving, cancelling and deleting return that there is no such batch.
    UNKNOWN(false),
    /// The same, as a gateway's page.
    UNKNOWN_TO_GATEWAY(false),
    /// The provider answers that the results do not exist.
    RESULTS_UNKNOWN(true),
    RESULTS_UNKNOWN_TO_GATEWAY(true),
    /// No result files are named, whatever the counts are.
    NO_OUTPUT(true),
    /// Results end after half of the lines, whatever the counts are.
    OUTPUT_SHORT(true),
    /// Not in the list.
    UNLISTED(false),
    /// The list is empty, with status 200.
    LIST_EMPTY(false),
    /// Not newest first.
    LIST_DISORDER(false),
    /// Every page is the first one.
    LIST_LOOP(false),
    /// No key may list batches.
    NO_LIST(false),
    /// A batch is visible only to the key that created it.
    ONLY_OWN_KEY(false),
    /// The batch is shown as it was at its creation.
    EARLIER(false),
    /// The counts are all zero.
    NO_COUNTS(false),
    /// The batch does not end.
    STUCK(false),
    /// The batch does not expire in time.
    LATE(false);

    private final boolean sinceEnd;

    Lie(boolean sinceEnd) {
        this.sinceEnd = sinceEnd;
    }

    /// Whether a batch's own lie starts at its end rather than at its creation.
    boolean sinceEnd() {
        return sinceEnd;
    }
}
