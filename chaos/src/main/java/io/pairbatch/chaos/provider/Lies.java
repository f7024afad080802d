package io.pairbatch.chaos.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The lies of a provider that do not concern a single batch, and when they end.
public final class Lies {

    private record Told(Lie lie, Instant from, Instant to) {}

    private record Lag(Duration behind, Instant from, Instant to) {}

    private final List<Told> told = new ArrayList<>();
    private final List<Lag> lags = new ArrayList<>();
    private Instant healedAt = Instant.MAX;

    /// From one time to another, this lie is told about every batch.
    public void tell(Lie lie, Instant from, Instant to) {
        told.add(new Told(lie, from, to));
    }

    /// From one time to another, batches are listed only if they are this old.
    public void lag(Duration behind, Instant from, Instant to) {
        lags.add(new Lag(behind, from, to));
    }

    /// From this time on, no lies are told.
    void heal(Instant at) {
        healedAt = at.isBefore(healedAt) ? at : healedAt;
    }

    Instant healedAt() {
        return healedAt;
    }

    boolean healed(Instant at) {
        return !at.isBefore(healedAt);
    }

    boolean tells(Lie lie, Instant at) {
        for (Told one : told) {
            if (one.lie == lie && within(at, one.from, one.to)) {
                return true;
            }
        }
        return false;
    }

    boolean tells(Lie lie, Batch batch, Instant at) {
        return tells(lie, at) || (!healed(at) && batch.tells(lie, at));
    }

    /// Whether the list does not show the batch yet.
    boolean lags(Batch batch, Instant at) {
        for (Lag lag : lags) {
            if (within(at, lag.from, lag.to)
                    && batch.createdAt().plus(lag.behind).isAfter(at)) {
                return true;
            }
        }
        return false;
    }

    private boolean within(Instant at, Instant from, Instant to) {
        return !healed(at) && !at.isBefore(from) && at.isBefore(to);
    }
}
