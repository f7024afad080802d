package io.pairbatch.results;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A segment with no more results to come.
///
/// @param index the segment's number, from 1
/// @param attempt 1 for the first attempt at its pairs
/// @param batchId null if no batch was created
/// @param receivedAt set once, so that collecting again writes the same bytes
public record EndedSegment(int index, int attempt, @Nullable String batchId, BatchEnd end, Instant receivedAt) {}
