package io.pairbatch.chaos;

import java.time.Duration;

/// What happens to one effect on the outside world.
///
/// @param duration how long [Kind#SLOW] takes; zero otherwise
record Fate(Kind kind, Duration duration) {

    static final Fate PLAIN = new Fate(Kind.PLAIN);

    Fate(Kind kind) {
        this(kind, Duration.ZERO);
    }

    enum Kind {
        /// It happens, and its response arrives.
        PLAIN,
        /// The process dies before it.
        DIE_BEFORE,
        /// It happens, and the process dies before it sees the response.
        DIE_AFTER,
        /// The process dies before it, and its execution ends without any notification.
        LEFT_BEFORE,
        /// It happens, the process dies before it sees the response, and its execution is aborted.
        LEFT_AFTER,
        /// It happens, and its response is lost.
        ANSWER_LOST,
        /// It happens, its response is lost on the wire, and the SDK repeats it.
        REPEATED,
        /// It does not happen: the service refuses the call for now, or cannot be reached.
        OUTAGE,
        /// An object's body breaks off in the middle; any other response is complete.
        CUT,
        /// The process pauses before it; others act in the meantime.
        SLOW,
        /// The same, and in the meantime its execution is aborted, so that another one continues its job.
        OUTLIVED
    }
}
