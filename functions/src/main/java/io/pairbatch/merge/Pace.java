package io.pairbatch.merge;

import io.pairbatch.store.Lanes;
import java.time.Duration;

/// How a job's files are put together within the time and the memory of a function.
///
/// @param calls that are under way at a time, none of which holds more than a buffer of 64 KiB; also where the next
/// round
/// is opened
/// @param drafts that are written at a time, each of which holds one buffer of 8 MiB
/// @param shares of a file that are put together at once; of a file that has more, stretches are put together first
/// @param mapped bytes at once that are copied record by record
/// @param atLeast how many pieces a call puts together, however little time it has
/// @param reserve what must be left of a call's time for another piece to be begun
public record Pace(Lanes calls, Lanes drafts, int shares, long mapped, int atLeast, Duration reserve) {

    /// For a folder on disk: everything in one go.
    public static final Pace AT_ONCE =
            new Pace(Lanes.ONE, Lanes.ONE, Integer.MAX_VALUE, Long.MAX_VALUE, 0, Duration.ZERO);

    /// For a function of 512 MB and 15 minutes. A piece takes seconds; a large one, of which each share is copied, a
    /// minute.
    public static final Pace OF_FUNCTION =
            new Pace(new Lanes(32), new Lanes(8), 100, 256L << 20, 1, Duration.ofMinutes(5));
}
