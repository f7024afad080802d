package io.pairbatch.simulator.batch;

/// How long batches take and what they may hold.
///
/// @param batchSeconds from create to completed
/// @param maxEnqueuedTokens per model, over all open batches
/// @param maxQueuedRequests over all open message batches of Anthropic
/// @param maxRequests per batch, 0 for the provider's own limit
/// @param maxFileBytes of a batch's input, 0 for the provider's own limit
/// @param shuffle whether result lines come in random order
public record BatchSettings(
        double batchSeconds,
        long maxEnqueuedTokens,
        long maxQueuedRequests,
        int maxRequests,
        long maxFileBytes,
        boolean shuffle) {

    public int mostRequests(int usual) {
        return maxRequests > 0 ? maxRequests : usual;
    }

    public long mostBytes(long usual) {
        return maxFileBytes > 0 ? maxFileBytes : usual;
    }
}
