package io.pairbatch.api;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request.
///
/// @param caller ARN of the identity that signed it; null when nobody did
/// @param method in capitals
/// @param path decoded, with a leading slash
/// @param headers names in lower case
/// @param body whole: Lambda takes 6 MB at most
public record ApiRequest(
        @Nullable String caller,
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        String body) {

    /// A header's value.
    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }
}
