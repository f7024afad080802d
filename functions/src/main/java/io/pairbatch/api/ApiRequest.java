package io.pairbatch.api;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request.
///
/// @param caller ARN of the identity that signed the request; null if it is unsigned
/// @param method in upper case
/// @param path decoded, with a leading slash
/// @param headers with names in lower case
/// @param body in full: Lambda accepts at most 6 MB
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
