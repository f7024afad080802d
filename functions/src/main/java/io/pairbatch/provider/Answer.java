package io.pairbatch.provider;

import org.jspecify.annotations.Nullable;

/// One line of a provider's output or error file, read as contract section 6 says; null is R's NA.
///
/// @param customId the id on the wire, as it came back
/// @param errorMessage the message that the contract reads, and only that one
/// @param providerError what the contract does not read: an error text or type nested elsewhere
/// @param finishReason finish, stop or incompleteness reason
/// @param refusal the model's refusal text
public record Answer(
        @Nullable String customId,
        @Nullable String model,
        @Nullable String objectType,
        @Nullable Integer statusCode,
        @Nullable String resultType,
        @Nullable String errorMessage,
        @Nullable String thoughts,
        @Nullable String content,
        @Nullable Long promptTokens,
        @Nullable Long completionTokens,
        @Nullable Long totalTokens,
        @Nullable Long promptCachedTokens,
        @Nullable Long reasoningTokens,
        @Nullable String providerError,
        @Nullable String finishReason,
        @Nullable String refusal) {}
