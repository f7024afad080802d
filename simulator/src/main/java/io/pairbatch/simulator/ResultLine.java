package io.pairbatch.simulator;

import tools.jackson.databind.node.ObjectNode;

/// What an API writes about one request.
record ResultLine(ObjectNode json, End end, Usage usage) {
    /// What became of the request.
    enum End {
        SUCCEEDED,
        FAILED,
        /// Cancelled or expired before its turn.
        UNREACHED
    }
}
