package io.pairbatch.simulator.judge;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the judge decides and how often it fails.
///
/// @param qualities JSONL file of `{text, quality}`; qualities are in units of the logistic scale
/// @param noise scale of the logistic noise
/// @param positionBias added to the quality of the text at position 1
/// @param flipRate share of answers that name the other text than the pair's own winner, drawn for each request
/// @param habits of the models that judge badly, by name
public record JudgeSettings(
        @Nullable Path qualities,
        double noise,
        double positionBias,
        double missingTagRate,
        double errorRate,
        double flipRate,
        Map<String, Habit> habits) {

    public JudgeSettings {
        habits = Map.copyOf(habits);
    }
}
