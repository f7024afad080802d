package io.pairbatch.provider;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a provider says of one batch.
///
/// @param status the provider's own word
/// @param total requests in the batch, 0 while it is not counted
/// @param outputFileId null when there is no output
/// @param errorCode code of the first error of the batch as a whole
public record BatchStatus(
        String id,
        BatchState state,
        String status,
        long total,
        long completed,
        long failed,
        @Nullable String inputFileId,
        @Nullable String outputFileId,
        @Nullable String errorFileId,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        Instant createdAt,
        Map<String, String> metadata) {

    /// A batch that the provider says it does not have.
    public static BatchStatus gone(String batchId, String status) {
        return new BatchStatus(
                batchId, BatchState.GONE, status, 0, 0, 0, null, null, null, null, null, Instant.EPOCH, Map.of());
    }
}
