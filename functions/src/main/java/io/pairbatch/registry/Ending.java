package io.pairbatch.registry;

import org.jspecify.annotations.Nullable;

/// How a provider's batch ended.
///
/// @param outcome the segment's final state once its rows are accounted for
/// @param status the provider's own status
/// @param total number of requests in the batch, as the provider counts them, like the next two
public record Ending(
        SegmentState outcome,
        String status,
        long total,
        long completed,
        long failed,
        @Nullable String outputFileId,
        @Nullable String errorFileId,
        @Nullable String errorCode,
        @Nullable String errorMessage) {

    /// The same, with the reason.
    public Ending because(String why) {
        return new Ending(outcome, status, total, completed, failed, outputFileId, errorFileId, errorCode, why);
    }
}
