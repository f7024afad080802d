package io.pairbatch.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What is asked of OpenAI on the wire, and what its answers are taken for (contract 5 and 5.1).
class OpenAiWireTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String LINES = "{\"custom_id\":\"a-1\"}\n{\"custom_id\":\"ü-2\"}\n";
    private static final String BATCH = "{\"id\": \"batch_1\", \"status\": \"in_progress\", \"created_at\": 1}";

    private record Reply(int status, String body, Map<String, String> headers) {}

    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final List<Map<String, List<String>>> headers = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean silent;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        headers.add(Map.copyOf(exchange.getRequestHeaders()));
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (silent) {
            awaitEnd();
        }
        Reply reply = replies.size() == 1 ? replies.getFirst() : replies.removeFirst();
        byte[] bytes = reply.body.getBytes(StandardCharsets.UTF_8);
        reply.headers.forEach(exchange.getResponseHeaders()::add);
        exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void awaitEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(int status, String body) {
        replies.add(new Reply(status, body, Map.of()));
    }

    private void error(int status, String code) {
        answer(status, "{\"error\": {\"message\": \"no\", \"type\": \"t\", \"code\": \"" + code + "\"}}");
    }

    private OpenAiClient client(int attempts) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        return new OpenAiClient(OpenAiService.of(OpenAiService.OPENAI), base, "the-key", attempts);
    }

    private static NewBatch batch() {
        byte[] bytes = LINES.getBytes(StandardCharsets.UTF_8);
        return new NewBatch(
                "file_1",
                "gpt-4.1",
                "/v1/responses",
                Map.of("study", "7"),
                2,
                bytes.length,
                () -> new ByteArrayInputStream(bytes));
    }

    @Test
    void everyCallCarriesTheKey() throws Exception {
        answer(200, BATCH);
        client(1).retrieve("batch_1");
        client(1).create(batch(), TIMEOUT);
        client(1).upload("f", 1, () -> new ByteArrayInputStream(new byte[1]));
        client(1).download("f").close();
        assertThat(headers)
                .hasSize(4)
                .allSatisfy(sent -> assertThat(sent.get("Authorization")).containsExactly("Bearer the-key"));
    }

    @Test
    void aFileIsUploadedForABatch() throws Exception {
        answer(200, "{\"id\": \"file_1\"}");
        byte[] bytes = LINES.getBytes(StandardCharsets.UTF_8);
        String id = client(1).upload("batch_01_input.jsonl", bytes.length, () -> new ByteArrayInputStream(bytes));
        assertThat(id).isEqualTo("file_1");
        assertThat(asked).containsExactly("POST /v1/files");
        assertThat(headers.getFirst().get("Content-type"))
                .singleElement()
                .satisfies(type -> assertThat(type).startsWith("multipart/form-data; boundary="));
        assertThat(bodies.getFirst())
                .contains("name=\"purpose\"\r\n\r\nbatch\r\n")
                .contains("name=\"file\"; filename=\"batch_01_input.jsonl\"")
                .contains("\r\n\r\n" + LINES + "\r\n--");
    }

    @Test
    void aBatchIsCreatedFromAFile() {
        answer(200, BATCH);
        assertThat(client(1).create(batch(), TIMEOUT)).isEqualTo(new CreateOutcome.Created("batch_1"));
        assertThat(asked).containsExactly("POST /v1/batches");
        assertThat(new JsonMapper().readTree(bodies.getFirst())).isEqualTo(new JsonMapper().readTree("""
                        {"input_file_id": "file_1", "endpoint": "/v1/responses", "completion_window": "24h",
                         "output_expires_after": {"anchor": "created_at", "seconds": 2592000},
                         "metadata": {"study": "7"}}"""));
    }

    @ParameterizedTest
    @CsvSource({
        "completed, COMPLETED",
        "failed, FAILED",
        "cancelled, CANCELLED",
        "expired, EXPIRED",
        "validating, RUNNING",
        "in_progress, RUNNING",
        "finalizing, RUNNING",
        "cancelling, RUNNING",
        "dreaming, RUNNING",
        "'', RUNNING"
    })
    void everyStatusHasItsState(String word, BatchState state) throws Exception {
        answer(200, "{\"id\": \"batch_1\", \"status\": \"" + word + "\"}");
        assertThat(client(1).retrieve("batch_1").state()).isEqualTo(state);
        assertThat(asked).containsExactly("GET /v1/batches/batch_1");
    }

    @Test
    void aFileIsReadFromItsContent() throws Exception {
        answer(200, LINES);
        try (InputStream in = client(1).download("file_2")) {
            assertThat(in).hasContent(LINES);
        }
        assertThat(asked).containsExactly("GET /v1/files/file_2/content");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request, REQUEST",
        "401, invalid_api_key, KEY",
        "403, no_permission, KEY",
        "404, not_found, NOT_FOUND",
        "413, too_large, REQUEST",
        "422, unprocessable, REQUEST",
        "429, rate_limit_exceeded, LATER",
        "429, insufficient_quota, KEY"
    })
    void aRefusalInItsOwnWordsMeansThatThereIsNoBatch(int status, String code, Kind kind) {
        error(status, code);
        assertThat(client(3).create(batch(), TIMEOUT))
                .isInstanceOfSatisfying(
                        CreateOutcome.Refused.class,
                        refused -> assertThat(refused.reason().kind()).isEqualTo(kind));
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 500, 502, 503, 504, 529})
    void whatMayHaveHappenedAllTheSameIsInDoubtAndNeverRepeated(int status) {
        error(status, "server_error");
        assertThat(client(3).create(batch(), TIMEOUT)).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void anAnswerThatDoesNotComeInTimeLeavesTheCreateInDoubt() {
        silent = true;
        assertThat(client(3).create(batch(), Duration.ofSeconds(3))).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 429, 500, 502, 503, 504, 529})
    void whatPassesIsReadAgain(int status) throws Exception {
        error(status, "server_error");
        answer(200, BATCH);
        assertThat(client(2).retrieve("batch_1").id()).isEqualTo("batch_1");
        assertThat(asked).hasSize(2);
    }

    @Test
    void attemptsAreCounted() {
        error(500, "server_error");
        assertThatThrownBy(() -> client(2).retrieve("batch_1")).isInstanceOf(RetryableException.class);
        assertThat(asked).hasSize(2);
        error(400, "invalid_request");
        replies.removeFirst();
        assertThatThrownBy(() -> client(2).retrieve("batch_1")).isInstanceOf(RefusedException.class);
        assertThat(asked).as("a refusal is final").hasSize(3);
    }

    @Test
    void aReadIsRepeatedAfterTheTimeThatTheProviderAsksFor() throws Exception {
        replies.add(new Reply(429, "{\"error\": {\"code\": \"rate_limit_exceeded\"}}", Map.of("Retry-After", "1")));
        answer(200, BATCH);
        long start = System.nanoTime();
        client(2).retrieve("batch_1");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
}
