package io.pairbatch.simulator.batch;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the service finds in a batch's requests before it works on them.
///
/// @param model as asked for, empty when the requests may differ
/// @param tokens estimated, of all prompts
/// @param errors why the batch fails as a whole, in the API's shape; null when it does not
public record Intake(
        String model, long requests, long tokens, @Nullable JsonNode errors) {}
