package io.pairbatch.cli.job;

import java.time.Duration;

/// How often the registry is read.
///
/// @param shortest time between two reads while something changes
/// @param longest time between two reads when nothing has changed for long
/// @param patience how long all reads may fail before watching ends
public record Pacing(Duration shortest, Duration longest, Duration patience) {

    /// Reading from a local emulator costs nothing.
    public static final Pacing EMBEDDED =
            new Pacing(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30));

    /// AWS bills each read, and a batch takes minutes to hours.
    public static final Pacing AWS = new Pacing(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(10));

    Duration next(Duration current, boolean changed) {
        Duration longer = current.multipliedBy(3).dividedBy(2);
        return changed ? shortest : longer.compareTo(longest) < 0 ? longer : longest;
    }
}
