package io.pairbatch.chaos.provider;

/// What a provider may say that is not so. A lie is told about all batches in a stretch of time ([Lies]), or about one
/// batch for a while ([Course]).
public enum Lie {
    /// Retrieving, cancelling and deleting say that there is no such batch.
    UNKNOWN(false),
    /// The same, as a gateway's page.
    UNKNOWN_TO_GATEWAY(false),
    /// Results are not there, in the provider's words.
    RESULTS_UNKNOWN(true),
    RESULTS_UNKNOWN_TO_GATEWAY(true),
    /// No results are named, whatever the counts say.
    NO_OUTPUT(true),
    /// Results end after half of the lines, whatever the counts say.
    OUTPUT_SHORT(true),
    /// Not in the list.
    UNLISTED(false),
    /// The list is empty, and answered with 200.
    LIST_EMPTY(false),
    /// Not newest first.
    LIST_DISORDER(false),
    /// Each page is the first one.
    LIST_LOOP(false),
    /// No key may list.
    NO_LIST(false),
    /// A batch shows to the key that made it, and to no other.
    ONLY_OWN_KEY(false),
    /// The batch is shown as it was at its creation.
    EARLIER(false),
    /// The counts are all zero.
    NO_COUNTS(false),
    /// The batch does not come to its end.
    STUCK(false);

    private final boolean sinceEnd;

    Lie(boolean sinceEnd) {
        this.sinceEnd = sinceEnd;
    }

    /// Whether a batch's own lie is timed from its end rather than from its creation.
    boolean sinceEnd() {
        return sinceEnd;
    }
}
