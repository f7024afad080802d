package io.pairbatch.provider.http;

import io.pairbatch.time.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// The JDK's client, over HTTP/1.1 only: over HTTP/2 it may repeat a request on a new connection.
final class JdkTransport implements Transport {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

    private final Trust trust;
    private final HttpClient pooled;

    JdkTransport(Trust trust) {
        this.trust = trust;
        this.pooled = client();
    }

    private HttpClient client() {
        return trust.of(HttpClient.newBuilder())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public Reply send(HttpRequest request, Connection connection, Deadline end) throws IOException {
        if (connection == Connection.POOLED) {
            HttpResponse<InputStream> response = send(pooled, request);
            return reply(response, response.body(), end);
        }
        HttpClient own = client();
        HttpResponse<InputStream> response;
        try {
            response = send(own, request);
        } catch (IOException | RuntimeException e) {
            own.shutdownNow();
            throw e;
        }
        return reply(response, new Last(response.body(), own), end);
    }

    private static Reply reply(HttpResponse<InputStream> response, InputStream body, Deadline end) {
        return new Reply(response.statusCode(), response.headers(), new IdleTimeoutStream(body, IDLE_TIMEOUT, end));
    }

    private static HttpResponse<InputStream> send(HttpClient client, HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The only body that comes over a client's connections.
    private static final class Last extends FilterInputStream {

        private final HttpClient client;

        Last(InputStream body, HttpClient client) {
            super(body);
            this.client = client;
        }

        @Override
        public void close() throws IOException {
            super.close();
            client.shutdownNow();
        }
    }
}
