package io.pairbatch.cli.job;

import io.pairbatch.registry.OverdueBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A batch that runs at the provider.
///
/// @param status in the provider's own words; null before the first check
/// @param newsAt when the provider last said something new of it; null if it has not yet
/// @param window how long such a batch may take, as its provider states it
public record OpenBatch(
        int segment,
        String batchId,
        @Nullable String status,
        Instant submittedAt,
        @Nullable Instant newsAt,
        Duration window) {

    /// Whether it has run for longer than that, or nothing new was heard of it for long.
    public boolean isOverdue(Instant now) {
        return overdue(now).isPresent();
    }

    /// Why it is overdue, if it is.
    public Optional<OverdueBatch> overdue(Instant now) {
        return OverdueBatch.of(segment, batchId, status, submittedAt, newsAt, window, now);
    }

    Instant overdueFrom() {
        return OverdueBatch.from(submittedAt, newsAt, window);
    }

    /// Its status in the provider's own word.
    public String statusWord() {
        return status == null ? "not looked at yet" : status;
    }

    /// Since when it runs, and when it should end.
    public String times() {
        return "submitted " + time(submittedAt) + ", should end by " + time(submittedAt.plus(window));
    }

    /// Its id, its status, and when it should end.
    public String describe() {
        return "batch " + batchId + " (segment " + segment + "): " + statusWord() + ", " + times();
    }

    static Instant time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }
}
