package io.pairbatch.cli.job;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// A batch that runs at the provider.
///
/// @param status in the provider's own words; null before the first check
/// @param window how long such a batch may take, as its provider states it
public record OpenBatch(
        int segment, String batchId, @Nullable String status, Instant submittedAt, Duration window) {

    /// Whether it has run for longer than that.
    public boolean isOverdue(Instant now) {
        return now.isAfter(submittedAt.plus(window));
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
