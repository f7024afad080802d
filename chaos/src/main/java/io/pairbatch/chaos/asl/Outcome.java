package io.pairbatch.chaos.asl;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How an execution ended.
public sealed interface Outcome {

    /// It succeeded.
    ///
    /// @param output the last state's
    record Succeeded(JsonNode output) implements Outcome {}

    /// It ended with an error that was not caught.
    ///
    /// @param error its name, such as `States.Runtime` or the one set by a Fail state
    /// @param text its human-readable part, `cause` in AWS's responses; a timeout has none
    record Failed(String error, @Nullable String text) implements Outcome {}
}
