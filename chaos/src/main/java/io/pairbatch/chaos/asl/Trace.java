package io.pairbatch.chaos.asl;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Receives the events of an execution. [Execution#variables] may be called in any of these methods.
public interface Trace {

    Trace NONE = new Trace() {};

    /// A state is entered, including those inside a Map.
    default void entered(Execution execution, String state) {}

    /// A state has gone one of its ways: `Next`, `End`, `Default`, or a numbered one such as `Choices[0]`, `Retry[1]`,
    /// `Retry[1] exhausted` or `Catch[0]`.
    default void took(Execution execution, String state, String way) {}

    /// A task's call has returned.
    default void answered(Execution execution, String state, JsonNode result) {}

    /// A state has failed; called for each attempt.
    default void failed(Execution execution, String state, String error, @Nullable String text) {}

    /// A failed state is retried after a pause.
    default void retrying(Execution execution, String state, Duration pause) {}

    /// A failure is caught.
    default void caught(Execution execution, String state, String error, String next) {}
}
