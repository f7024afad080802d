package io.pairbatch.chaos.provider;

/// What a provider takes, where it is less than the provider's own limits.
///
/// @param requests of one batch
/// @param bytes of one file, or of one create where there are no files
/// @param page entries of a page of a list, whatever the client asks for
/// @param openRequests requests of all batches of a project that have not ended. OpenAI: a batch beyond it fails
/// validation; the others: its create is answered with 429
public record Limits(int requests, long bytes, int page, long openRequests) {

    public static final Limits USUAL = new Limits(Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

    /// The same with so many entries on a page.
    public Limits paged(int entries) {
        return new Limits(requests, bytes, entries, openRequests);
    }
}
