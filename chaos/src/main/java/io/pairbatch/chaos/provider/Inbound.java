package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Fault.Spoiled;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A request as it reaches a provider.
///
/// @param path after the base URL's, decoded
/// @param fault what goes wrong with it at the provider
/// @param at when it is carried out
@SuppressWarnings("ArrayRecordComponent")
record Inbound(
        HttpRequest request, List<String> path, Map<String, String> query, byte[] body, Fault fault, Instant at) {

    /// A request without its body.
    static Inbound head(HttpRequest request, URI baseUrl, Instant at) {
        URI uri = request.uri();
        if (!baseUrl.getScheme().equals(uri.getScheme())
                || !baseUrl.getHost().equals(uri.getHost())
                || baseUrl.getPort() != uri.getPort()) {
            throw new IllegalStateException("sent to another host: " + uri);
        }
        String base = baseUrl.getRawPath();
        String path = uri.getRawPath();
        String rest = path.startsWith(base) ? path.substring(base.length()) : "/-outside" + path;
        return new Inbound(request, segments(rest), query(uri.getRawQuery()), new byte[0], Fault.NONE, at);
    }

    /// The same request with its body.
    Inbound with(byte[] content) {
        return new Inbound(request, path, query, content, fault, at);
    }

    /// The same request with a fault.
    Inbound with(Fault other) {
        return new Inbound(request, path, query, body, other, at);
    }

    /// The same request at another time.
    Inbound at(Instant time) {
        return new Inbound(request, path, query, body, fault, time);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        int from = path.startsWith("/") ? 1 : 0;
        while (from <= path.length()) {
            int to = path.indexOf('/', from);
            String segment = path.substring(from, to < 0 ? path.length() : to);
            segments.add(segment.indexOf('%') < 0 ? segment : decoded(segment.replace("+", "%2B")));
            from = to < 0 ? path.length() + 1 : to + 1;
        }
        return segments;
    }

    private static Map<String, String> query(@Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                parameters.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String method() {
        return request.method();
    }

    /// A segment of the path; empty if it does not exist.
    String segment(int index) {
        return index < path.size() ? path.get(index) : "";
    }

    /// A header's value; empty if there is none or more than one.
    String header(String name) {
        List<String> values = request.headers().allValues(name);
        return values.size() == 1 ? values.getFirst() : "";
    }

    /// Whether the content type is this one.
    boolean isOfType(String type) {
        String given = header("content-type");
        return given.equals(type) || given.startsWith(type + ";");
    }

    /// The body's object; null if it is not one.
    @Nullable
    JsonNode object() {
        JsonNode node = Json.read(body, 0, body.length);
        return node != null && node.isObject() ? node : null;
    }

    /// The damage to the lines of this download.
    List<Spoiled> spoils() {
        return fault instanceof Spoiled spoiled ? List.of(spoiled) : List.of();
    }
}
