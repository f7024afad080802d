package io.pairbatch.chaos;

import java.time.Duration;

/// What becomes of one effect on the world outside.
///
/// @param duration how long [Kind#SLOW] takes; zero otherwise
record Fate(Kind kind, Duration duration) {

    static final Fate PLAIN = new Fate(Kind.PLAIN);

    Fate(Kind kind) {
        this(kind, Duration.ZERO);
    }

    enum Kind {
        /// It happens, and is answered.
        PLAIN,
        /// The process dies before it.
        DIE_BEFORE,
        /// It happens, and the process dies before it sees the answer.
        DIE_AFTER,
        /// The process dies before it, and its execution ends without a word.
        LEFT_BEFORE,
        /// It happens, the process dies before it sees the answer, and its execution is aborted.
        LEFT_AFTER,
        /// It happens, and its answer is lost.
        ANSWER_LOST,
        /// It happens, its answer is lost below us, and the SDK repeats it.
        REPEATED,
        /// It does not happen: the service refuses the call for now, or cannot be reached.
        OUTAGE,
        /// The body of an object breaks off in its middle; anything else is answered well.
        CUT,
        /// The process stands still before it; others act meanwhile.
        SLOW,
        /// The same, and meanwhile its execution is aborted, so that another one goes on with its job.
        OUTLIVED
    }
}
