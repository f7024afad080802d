package io.pairbatch.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The remaining data of a segment whose rows are all in result files.
///
/// @param state a final state
/// @param requestsTotal what the provider counts, like the two after it; 0 in copies by older versions
/// @param outputFileId what the provider keeps of it; null in copies by older versions, as the one after it
/// @param cost what its answers cost; null in copies by older versions, and where the model has no price
/// @param tagRules by which rules for tags its answers were read; null in copies by older versions
public record CollectedSegment(
        SegmentState state,
        long observed,
        long failed,
        @Nullable String tagRules,
        @Nullable String batchId,
        @Nullable String providerStatus,
        long requestsTotal,
        long requestsCompleted,
        long requestsFailed,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable Instant submittedAt,
        @Nullable Instant endedAt,
        @Nullable Instant receivedAt,
        @Nullable String outputFileId,
        @Nullable String errorFileId,
        @Nullable AnswerCost cost) {}
