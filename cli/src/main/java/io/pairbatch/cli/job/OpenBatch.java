package io.pairbatch.cli.job;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// A batch that runs at the provider.
///
/// @param status in the provider's own word; null before the first look
public record OpenBatch(
        int segment, String batchId, @Nullable String status, Instant submittedAt) {

    /// So long a provider may take for a batch, by its own word.
    private static final Duration WINDOW = Duration.ofHours(24);

    /// Whether it has run for longer than its provider said.
    public boolean isOverdue(Instant now) {
        return now.isAfter(submittedAt.plus(WINDOW));
    }

    /// Which it is, how it stands, and by when it should have ended.
    public String describe() {
        return "batch " + batchId + " (segment " + segment + "): " + (status == null ? "not looked at yet" : status)
                + ", submitted " + time(submittedAt) + ", should end by " + time(submittedAt.plus(WINDOW));
    }

    private static Instant time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }
}
