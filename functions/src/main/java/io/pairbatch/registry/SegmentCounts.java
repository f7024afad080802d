package io.pairbatch.registry;

import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// How many segments of a job are in which state, and what the provider has answered so far.
public final class SegmentCounts {

    private final Map<SegmentState, Integer> byState = new EnumMap<>(SegmentState.class);
    private long completed;
    private long failed;

    void add(Map<String, AttributeValue> item) {
        Attributes a = new Attributes(item);
        // A submission, which lies under its segment's key.
        if (a.has("token")) {
            return;
        }
        byState.merge(SegmentState.valueOf(a.required("state")), 1, Integer::sum);
        completed += a.number("requests_completed", 0);
        failed += a.number("requests_failed", 0);
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
