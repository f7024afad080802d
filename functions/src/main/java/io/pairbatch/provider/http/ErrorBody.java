package io.pairbatch.provider.http;

import io.pairbatch.provider.RefusedException.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How one provider words its errors.
public interface ErrorBody {

    /// What an error body says.
    ///
    /// @param code the provider's code, type or status word
    record Said(@Nullable String code, String message) {}

    /// The error in this JSON, or null when the body is not in the provider's own words.
    @Nullable
    Said read(JsonNode body);

    /// What the refusal means. What is not in the provider's own words says nothing of a key, a batch or a file.
    ///
    /// @param said null when the body is not in the provider's own words
    Kind kind(int status, @Nullable Said said);
}
