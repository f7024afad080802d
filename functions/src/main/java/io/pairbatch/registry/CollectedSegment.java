package io.pairbatch.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What remains to be known of a segment once every row is in a result file.
///
/// @param state one that is final
public record CollectedSegment(
        SegmentState state,
        long observed,
        long failed,
        @Nullable String batchId,
        @Nullable String providerStatus,
        @Nullable Instant submittedAt,
        @Nullable Instant endedAt,
        @Nullable Instant receivedAt) {}
