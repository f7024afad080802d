package io.pairbatch.chaos.provider;

/// What a provider accepts, if it is less than the provider's own limits.
///
/// @param requests of one batch
/// @param bytes of one file, or of one create if there are no files
/// @param page maximum number of entries on a page of a list, whatever the client requests
/// @param openRequests requests in all batches of a project that have not ended. OpenAI: a batch above it fails
/// validation; other providers answer its create with 429
public record Limits(int requests, long bytes, int page, long openRequests) {

    public static final Limits USUAL = new Limits(Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

    /// The same with this many entries on a page.
    public Limits paged(int entries) {
        return new Limits(requests, bytes, entries, openRequests);
    }
}
