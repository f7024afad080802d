package io.pairbatch.chaos;

import java.time.Duration;
import java.util.List;

/// How much goes wrong, each as the chance of a single act.
///
/// @param effects of an act on AWS or of a provider's process
/// @param wire of a request to the provider
/// @param batches of a batch that does not just complete
/// @param lies of a stretch of time in which the provider says what is not so
/// @param engine of a call of a function by Step Functions
/// @param hangs when the provider answers nothing at all
record Weather(double effects, double wire, double batches, double lies, double engine, List<Hang> hangs) {

    static final Weather FAIR = new Weather(0, 0, 0, 0, 0);

    /// Weather in which each call that the provider takes is answered in the end.
    Weather(double effects, double wire, double batches, double lies, double engine) {
        this(effects, wire, batches, lies, engine, List.of());
    }

    Weather hanging(List<Hang> when) {
        return new Weather(effects, wire, batches, lies, engine, when);
    }

    /// A stretch of time in which every call to the provider hangs until its caller gives up.
    ///
    /// @param from how long after the start it begins
    record Hang(Duration from, Duration span) {

        boolean holds(Duration after) {
            return after.compareTo(from) >= 0 && after.compareTo(from.plus(span)) < 0;
        }
    }
}
