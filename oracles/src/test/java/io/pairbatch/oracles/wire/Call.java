package io.pairbatch.oracles.wire;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One recorded request.
///
/// @param path as it was written, without the query
/// @param headers by lower-case name, without those that only describe the framing of the body
/// @param body its bytes, one per character
record Call(String method, String path, Map<String, String> query, Map<String, String> headers, String body) {

    static final JsonMapper JSON = new JsonMapper();

    /// Larger than any request in these tests.
    private static final int MOST_BYTES = 32 << 20;

    /// One field of a form.
    record Part(Map<String, String> headers, String content) {}

    static Call of(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES);
        if (body.length == MOST_BYTES) {
            throw new IOException("a request of " + MOST_BYTES + " bytes or more");
        }
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        headers.remove("host");
        boolean chunked = headers.remove("transfer-encoding") != null;
        headers.remove("content-length");
        if (body.length > 0) {
            headers.put("(body)", chunked ? "chunked" : "of a stated length");
        }
        return new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                query(exchange.getRequestURI().getRawQuery()),
                headers,
                new String(body, StandardCharsets.ISO_8859_1));
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new TreeMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                String[] sides = pair.split("=", 2);
                query.put(sides[0], URLDecoder.decode(sides.length < 2 ? "" : sides[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    /// For example `POST /v1/files`.
    String line() {
        return method + " " + path;
    }

    String contentType() {
        return headers.getOrDefault("content-type", "");
    }

    JsonNode json() {
        return JSON.readTree(body.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// The fields of a form by name, in order.
    Map<String, Part> parts() {
        String boundary = contentType().replaceFirst(".*boundary=\"?([^\";]+).*", "$1");
        String form = "\r\n" + body;
        Map<String, Part> parts = new LinkedHashMap<>();
        for (String piece : form.split(Pattern.quote("\r\n--" + boundary), -1)) {
            if (piece.startsWith("\r\n")) {
                Part part = part(piece.substring(2));
                String disposition = part.headers().getOrDefault("content-disposition", "");
                parts.put(disposition.replaceFirst(".*; name=\"([^\"]*)\".*", "$1"), part);
            }
        }
        return parts;
    }

    private static Part part(String text) {
        int end = text.indexOf("\r\n\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (String header : text.substring(0, end).split("\r\n", -1)) {
            String[] sides = header.split(": *", 2);
            headers.put(sides[0].toLowerCase(Locale.ROOT), sides[1]);
        }
        return new Part(headers, text.substring(end + 4));
    }
}
