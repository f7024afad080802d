package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.judge.Usage;
import tools.jackson.databind.node.ObjectNode;

/// The result of one request as the API writes it.
public record ResultLine(ObjectNode json, End end, Usage usage) {

    /// How the request ended.
    public enum End {
        SUCCEEDED,
        FAILED,
        /// Cancelled or expired before its turn.
        UNREACHED
    }
}
