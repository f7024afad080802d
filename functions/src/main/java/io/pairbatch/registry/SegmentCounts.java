package io.pairbatch.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How many segments of a job are in which state, and how many requests the provider has answered so far.
public final class SegmentCounts {

    private static final int MOST_NAMED = 5;

    private final Map<SegmentState, Integer> byState = new EnumMap<>(SegmentState.class);
    private long completed;
    private long failed;
    private CostForecast forecast = CostForecast.NONE;
    private @Nullable SegmentRecord oldest;
    private final List<OverdueBatch> overdue = new ArrayList<>();
    private int overdueCount;
    private final Duration window;
    private final Instant now;

    /// @param window how long a batch of the job may take
    SegmentCounts(Duration window, Instant now) {
        this.window = window;
        this.now = now;
    }

    /// @throws NullPointerException if a newer version has written the segment's state
    void add(SegmentRecord segment) {
        byState.merge(Objects.requireNonNull(segment.state()), 1, Integer::sum);
        forecast = forecast.plus(segment);
        // Some providers count more than they were sent.
        long answered = Math.min(segment.rows(), segment.requestsCompleted());
        completed += answered;
        failed += Math.min(segment.rows() - answered, segment.requestsFailed());
        OverdueBatch.of(segment, window, now).ifPresent(batch -> {
            overdueCount++;
            if (overdue.size() < MOST_NAMED) {
                overdue.add(batch);
            }
        });
        Instant at = segment.submittedAt();
        if (segment.state() == SegmentState.SUBMITTED
                && segment.batchId() != null
                && at != null
                && (oldest == null || at.isBefore(Objects.requireNonNull(oldest.submittedAt())))) {
            oldest = segment;
        }
    }

    /// The first few open batches that are overdue.
    public List<OverdueBatch> overdue() {
        return List.copyOf(overdue);
    }

    /// How many are.
    public int overdueCount() {
        return overdueCount;
    }

    /// The segment whose batch has been open for longest; empty if none is.
    public Optional<SegmentRecord> oldest() {
        return Optional.ofNullable(oldest);
    }

    /// What the job will have cost in the end.
    public CostForecast forecast() {
        return forecast;
    }

    public Map<SegmentState, Integer> byState() {
        return Map.copyOf(byState);
    }

    /// Requests that the provider has answered, according to its last status.
    public long requestsCompleted() {
        return completed;
    }

    /// Requests that failed at the provider, according to its last status.
    public long requestsFailed() {
        return failed;
    }
}
