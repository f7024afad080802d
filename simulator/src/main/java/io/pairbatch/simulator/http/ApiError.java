package io.pairbatch.simulator.http;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An error response in the format of one API.
public interface ApiError {

    int status();

    String message();

    /// The response body.
    ///
    /// @param requestId for the APIs that repeat it in the body
    ObjectNode body(String requestId);

    /// Seconds for the `Retry-After` header.
    default @Nullable String retryAfter() {
        return null;
    }

    default RefusedException refused() {
        return new RefusedException(this);
    }
}
