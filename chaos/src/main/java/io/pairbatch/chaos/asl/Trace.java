package io.pairbatch.chaos.asl;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Is told what an execution does. [Execution#variables] may be asked in any of these methods.
public interface Trace {

    Trace NONE = new Trace() {};

    /// A state is entered, also one inside a Map.
    default void entered(Execution execution, String state) {}

    /// A task's call has answered.
    default void answered(Execution execution, String state, JsonNode result) {}

    /// A state has failed; told for each attempt.
    default void failed(Execution execution, String state, String error, @Nullable String text) {}

    /// A failed state is tried again after a pause.
    default void retrying(Execution execution, String state, Duration pause) {}

    /// A failure is caught.
    default void caught(Execution execution, String state, String error, String next) {}
}
