package io.pairbatch.chaos.asl;

import org.jspecify.annotations.Nullable;

/// A state's call ended with an error: from the resource, or because it took longer than the state allows.
public final class TaskFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final String error;
    private final @Nullable String text;

    /// @param error the error's name, which `Retry` and `Catch` compare, such as `Lambda.ServiceException`
    /// @param text its human-readable part, `Cause` in the state machine; null if AWS gives none
    public TaskFailed(String error, @Nullable String text) {
        super(text == null ? error : error + ": " + text, null, false, false);
        this.error = error;
        this.text = text;
    }

    /// A call that took longer than the state's `TimeoutSeconds`.
    public static TaskFailed timeout() {
        return new TaskFailed(StateFailure.TIMEOUT, null);
    }

    public String error() {
        return error;
    }

    public @Nullable String text() {
        return text;
    }
}
