package io.pairbatch.provider.gemini;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/// As much of Gemini as a test of its client needs: answers that were laid ready, and resumable uploads that keep what
/// they get. Steps of an upload can be made to fail, one at a time.
final class GeminiServer implements AutoCloseable {

    /// What happens to one step of an upload.
    enum Fault {
        NONE,
        /// Half of the chunk comes, in whole steps of 256 KiB, then the connection breaks.
        HALF,
        /// The chunk comes, the answer is lost.
        NO_ANSWER,
        /// The chunk comes, a gateway answers 503.
        UNAVAILABLE,
        /// The chunk comes, but its finalizing is not heeded and the answer is lost.
        NOT_FINALIZED,
        /// The provider gives up what it has got but the first 256 KiB, and the connection breaks.
        SET_BACK,
        /// The provider says that it has got more than there is.
        TOO_MUCH,
        /// The upload is not known any more.
        FORGOTTEN
    }

    /// An answer that was laid ready.
    record Canned(int status, String body, Map<String, String> headers) {

        Canned(int status, String body) {
            this(status, body, Map.of());
        }
    }

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<String> keys = Collections.synchronizedList(new ArrayList<>());
    final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    final List<String> chunks = Collections.synchronizedList(new ArrayList<>());
    final Deque<Canned> canned = new ArrayDeque<>();
    final Deque<Fault> faults = new ArrayDeque<>();
    final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private final HttpServer server;
    private String uploadHost;
    private boolean isFinal;

    GeminiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.createContext("/upload/v1beta/files", this::upload);
        server.start();
        uploadHost = base().toString();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Names another host as the one to upload to.
    void uploadTo(String base) {
        uploadHost = base;
    }

    void willAnswer(int status, String body) {
        canned.add(new Canned(status, body));
    }

    private void answer(HttpExchange exchange) throws IOException {
        note(exchange);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Canned answer = canned.size() > 1 ? canned.remove() : canned.element();
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        reply(exchange, answer.status(), answer.body());
    }

    private void upload(HttpExchange exchange) throws IOException {
        String command = exchange.getRequestHeaders().getFirst("X-Goog-Upload-Command");
        switch (command) {
            case "start" -> {
                note(exchange);
                file.reset();
                isFinal = false;
                exchange.getResponseHeaders().set("X-Goog-Upload-URL", uploadHost + "/upload/v1beta/files?upload_id=u");
                exchange.getResponseHeaders().set("X-Goog-Upload-Status", "active");
                reply(exchange, 200, "");
            }
            case "query" -> {
                chunks.add("query");
                exchange.getResponseHeaders().set("X-Goog-Upload-Size-Received", Integer.toString(file.size()));
                status(exchange);
            }
            default -> chunk(exchange, command);
        }
    }

    private void chunk(HttpExchange exchange, String command) throws IOException {
        long offset = Long.parseLong(exchange.getRequestHeaders().getFirst("X-Goog-Upload-Offset"));
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        chunks.add(command + " " + offset + "+" + length);
        if (offset != file.size()) {
            reply(
                    exchange,
                    400,
                    "{\"error\": {\"code\": 400, \"message\": \"offset\", \"status\": \"INVALID_ARGUMENT\"}}");
            return;
        }
        Fault fault = faults.isEmpty() ? Fault.NONE : faults.remove();
        if (fault == Fault.FORGOTTEN) {
            reply(exchange, 404, "{\"error\": {\"code\": 404, \"message\": \"no upload\", \"status\": \"NOT_FOUND\"}}");
            return;
        }
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        if (fault == Fault.HALF) {
            file.write(bytes, 0, bytes.length / 2 / (256 << 10) * (256 << 10));
            throw new IOException("broken off");
        }
        if (fault == Fault.SET_BACK) {
            byte[] kept = Arrays.copyOf(file.toByteArray(), 256 << 10);
            file.reset();
            file.write(kept);
            throw new IOException("set back");
        }
        file.write(bytes);
        if (fault == Fault.NOT_FINALIZED || fault == Fault.TOO_MUCH) {
            file.write(new byte[fault == Fault.TOO_MUCH ? 1 : 0]);
            throw new IOException("not finalized");
        }
        isFinal = command.endsWith("finalize");
        switch (fault) {
            case NO_ANSWER -> throw new IOException("no answer");
            case UNAVAILABLE -> reply(exchange, 503, "try again");
            default -> status(exchange);
        }
    }

    private void status(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("X-Goog-Upload-Status", isFinal ? "final" : "active");
        reply(exchange, 200, isFinal ? "{\"file\": {\"name\": \"files/abc\", \"state\": \"PROCESSING\"}}" : "");
    }

    private void note(HttpExchange exchange) {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        keys.add(exchange.getRequestHeaders().getFirst("x-goog-api-key"));
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
