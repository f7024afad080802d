package io.pairbatch.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The remaining data of a segment whose rows are all in result files.
///
/// @param state a final state
public record CollectedSegment(
        SegmentState state,
        long observed,
        long failed,
        @Nullable String batchId,
        @Nullable String providerStatus,
        @Nullable Instant submittedAt,
        @Nullable Instant endedAt,
        @Nullable Instant receivedAt) {}
