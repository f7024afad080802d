package io.pairbatch.results;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A batch that ended badly, or a segment that never became one (contract 7.8).
///
/// @param batchId null if no batch was created
/// @param status the provider's final status, or `not_submitted`
public record BatchFailure(int segment, @Nullable String batchId, String status, String detail, Instant failedAt) {}
