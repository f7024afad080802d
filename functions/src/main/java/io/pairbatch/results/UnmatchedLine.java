package io.pairbatch.results;

import org.jspecify.annotations.Nullable;

/// A provider's line that cannot be read or belongs to no pair of its segment.
///
/// @param file name of the file of the job
/// @param line the line's number in it, from 1, blank lines counted
/// @param start the line's first [#START_CHARS] characters at most
public record UnmatchedLine(
        int segment,
        String file,
        long line,
        String reason,
        @Nullable String customId,
        String start) {

    public static final int START_CHARS = 2000;
}
