package io.pairbatch.chaos.provider;

import java.time.Duration;
import java.time.Instant;

/// A clock that advances when somebody sleeps.
final class VirtualClock implements Clockwork {

    static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

    private Instant now = START;
    private boolean killing;

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        if (killing) {
            throw new AssertionError("killed");
        }
        now = now.plus(duration);
    }

    /// From now on, whoever sleeps is killed, or no longer.
    void kill(boolean whoSleeps) {
        killing = whoSleeps;
    }

    /// How much time has passed.
    Duration passed() {
        return Duration.between(START, now);
    }
}
