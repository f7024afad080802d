package io.pairbatch.cli.job;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A function of the stack that a command calls. A failure that may pass is
/// an [io.pairbatch.cli.fault.OutageException].
public interface StackFunction extends AutoCloseable {

    /// Calls the function once.
    JsonNode call(ObjectNode event);

    @Override
    default void close() {}
}
