package io.pairbatch.split;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Until when a call may work. A segment is begun only if there is time for two as slow as the slowest so far.
///
/// @param end when the last write must be done; the function's own end lies some seconds later
public record Deadline(InstantSource clock, Instant end) {

    /// No limit: a command on somebody's own machine.
    public static Deadline none() {
        return new Deadline(InstantSource.system(), Instant.MAX);
    }

    /// Whether work that takes twice `duration` would be done in time.
    boolean allows(Duration duration) {
        Instant now = clock.instant();
        return end.equals(Instant.MAX) || now.plus(duration.multipliedBy(2)).isBefore(end);
    }
}
