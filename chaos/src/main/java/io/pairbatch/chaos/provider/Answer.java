package io.pairbatch.chaos.provider;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A provider's response.
@SuppressWarnings("ArrayRecordComponent")
record Answer(int status, Map<String, String> headers, byte[] body) {

    private static final Map<Integer, String> REASONS = Map.of(
            401, "Authorization Required",
            403, "Forbidden",
            404, "Not Found",
            502, "Bad Gateway",
            503, "Service Temporarily Unavailable",
            504, "Gateway Time-out");

    static Answer json(int status, byte[] body) {
        return new Answer(status, Map.of("content-type", "application/json"), body);
    }

    /// An error page of a gateway in front of the provider.
    static Answer gateway(int status) {
        String title = status + " " + REASONS.getOrDefault(status, "Error");
        String page = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title
                + "</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n";
        return new Answer(status, Map.of("content-type", "text/html"), page.getBytes(StandardCharsets.UTF_8));
    }

    /// Lines of results.
    static Answer lines(String text) {
        return new Answer(
                200, Map.of("content-type", "application/octet-stream"), text.getBytes(StandardCharsets.UTF_8));
    }
}
