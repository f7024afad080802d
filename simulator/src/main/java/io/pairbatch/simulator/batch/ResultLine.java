package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.judge.Usage;
import tools.jackson.databind.node.ObjectNode;

/// What an API writes about one request.
public record ResultLine(ObjectNode json, End end, Usage usage) {
    /// What became of the request.
    public enum End {
        SUCCEEDED,
        FAILED,
        /// Cancelled or expired before its turn.
        UNREACHED
    }
}
