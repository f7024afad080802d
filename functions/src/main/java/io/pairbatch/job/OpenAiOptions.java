package io.pairbatch.job;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The options of an OpenAI job as the user gave them (contract 4.1); null means not set. What is sent follows from
/// these and the model's family.
///
/// @param endpoint `chat.completions` or `responses`
/// @param requestIdPrefix the prefix of the `custom_id` column, default `EXP`
/// @param metadata the user's own metadata of the batch; sixteen entries at most less the ones we need
public record OpenAiOptions(
        @Nullable String endpoint,
        boolean includeThoughts,
        boolean includeRaw,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Boolean logprobs,
        @Nullable String reasoning,
        String requestIdPrefix,
        Map<String, String> metadata) {}
