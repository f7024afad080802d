package io.pairbatch.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// When the running function ends, whether it has finished or not.
///
/// @param end the function's own time limit
public record Deadline(Instant end, Clock clock) {

    /// No limit: a command that runs on the user's own machine.
    public static final Deadline NONE = new Deadline(Instant.MAX, Clock.systemUTC());

    /// The same end, minus a reserve for what comes after.
    public Deadline earlier(Duration reserve) {
        return new Deadline(end.minus(reserve), clock);
    }

    /// The time left, never negative.
    public Duration left() {
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Whether at least `needed` is left.
    public boolean allows(Duration needed) {
        return Duration.between(clock.instant(), end).compareTo(needed) >= 0;
    }
}
