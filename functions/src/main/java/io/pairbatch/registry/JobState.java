package io.pairbatch.registry;

import java.util.Locale;

/// Where a job stands (attribute `state` of the JOB item).
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
    /// Everything of it is being removed; only the deletion itself goes on with it.
    DELETING,
    /// One that a newer version has written: shown to people, never acted on.
    UNKNOWN;

    /// Whether an execution should be working on a job in this state.
    public boolean active() {
        return this == SPLITTING || this == RUNNING || this == MERGING || this == CANCELLING;
    }

    /// Whether nothing more happens until somebody does something. A state that is not known is taken for work.
    public boolean atRest() {
        return switch (this) {
            case DONE, WAITING_FOR_KEY, WAITING_FOR_DECISION, CANCELLED, FAILED, REJECTED, DELETING -> true;
            case WAITING_FOR_SPEC, SPLITTING, RUNNING, MERGING, CANCELLING, UNKNOWN -> false;
        };
    }

    /// The state as people read it: `waiting for key`.
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
