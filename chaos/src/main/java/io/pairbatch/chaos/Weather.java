package io.pairbatch.chaos;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How much goes wrong, as probabilities per action.
///
/// @param effects for an action on AWS or of a provider's process
/// @param wire for a request to the provider
/// @param batches for a batch that does not simply complete
/// @param lies for a period in which the provider returns false data
/// @param engine for a function call by Step Functions
/// @param hangs when the provider answers nothing at all
/// @param doubt what happens to one create; null for nothing special
record Weather(
        double effects,
        double wire,
        double batches,
        double lies,
        double engine,
        List<Hang> hangs,
        @Nullable Doubt doubt) {

    static final Weather FAIR = new Weather(0, 0, 0, 0, 0);

    /// Weather in which each call that the provider receives is answered in the end.
    Weather(double effects, double wire, double batches, double lies, double engine) {
        this(effects, wire, batches, lies, engine, List.of(), null);
    }

    Weather hanging(List<Hang> when) {
        return new Weather(effects, wire, batches, lies, engine, when, doubt);
    }

    Weather doubting(@Nullable Doubt what) {
        return new Weather(effects, wire, batches, lies, engine, hangs, what);
    }

    /// What would rarely happen by chance: a create with an unknown outcome, at the worst time.
    ///
    /// @param create which of the job's creates, from 1
    /// @param outlived whether its process pauses before it while another execution continues the job; otherwise its
    /// response is lost, and the list shows no younger batch
    /// @param span how long that lasts
    record Doubt(int create, boolean outlived, Duration span) {}

    /// A period in which every call to the provider hangs until its caller gives up.
    ///
    /// @param from time of its start, since the job's start
    record Hang(Duration from, Duration span) {

        boolean holds(Duration after) {
            return after.compareTo(from) >= 0 && after.compareTo(from.plus(span)) < 0;
        }
    }
}
