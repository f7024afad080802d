package io.pairbatch.results;

import org.jspecify.annotations.Nullable;

/// A provider's line that cannot be read or belongs to no pair of its segment.
///
/// @param file name of the job's file
/// @param line the line's number in it, from 1, including blank lines
/// @param start the line's beginning, at most [#START_CHARS] characters
public record UnmatchedLine(
        int segment,
        String file,
        long line,
        String reason,
        @Nullable String customId,
        String start) {

    public static final int START_CHARS = 2000;
}
