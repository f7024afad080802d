package io.pairbatch.registry;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// How many segments of a job are in which state, and what the provider has answered so far.
public final class SegmentCounts {

    private final Map<SegmentState, Integer> byState = new EnumMap<>(SegmentState.class);
    private long completed;
    private long failed;

    /// @throws NullPointerException where a newer version has written the segment's state
    void add(SegmentRecord segment) {
        byState.merge(Objects.requireNonNull(segment.state()), 1, Integer::sum);
        completed += segment.requestsCompleted();
        failed += segment.requestsFailed();
    }

    public Map<SegmentState, Integer> byState() {
        return Map.copyOf(byState);
    }

    /// Requests that the provider has answered, as it last said.
    public long requestsCompleted() {
        return completed;
    }

    /// Requests that the provider could not answer, as it last said.
    public long requestsFailed() {
        return failed;
    }
}
