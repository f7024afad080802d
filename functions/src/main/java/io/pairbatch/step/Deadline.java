package io.pairbatch.step;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// When the running function ends, whether it has finished or not.
///
/// @param end the function's own time limit
public record Deadline(Instant end, Clock clock) {

    /// The time left, never negative.
    public Duration left() {
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Whether at least `needed` is left.
    public boolean allows(Duration needed) {
        return left().compareTo(needed) >= 0;
    }
}
