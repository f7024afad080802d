package io.pairbatch.simulator.batch;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the validation finds in a batch's requests.
///
/// @param model as requested, empty if the requests may have different ones
/// @param tokens estimated tokens of all prompts
/// @param errors why the batch fails as a whole, in the API's format; null if it does not
public record Intake(
        String model, long requests, long tokens, @Nullable JsonNode errors) {}
