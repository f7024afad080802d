package io.pairbatch.provider;

import org.jspecify.annotations.Nullable;

/// One line of a provider's output or error file, read as contract 6 says; null is NA.
///
/// @param customId the id on the wire, as it came back
/// @param errorMessage the message that pairwiseLLM reads, and only that one
/// @param thoughtSignature Gemini's
/// @param providerError an error text or type that is nested elsewhere
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
        @Nullable String thoughtSignature,
        @Nullable String content,
        Tokens tokens,
        @Nullable String providerError,
        @Nullable String finishReason,
        @Nullable String refusal) {

    /// The same answer with other texts of the model.
    Answer with(@Nullable String otherThoughts, String otherContent) {
        return new Answer(
                customId,
                model,
                objectType,
                statusCode,
                resultType,
                errorMessage,
                otherThoughts,
                thoughtSignature,
                otherContent,
                tokens,
                providerError,
                finishReason,
                refusal);
    }

    /// What the provider counted.
    ///
    /// @param prompt input as the provider counts it: with OpenAI and Gemini cached tokens are among these, with
    /// Anthropic they are not
    /// @param completion output as the provider counts it: with Gemini without the thoughts
    /// @param cached input read from a cache
    /// @param cacheCreation input written to a cache (Anthropic)
    /// @param reasoning tokens of thinking, where they are counted apart
    public record Tokens(
            @Nullable Long prompt,
            @Nullable Long completion,
            @Nullable Long total,
            @Nullable Long cached,
            @Nullable Long cacheCreation,
            @Nullable Long reasoning) {

        public static final Tokens NONE = new Tokens(null, null, null, null, null, null);
    }
}
