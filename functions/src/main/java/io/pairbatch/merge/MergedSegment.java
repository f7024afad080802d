package io.pairbatch.merge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A segment as the registry knows it when the job's files are put together.
///
/// @param pairs number of its pairs
/// @param batchId null when no batch was created
/// @param status the provider's final status or the registry's state
/// @param submittedAt null when it was not submitted or nobody knows
/// @param receivedAt null when it was not collected
public record MergedSegment(
        int index,
        long pairs,
        @Nullable String batchId,
        String status,
        @Nullable Instant submittedAt,
        @Nullable Instant receivedAt) {}
