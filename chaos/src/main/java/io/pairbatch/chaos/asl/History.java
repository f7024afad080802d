package io.pairbatch.chaos.asl;

/// Counts the events of an execution's history as AWS records them.
final class History {

    /// The number of the event that ends an execution in any case.
    static final int LAST = 25_000;

    private int events;

    int events() {
        return events;
    }

    /// Records events. The very last one is left for the execution's end.
    void add(int more) {
        if (events + more >= LAST) {
            events = LAST - 1;
            throw StateFailure.given(
                    StateFailure.RUNTIME, "The execution reached the maximum number of history events (" + LAST + ").");
        }
        events += more;
    }

    /// Records the end of the execution.
    void end() {
        events++;
    }
}
