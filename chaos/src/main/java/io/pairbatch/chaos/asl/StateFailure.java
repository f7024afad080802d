package io.pairbatch.chaos.asl;

import org.jspecify.annotations.Nullable;

/// A state ended with an error; `Retry` and `Catch` match against it.
final class StateFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final String RUNTIME = "States.Runtime";
    static final String TIMEOUT = "States.Timeout";
    static final String TASK_FAILED = "States.TaskFailed";
    static final String ALL = "States.ALL";
    static final String QUERY = "States.QueryEvaluationError";
    static final String TOO_LARGE = "States.DataLimitExceeded";

    private final String error;
    private final @Nullable String text;
    private final boolean placed;

    /// @param placed whether the text is complete; otherwise the state still has to be named in it
    private StateFailure(String error, @Nullable String text, boolean placed) {
        super(text == null ? error : error + ": " + text, null, false, false);
        this.error = error;
        this.text = text;
        this.placed = placed;
    }

    /// An error that the interpreter itself finds.
    static StateFailure found(String error, String text) {
        return new StateFailure(error, text, false);
    }

    /// An error whose text comes from elsewhere: a task, a Fail state, the end of the history.
    static StateFailure given(String error, @Nullable String text) {
        return new StateFailure(error, text, true);
    }

    static StateFailure query(String text) {
        return found(QUERY, text);
    }

    /// An expression returned a value of a type that its field does not accept.
    static StateFailure type(String field, String expected, @Nullable Object value) {
        return query("The JSONata expression specified for the field '" + field
                + "' returned an unexpected result type. Expected '" + expected + "', but was '" + Values.type(value)
                + "'.");
    }

    /// Whether the text already names the state in which it happened, if it should.
    boolean isPlaced() {
        return placed;
    }

    /// @param entered the number of the event by which the state was entered
    StateFailure in(String state, int entered) {
        return given(
                error,
                "An error occurred while executing the state '" + state + "' (entered at the event id #" + entered
                        + "). " + text);
    }

    String error() {
        return error;
    }

    /// The human-readable part, `Cause` in the error output; a timeout has none.
    @Nullable
    String text() {
        return text;
    }

    /// Whether the execution ends at once, regardless of `Retry` and `Catch`.
    boolean endsExecution() {
        return error.equals(RUNTIME);
    }
}
