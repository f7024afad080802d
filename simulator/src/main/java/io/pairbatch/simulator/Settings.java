package io.pairbatch.simulator;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything that the command line decides.
///
/// @param service which service is played in OpenAI's place
/// @param keys the bearer keys that are let in
/// @param qualities JSONL of `{text, quality}`, in units of the logistic's scale
/// @param batchSeconds from create to completed
/// @param maxEnqueuedTokens per model, over the batches that have not ended
/// @param maxQueuedRequests over the message batches that have not ended
/// @param maxFileBytes of a batch's input, 0 for the provider's own limit
/// @param maxRequests of a batch, 0 for the provider's own limit
/// @param tls null for plain HTTP
record Settings(
        String bind,
        int port,
        Path data,
        Service service,
        Set<String> keys,
        long seed,
        @Nullable Path qualities,
        double noise,
        double positionBias,
        double missingTagRate,
        double errorRate,
        long latencyMillis,
        double batchSeconds,
        long maxEnqueuedTokens,
        long maxQueuedRequests,
        @Nullable Path faults,
        boolean shuffle,
        long maxFileBytes,
        int maxRequests,
        @Nullable Tls tls) {

    int mostRequests(int usual) {
        return maxRequests > 0 ? maxRequests : usual;
    }

    long mostBytes(long usual) {
        return maxFileBytes > 0 ? maxFileBytes : usual;
    }
}
