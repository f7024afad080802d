package io.pairbatch.simulator.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One HTTP request and its response.
public final class Exchange {

    private static final int LONGEST_JSON = 1 << 20;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

    private final HttpExchange http;
    private final HttpApi api;
    private final String requestId = "req_" + UUID.randomUUID().toString().replace("-", "");

    public Exchange(HttpExchange http, HttpApi api) {
        this.http = http;
        this.api = api;
    }

    /// The base URL that the caller used: `http://127.0.0.1:8080`.
    public String origin() {
        return (http instanceof HttpsExchange ? "https://" : "http://") + header("Host");
    }

    /// The API that answers.
    HttpApi api() {
        return api;
    }

    /// The request ID in the response headers.
    String requestId() {
        return requestId;
    }

    public String method() {
        return http.getRequestMethod();
    }

    /// The path's segments, without the empty first one.
    public List<String> path() {
        return List.of(http.getRequestURI().getPath().substring(1).split("/", -1));
    }

    public InputStream body() {
        return http.getRequestBody();
    }

    public String header(String name) {
        String value = http.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    public Map<String, String> query() {
        Map<String, String> query = new TreeMap<>();
        String raw = http.getRequestURI().getQuery();
        if (raw != null) {
            for (String item : List.of(raw.split("&", -1))) {
                int equals = item.indexOf('=');
                if (equals > 0) {
                    query.put(item.substring(0, equals), item.substring(equals + 1));
                }
            }
        }
        return query;
    }

    /// Sets a response header.
    public void header(String name, String value) {
        http.getResponseHeaders().set(name, value);
    }

    /// The body as JSON, at most 1 MB.
    public JsonNode json() throws IOException {
        return json(LONGEST_JSON);
    }

    /// The body as JSON, at most `most` bytes; a longer one is not valid.
    public JsonNode json(int most) throws IOException {
        byte[] bytes = http.getRequestBody().readNBytes(most);
        try {
            JsonNode json = Json.MAPPER.readTree(bytes);
            if (json.isObject() || json.isArray()) {
                return json;
            }
        } catch (JacksonException e) {
            // Refused below, like any other invalid body.
        }
        throw api.notJson().refused();
    }

    /// Reads the rest of the body, so that the caller gets to read the response.
    public void drain() throws IOException {
        http.getRequestBody().transferTo(OutputStream.nullOutputStream());
    }

    public void reply(int status, JsonNode body) throws IOException {
        drain();
        byte[] bytes = (Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(body) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        head(status, "application/json", bytes.length);
        http.getResponseBody().write(bytes);
    }

    public void replyEmpty(int status) throws IOException {
        drain();
        api.headers(requestId).forEach(http.getResponseHeaders()::set);
        http.sendResponseHeaders(status, -1);
    }

    public void reply(ApiError error, @Nullable String retryAfter) throws IOException {
        if (retryAfter != null) {
            http.getResponseHeaders().set("Retry-After", retryAfter);
        }
        reply(error.status(), error.body(requestId));
    }

    /// Streams a file, or the range that a `Range` header requests.
    ///
    /// @param cut the share of the bytes after which the connection breaks, 1 to send all
    public void reply(Path file, String contentType, double cut) throws IOException {
        long size = Files.size(file);
        long from = 0;
        long to = size;
        Matcher range = RANGE.matcher(header("Range"));
        boolean partial = range.matches() && range.group().length() > "bytes=-".length();
        if (partial) {
            String first = range.group(1);
            String last = range.group(2);
            from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
            to = first.isEmpty() || last.isEmpty() ? size : Math.min(size, Long.parseLong(last) + 1);
            if (from >= to) {
                http.getResponseHeaders().set("Content-Range", "bytes */" + size);
                reply(api.outage(416, null, null), null);
                return;
            }
            http.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
        }
        http.getResponseHeaders().set("Accept-Ranges", "bytes");
        head(partial ? 206 : 200, contentType, to - from);
        send(file, from, cut < 1 ? (long) ((to - from) * cut) : to - from);
    }

    private void send(Path file, long from, long length) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            byte[] buffer = new byte[1 << 16];
            long left = length;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                http.getResponseBody().write(buffer, 0, read);
                left -= read;
            }
            if (length > 0) {
                http.getResponseBody().flush();
            }
        }
    }

    private void head(int status, String contentType, long length) throws IOException {
        Headers headers = http.getResponseHeaders();
        headers.set("Content-Type", contentType);
        api.headers(requestId).forEach(headers::set);
        http.sendResponseHeaders(status, length == 0 ? -1 : length);
    }
}
