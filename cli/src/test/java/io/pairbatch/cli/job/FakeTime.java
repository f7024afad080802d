package io.pairbatch.cli.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that advances only during pauses.
public final class FakeTime implements InstantSource, Pause {

    public static final Instant START = Instant.parse("2026-11-22T18:00:00Z");

    private Instant now = START;

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void of(Duration duration) {
        now = now.plus(duration);
        if (Duration.between(START, now).toHours() > 48) {
            throw new IllegalStateException("waits for ever");
        }
    }

    public Duration passed() {
        return Duration.between(START, now);
    }
}
