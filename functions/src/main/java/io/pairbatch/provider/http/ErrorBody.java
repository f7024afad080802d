package io.pairbatch.provider.http;

import io.pairbatch.provider.RefusedException.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How one provider words its errors.
public interface ErrorBody {

    /// What an error body says.
    ///
    /// @param code the provider's code, type or status word; null when there is none
    record Said(@Nullable String code, String message) {

        public Said {
            code = "".equals(code) ? null : code;
        }
    }

    /// The error in this JSON, or null when the body is not in the provider's own words.
    @Nullable
    Said read(JsonNode body);

    /// What a refusal in the provider's own words means.
    Kind ownKind(int status, Said said);

    /// What a refusal means. What is not in the provider's own words says nothing of a key, a batch or a file.
    ///
    /// @param said null when the body is not in the provider's own words
    default Kind kind(int status, @Nullable Said said) {
        if (said == null) {
            return status == 429 ? Kind.LATER : Kind.REQUEST;
        }
        return ownKind(status, said);
    }
}
