package io.pairbatch.registry;

import java.util.Locale;

/// The state of a job (attribute `state` of the JOB item).
public enum JobState {
    WAITING_FOR_SPEC,
    SPLITTING,
    RUNNING,
    MERGING,
    DONE,
    WAITING_FOR_KEY,
    WAITING_FOR_DECISION,
    CANCELLING,
    CANCELLED,
    FAILED,
    REJECTED,
    /// Another job judges the same pairs in the same way; nothing of this one was sent.
    DUPLICATE,
    /// All of its data is being deleted; only the deletion itself continues.
    DELETING,
    /// A state that a newer version has written: shown to people, never acted on.
    UNKNOWN;

    /// More than 2% are too many.
    private static final long MOST_PERCENT = 2;

    /// Whether an execution should be working on a job in this state.
    public boolean active() {
        return this == SPLITTING || this == RUNNING || this == MERGING || this == CANCELLING;
    }

    /// Whether nothing more happens until a person acts. An unknown state counts as active.
    public boolean atRest() {
        return switch (this) {
            case DONE, WAITING_FOR_KEY, WAITING_FOR_DECISION, CANCELLED, FAILED, REJECTED, DUPLICATE, DELETING -> true;
            case WAITING_FOR_SPEC, SPLITTING, RUNNING, MERGING, CANCELLING, UNKNOWN -> false;
        };
    }

    /// Whether the job stopped before its end, and goes on once a person has acted.
    public boolean stopped() {
        return this == FAILED || this == WAITING_FOR_KEY || this == WAITING_FOR_DECISION;
    }

    /// The state as shown to people: `waiting for key`.
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// The same; of a job that is done also how it has gone, as far as its counts tell.
    ///
    /// @param judged comparisons with a winner
    /// @param lost comparisons without one
    public String words(long judged, long lost) {
        if (this != DONE) {
            return words();
        }
        if (judged == 0) {
            return "ended: nothing judged";
        }
        return tooMany(judged, lost) ? "done with losses" : words();
    }

    /// Whether more comparisons were lost than a job that is just done may lose.
    public static boolean tooMany(long judged, long lost) {
        return 100 * lost > MOST_PERCENT * (judged + lost);
    }
}
