package io.pairbatch.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An open batch that should have ended, or of which nothing new was heard for long. For people: nothing depends on it.
///
/// @param status in the provider's own words; null before the first look
/// @param since since when it is overdue
public record OverdueBatch(
        int segment, String batchId, @Nullable String status, Reason reason, Instant since) {

    /// How long a batch may be without news before that is told.
    public static final Duration SILENCE = Duration.ofHours(12);

    /// Why it is overdue.
    public enum Reason {
        /// It has run for longer than its provider's window.
        PAST_WINDOW("it should have ended by"),
        /// The provider says nothing new of it.
        NO_NEWS("nothing new was said of it since");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    /// The segment's batch, if it is overdue.
    ///
    /// @param window how long such a batch may take
    public static Optional<OverdueBatch> of(SegmentRecord segment, Duration window, Instant now) {
        Instant submitted = segment.submittedAt();
        String batchId = segment.batchId();
        if (segment.state() != SegmentState.SUBMITTED || submitted == null || batchId == null) {
            return Optional.empty();
        }
        return of(segment.index(), batchId, segment.providerStatus(), submitted, segment.newsAt(), window, now);
    }

    /// The same of an open batch.
    public static Optional<OverdueBatch> of(
            int segment,
            String batchId,
            @Nullable String status,
            Instant submitted,
            @Nullable Instant newsAt,
            Duration window,
            Instant now) {
        Instant end = submitted.plus(window);
        if (now.isAfter(end)) {
            return Optional.of(new OverdueBatch(segment, batchId, status, Reason.PAST_WINDOW, end));
        }
        Instant news = Objects.requireNonNullElse(newsAt, submitted);
        return now.isAfter(news.plus(SILENCE))
                ? Optional.of(new OverdueBatch(segment, batchId, status, Reason.NO_NEWS, news))
                : Optional.empty();
    }

    /// From when on a batch is overdue.
    public static Instant from(Instant submitted, @Nullable Instant newsAt, Duration window) {
        Instant end = submitted.plus(window);
        Instant silent = Objects.requireNonNullElse(newsAt, submitted).plus(SILENCE);
        return silent.isBefore(end) ? silent : end;
    }

    /// Its ID, its status, and why it is overdue, in a sentence without a full stop.
    public String describe() {
        return "batch " + batchId + " " + words();
    }

    /// The same without its ID.
    public String words() {
        return "(segment " + segment + "): "
                + Objects.requireNonNullElse(status, "not looked at yet") + ", " + reason.words + " "
                + since.truncatedTo(ChronoUnit.SECONDS);
    }
}
