package io.pairbatch.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The function that has jobs go on, and records what people decide about them. The command line asks it in the same
/// words.
@FunctionalInterface
public interface Reviver {

    /// Asks it.
    ///
    /// @return `outcome`: `started`, `noted`, `shown`, or `refused` with `code`, `message` and `remedy`
    JsonNode call(ObjectNode event);
}
