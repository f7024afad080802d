package io.pairbatch.chaos.asl;

/// Counts the events of an execution's history as AWS writes them.
final class History {

    /// The number of the event that ends an execution, whatever it was doing.
    static final int LAST = 25_000;

    private int events;

    int events() {
        return events;
    }

    /// Writes events. The last one of all is left to the execution's end.
    void add(int more) {
        if (events + more >= LAST) {
            events = LAST - 1;
            throw StateFailure.given(
                    StateFailure.RUNTIME, "The execution reached the maximum number of history events (" + LAST + ").");
        }
        events += more;
    }

    /// Writes how the execution ended.
    void end() {
        events++;
    }
}
