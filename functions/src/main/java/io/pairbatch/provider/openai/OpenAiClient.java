package io.pairbatch.provider.openai;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's Files and Batches APIs (https://platform.openai.com/docs/api-reference/batch). Only answers of a bounded
/// size
/// are read whole: objects of a few KB, and error bodies, of which 64 KiB are read at most.
public final class OpenAiClient implements BatchProvider {

    private static final int PAGE = 100;
    /// Newest first is observed, not documented: a list that is out of order by more than this is read to its end.
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private static final int MAX_OBJECT = 4 * 1024 * 1024;
    private static final int MAX_ERROR = 64 * 1024;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(8);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final HttpClient http;
    private final String baseUrl;
    private final String key;
    private final int attempts;
    private final JsonMapper json;

    /// A client that makes each safe call up to `attempts` times (`openai_max_retries`).
    public OpenAiClient(URI baseUrl, String key, int attempts, JsonMapper json) {
        this.http = newHttp();
        this.baseUrl = baseUrl.toString().replaceAll("/+$", "");
        this.key = key;
        this.attempts = attempts;
        this.json = json;
    }

    /// HTTP/1.1 only: over HTTP/2 the JDK may repeat a request on a new connection.
    private static HttpClient newHttp() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public String upload(String fileName, long bytes, Body body) throws RefusedException {
        String boundary =
                "pairbatch-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--"
                        + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/jsonl\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        HttpRequest request = request("/files", UPLOAD_TIMEOUT)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> concatenated(head, body, tail)),
                        head.length + bytes + tail.length))
                .build();
        return id(object(repeated(request)));
    }

    private static InputStream concatenated(byte[] head, Body body, byte[] tail) {
        try {
            return new SequenceInputStream(java.util.Collections.enumeration(
                    List.of(new ByteArrayInputStream(head), body.open(), new ByteArrayInputStream(tail))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CreateOutcome create(NewBatch batch, Duration timeout) {
        ObjectNode body = json.createObjectNode();
        body.put("input_file_id", batch.fileId());
        body.put("endpoint", batch.endpoint());
        body.put("completion_window", "24h");
        ObjectNode metadata = body.putObject("metadata");
        batch.metadata().forEach(metadata::put);
        HttpRequest request = request("/batches", timeout)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(body)))
                .build();
        // The one request that costs money: sent once, whatever comes back, and on a connection of its own, since one
        // from the pool may be dead already and would look like a lost answer.
        try (HttpClient own = newHttp();
                Exchange exchange = send(own, request)) {
            int status = exchange.status();
            if (status / 100 == 2) {
                return new CreateOutcome.Created(id(exchange.object()));
            }
            RefusedException refused = refusal(status, exchange.errorBody());
            boolean definite = OpenAiErrors.isDefinite(status) && OpenAiErrors.hasError(exchange.errorBody(), json);
            return definite
                    ? new CreateOutcome.Refused(refused, exchange.retryAfter())
                    : new CreateOutcome.InDoubt(refused.describe());
        } catch (IOException | JacksonException | IllegalStateException e) {
            return new CreateOutcome.InDoubt(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public BatchStatus retrieve(String batchId) throws RefusedException {
        try {
            return OpenAiBatches.status(object(repeated(get("/batches/" + encode(batchId)))));
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.NOT_FOUND) {
                return OpenAiBatches.gone(batchId);
            }
            throw inOwnWords(e);
        }
    }

    /// A gateway that has lost its way answers 404 too; only the provider's own body says that something is not there.
    private static RefusedException inOwnWords(RefusedException e) {
        if (e.status() == 404 && e.kind() != RefusedException.Kind.NOT_FOUND) {
            throw new RetryableException("something between us and the provider answered 404", e);
        }
        return e;
    }

    @Override
    public void list(Instant since, BatchVisitor visitor) throws RefusedException {
        String after = null;
        Instant oldest = Instant.MAX;
        boolean newestFirst = true;
        while (true) {
            String path = "/batches?limit=" + PAGE + (after == null ? "" : "&after=" + encode(after));
            JsonNode page = object(repeated(get(path)));
            BatchStatus last = null;
            for (JsonNode node : entries(page)) {
                last = entry(node);
                newestFirst &= oldest.equals(Instant.MAX) || !last.createdAt().isAfter(oldest.plus(DISORDER));
                oldest = last.createdAt().isBefore(oldest) ? last.createdAt() : oldest;
                if (!last.createdAt().isBefore(since) && !visitor.visit(last)) {
                    return;
                }
            }
            if (last == null
                    || !hasMore(page)
                    || (newestFirst && last.createdAt().isBefore(since))) {
                return;
            }
            if (last.id().equals(after)) {
                throw new RetryableException("the provider's list gives the same page again", null);
            }
            after = last.id();
        }
    }

    /// What is no list proves nothing absent.
    private static JsonNode entries(JsonNode page) {
        if (!page.path("data").isArray()) {
            throw new RetryableException("the provider's list of batches is none", null);
        }
        return page.path("data");
    }

    private static BatchStatus entry(JsonNode node) {
        BatchStatus batch = OpenAiBatches.status(node);
        if (batch.id().isEmpty() || batch.createdAt().equals(Instant.EPOCH)) {
            throw new RetryableException("the provider's list has a batch without an id or a time", null);
        }
        return batch;
    }

    private static boolean hasMore(JsonNode page) {
        return page.path("has_more").asBoolean(page.path("data").size() >= PAGE);
    }

    @Override
    public InputStream download(String fileId) throws RefusedException {
        try {
            return repeated(get("/files/" + encode(fileId) + "/content")).stream();
        } catch (RefusedException e) {
            throw inOwnWords(e);
        }
    }

    private HttpRequest get(String path) {
        return request(path, READ_TIMEOUT).GET().build();
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + key);
    }

    /// Sends a request that is safe to repeat, with pauses that grow and scatter.
    private Exchange repeated(HttpRequest request) throws RefusedException {
        for (int attempt = 1; ; attempt++) {
            Duration pause;
            String trouble;
            try {
                Exchange exchange = send(http, request);
                if (exchange.status() / 100 == 2) {
                    return exchange;
                }
                try (exchange) {
                    RefusedException refused = refusal(exchange.status(), exchange.errorBody());
                    if (!OpenAiErrors.isTransient(exchange.status(), refused)) {
                        throw refused;
                    }
                    trouble = refused.describe();
                    pause = exchange.retryAfter();
                }
            } catch (IOException e) {
                trouble = e.getClass().getSimpleName() + " " + e.getMessage();
                pause = Duration.ZERO;
            }
            if (attempt >= attempts || pause.compareTo(LONGEST_PAUSE) > 0) {
                throw new RetryableException(
                        "the provider did not serve " + request.uri().getPath() + ": " + trouble, null);
            }
            sleep(pause.compareTo(Duration.ZERO) > 0 ? pause : scattered(attempt));
        }
    }

    private static Duration scattered(int attempt) {
        long ceiling = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt, 6));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("interrupted while waiting for the provider", e);
        }
    }

    private Exchange send(HttpClient client, HttpRequest request) throws IOException {
        try {
            return new Exchange(client.send(request, BodyHandlers.ofInputStream()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static JsonNode object(Exchange exchange) {
        try (exchange) {
            return exchange.object();
        } catch (IOException | JacksonException e) {
            throw new RetryableException("the provider's answer broke off or is no JSON", e);
        }
    }

    private static String id(JsonNode object) {
        String id = object.path("id").asString("");
        if (id.isEmpty()) {
            throw new IllegalStateException("the provider's answer has no id");
        }
        return id;
    }

    private RefusedException refusal(int status, byte[] body) {
        return OpenAiErrors.read(status, body, json);
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /// One answer; closing it lets the connection go.
    private final class Exchange implements AutoCloseable {

        private final HttpResponse<InputStream> response;
        private byte @Nullable [] error;

        Exchange(HttpResponse<InputStream> response) {
            this.response = response;
        }

        int status() {
            return response.statusCode();
        }

        Duration retryAfter() {
            return OpenAiErrors.retryAfter(response.headers());
        }

        JsonNode object() throws IOException {
            byte[] body = stream().readNBytes(MAX_OBJECT);
            return json.readTree(body);
        }

        byte[] errorBody() throws IOException {
            if (error == null) {
                error = stream().readNBytes(MAX_ERROR);
            }
            return error;
        }

        InputStream stream() {
            return new IdleTimeoutStream(response.body(), READ_TIMEOUT);
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }
}
