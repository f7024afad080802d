package io.pairbatch.merge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A segment's registry data for the merge.
///
/// @param attempt 1 for the first attempt at its pairs
/// @param pairs number of its pairs
/// @param batchId null if no batch was created
/// @param status the provider's final status or the registry's state
/// @param endedWell whether its batch ran to its end
/// @param submittedAt null if it was not submitted or the time is unknown
/// @param receivedAt null if it was not collected
/// @param unsentBound what its pairs can cost at most, in nano-USD, if the job's limit left no room for it; else 0
public record MergedSegment(
        int index,
        int attempt,
        long pairs,
        @Nullable String batchId,
        String status,
        boolean endedWell,
        @Nullable Instant submittedAt,
        @Nullable Instant receivedAt,
        long unsentBound) {

    /// A segment for which there was room.
    public MergedSegment(
            int index,
            int attempt,
            long pairs,
            @Nullable String batchId,
            String status,
            boolean endedWell,
            @Nullable Instant submittedAt,
            @Nullable Instant receivedAt) {
        this(index, attempt, pairs, batchId, status, endedWell, submittedAt, receivedAt, 0);
    }
}
