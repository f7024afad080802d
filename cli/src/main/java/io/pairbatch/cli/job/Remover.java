package io.pairbatch.cli.job;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The function of the stack that removes jobs. A failure that may pass is an
/// [io.pairbatch.cli.fault.OutageException].
public interface Remover extends AutoCloseable {

    /// Calls the function once.
    JsonNode call(ObjectNode event);

    @Override
    default void close() {}
}
