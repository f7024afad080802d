package io.pairbatch.cli.job;

/// A job's state in the registry.
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
    DELETING,
    /// A state that a newer stack has and this command does not know; the job is taken to be at work.
    UNKNOWN;

    static JobState of(String name) {
        for (JobState state : values()) {
            if (state.name().equals(name)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /// Whether nothing more happens until somebody does something.
    public boolean atRest() {
        return switch (this) {
            case DONE, WAITING_FOR_KEY, WAITING_FOR_DECISION, CANCELLED, FAILED, REJECTED, DELETING -> true;
            case WAITING_FOR_SPEC, SPLITTING, RUNNING, MERGING, CANCELLING, UNKNOWN -> false;
        };
    }

    /// The state as a user reads it: `waiting for key`.
    public String words() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
