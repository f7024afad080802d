package io.pairbatch.oracles.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// A provider that records its requests and returns predefined responses.
final class RecordingServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Function<Call, Answer>> answers = new ConcurrentHashMap<>();
    private final List<Call> calls = new ArrayList<>();

    /// A response; with no status, the connection is dropped instead.
    record Answer(int status, Map<String, String> headers, String body) {

        static Answer json(String body) {
            return new Answer(200, Map.of("Content-Type", "application/json"), body);
        }

        static Answer dropped() {
            return new Answer(0, Map.of(), "");
        }
    }

    /// What a client does.
    @FunctionalInterface
    interface Action {

        void run() throws Exception;
    }

    RecordingServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Answers requests such as `POST /v1/files`.
    void on(String line, Function<Call, Answer> answer) {
        answers.put(line, answer);
    }

    void on(String line, String json) {
        on(line, call -> Answer.json(json));
    }

    /// The requests that arrived while `action` ran, in order.
    List<Call> during(Action action) throws Exception {
        synchronized (calls) {
            calls.clear();
        }
        action.run();
        return seen();
    }

    /// The requests since the last action started.
    List<Call> seen() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        Call call = Call.of(exchange);
        synchronized (calls) {
            calls.add(call);
        }
        Answer answer = answers.getOrDefault(
                        call.line(),
                        unknown -> new Answer(404, Map.of(), "no response is defined for " + unknown.line()))
                .apply(call);
        if (answer.status() == 0) {
            throw new IOException("dropped");
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
