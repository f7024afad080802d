package io.pairbatch.chaos;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How much goes wrong, each as the chance of a single act.
///
/// @param effects of an act on AWS or of a provider's process
/// @param wire of a request to the provider
/// @param batches of a batch that does not just complete
/// @param lies of a stretch of time in which the provider says what is not so
/// @param engine of a call of a function by Step Functions
/// @param hangs when the provider answers nothing at all
/// @param doubt what befalls one create; null when nothing is meant to
record Weather(
        double effects,
        double wire,
        double batches,
        double lies,
        double engine,
        List<Hang> hangs,
        @Nullable Doubt doubt) {

    static final Weather FAIR = new Weather(0, 0, 0, 0, 0);

    /// Weather in which each call that the provider takes is answered in the end.
    Weather(double effects, double wire, double batches, double lies, double engine) {
        this(effects, wire, batches, lies, engine, List.of(), null);
    }

    Weather hanging(List<Hang> when) {
        return new Weather(effects, wire, batches, lies, engine, when, doubt);
    }

    Weather doubting(@Nullable Doubt what) {
        return new Weather(effects, wire, batches, lies, engine, hangs, what);
    }

    /// What chance alone would seldom bring: a create of which nobody knows what became of it, at the worst of times.
    ///
    /// @param create which of the job's creates, from 1
    /// @param outlived whether its process stands still before it while another execution goes on with the job;
    /// otherwise its answer is lost, and the list shows no batch that is younger
    /// @param span how long that lasts
    record Doubt(int create, boolean outlived, Duration span) {}

    /// A stretch of time in which every call to the provider hangs until its caller gives up.
    ///
    /// @param from how long after the start it begins
    record Hang(Duration from, Duration span) {

        boolean holds(Duration after) {
            return after.compareTo(from) >= 0 && after.compareTo(from.plus(span)) < 0;
        }
    }
}
