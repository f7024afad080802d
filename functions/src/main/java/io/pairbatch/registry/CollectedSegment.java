package io.pairbatch.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The remaining data of a segment whose rows are all in result files.
///
/// @param state a final state
/// @param tagRules by which rules for tags its answers were read; null in copies by older versions
public record CollectedSegment(
        SegmentState state,
        long observed,
        long failed,
        @Nullable String tagRules,
        @Nullable String batchId,
        @Nullable String providerStatus,
        @Nullable Instant submittedAt,
        @Nullable Instant endedAt,
        @Nullable Instant receivedAt) {}
