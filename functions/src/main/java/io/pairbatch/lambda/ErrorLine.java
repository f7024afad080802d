package io.pairbatch.lambda;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a log line says about an exception. Its message may quote its input; its class and stack trace do not.
final class ErrorLine {

    private ErrorLine() {}

    /// Adds `error` and `cause`, the names of classes, and `at`, the last frames in our own code.
    ///
    /// @return the line
    static ObjectNode put(ObjectNode line, Throwable e) {
        @Nullable Throwable cause = e.getCause();
        return line.put("error", e.getClass().getName())
                .put("cause", cause == null ? "" : cause.getClass().getName())
                .put(
                        "at",
                        Arrays.stream(e.getStackTrace())
                                .map(StackTraceElement::toString)
                                .filter(frame -> frame.contains("io.pairbatch"))
                                .limit(5)
                                .collect(Collectors.joining(" < ")));
    }
}
