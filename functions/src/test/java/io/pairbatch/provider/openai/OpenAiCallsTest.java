package io.pairbatch.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.NewBatch;
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
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What goes to OpenAI over the wire.
class OpenAiCallsTest {

    private record Reply(int status, String body) {}

    private static final JsonMapper JSON = new JsonMapper();

    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final List<Map<String, List<String>>> headers = new ArrayList<>();
    private HttpServer server;
    private URI base;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        headers.add(Map.copyOf(exchange.getRequestHeaders()));
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Reply reply = replies.size() == 1 ? replies.getFirst() : replies.removeFirst();
        byte[] bytes = reply.body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Retry-After", "0.01");
        exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void answer(int status, String body) {
        replies.add(new Reply(status, body));
    }

    private OpenAiClient client(int attempts) {
        return new OpenAiClient(OpenAiService.of(OpenAiService.OPENAI), base, "sk-test", attempts);
    }

    @Test
    void aFileIsUploadedAsOneFormOfKnownLength() throws Exception {
        answer(200, "{\"id\": \"file-1\", \"object\": \"file\"}");
        assertThat(client(1).upload("batch_01_input.jsonl", 7, () -> stream("{\"a\":1}")))
                .isEqualTo("file-1");
        assertThat(asked).containsExactly("POST /v1/files");
        Map<String, List<String>> sent = headers.getFirst();
        assertThat(sent.get("Authorization")).containsExactly("Bearer sk-test");
        assertThat(sent).doesNotContainKey("Transfer-encoding");
        String type = String.join("", sent.getOrDefault("Content-type", List.of()));
        assertThat(type).startsWith("multipart/form-data; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        assertThat(bodies.getFirst())
                .isEqualTo(String.join(
                        "\r\n",
                        "--" + boundary,
                        "Content-Disposition: form-data; name=\"expires_after[anchor]\"",
                        "",
                        "created_at",
                        "--" + boundary,
                        "Content-Disposition: form-data; name=\"expires_after[seconds]\"",
                        "",
                        "604800",
                        "--" + boundary,
                        "Content-Disposition: form-data; name=\"purpose\"",
                        "",
                        "batch",
                        "--" + boundary,
                        "Content-Disposition: form-data; name=\"file\"; filename=\"batch_01_input.jsonl\"",
                        "Content-Type: application/jsonl",
                        "",
                        "{\"a\":1}",
                        "--" + boundary + "--",
                        ""));
    }

    @Test
    void anUploadThatMayPassIsSentAgainFromItsStart() throws Exception {
        answer(503, "");
        answer(200, "{\"id\": \"file-1\"}");
        AtomicInteger opened = new AtomicInteger();
        String id = client(2).upload("f", 7, () -> {
            opened.incrementAndGet();
            return stream("{\"a\":1}");
        });
        assertThat(id).isEqualTo("file-1");
        assertThat(opened).hasValue(2);
        assertThat(bodies.getLast()).isEqualTo(bodies.getFirst()).contains("{\"a\":1}");
    }

    @Test
    void aFileWithoutAnIdIsNoUpload() {
        answer(200, "{}");
        assertThatThrownBy(() -> client(1).upload("f", 0, InputStream::nullInputStream))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFileThatCannotBeReadIsAnOutage() {
        answer(200, "{\"id\": \"file-1\"}");
        assertThatThrownBy(() -> client(1).upload("f", 5, () -> {
                    throw new IOException("gone");
                }))
                .isInstanceOf(RetryableException.class);
    }

    @Test
    void aFileThatIsStillUsedOutlivesItsBatchsDayWithADayToSpare() {
        // It is kept for 604,800 s; a batch has 24 hours.
        assertThat(client(1).fileLife()).isBetween(Duration.ofDays(3), Duration.ofDays(7 - 2));
        assertThat(client(1).takesFiles()).isTrue();
        assertThat(client(1).evidence()).isEqualTo(BatchProvider.Evidence.TOKEN);
        assertThat(client(1).createTimeout(1)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aCreateNamesFileEndpointWindowAndToken() {
        answer(200, "{\"id\": \"batch_1\", \"status\": \"validating\"}");
        NewBatch batch = new NewBatch(
                "file-1",
                "gpt-4.1",
                "/v1/responses",
                Map.of(BatchProvider.TOKEN, "t-1"),
                1,
                1,
                InputStream::nullInputStream);
        assertThat(client(3).create(batch, Duration.ofSeconds(5))).isEqualTo(new CreateOutcome.Created("batch_1"));
        assertThat(asked).containsExactly("POST /v1/batches");
        assertThat(headers.getFirst().get("Content-type")).containsExactly("application/json");
        assertThat(JSON.readTree(bodies.getFirst())).isEqualTo(JSON.readTree("""
                {"input_file_id": "file-1", "endpoint": "/v1/responses", "completion_window": "24h",
                 "output_expires_after": {"anchor": "created_at", "seconds": 2592000},
                 "metadata": {"pairbatch_submission": "t-1"}}"""));
    }

    @Test
    void aBatchIsReadByItsId() throws Exception {
        answer(200, "{\"id\": \"batch/1\", \"status\": \"completed\", \"output_file_id\": \"file-out\"}");
        assertThat(client(1).retrieve("batch/1").outputFileId()).isEqualTo("file-out");
        assertThat(asked).containsExactly("GET /v1/batches/batch%2F1");
    }

    @Test
    void aRefusedKeyIsNotABatchThatIsGone() {
        answer(401, "{\"error\": {\"message\": \"no\", \"code\": \"invalid_api_key\"}}");
        assertThatThrownBy(() -> client(3).retrieve("b"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY));
        assertThat(asked).hasSize(1);
    }

    @Test
    void theContentOfAFileIsAStream() throws Exception {
        answer(200, "{\"custom_id\": \"a-1\"}\n");
        try (InputStream in = client(1).download("file-1")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"custom_id\": \"a-1\"}\n");
        }
        assertThat(asked).containsExactly("GET /v1/files/file-1/content");
    }

    @Test
    void aGatewayThatHasLostItsWayDoesNotTakeAFileAway() {
        answer(404, "no route");
        assertThatThrownBy(() -> client(1).download("f")).isInstanceOf(RetryableException.class);
        replies.clear();
        answer(404, "{\"error\": {\"message\": \"No such File object\", \"code\": null}}");
        assertThatThrownBy(() -> client(1).download("f"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void aListIsReadPageByPageAsFarAsItGoesBack() throws Exception {
        answer(200, page(true, entry("d", 400), entry("c", 300)));
        answer(200, page(true, entry("b", 200), entry("a", 100)));
        List<String> seen = new ArrayList<>();
        client(1).list(Instant.ofEpochSecond(200), batch -> seen.add(batch.id()));
        assertThat(seen).containsExactly("d", "c", "b");
        assertThat(asked).containsExactly("GET /v1/batches?limit=100", "GET /v1/batches?limit=100&after=c");
    }

    @Test
    void aListOutOfOrderIsReadToItsEnd() throws Exception {
        answer(200, page(true, entry("old", 100), entry("new", 300)));
        answer(200, page(true, entry("older", 50)));
        answer(200, page(false, entry("newer", 400)));
        List<String> seen = new ArrayList<>();
        client(1).list(Instant.ofEpochSecond(200), batch -> seen.add(batch.id()));
        assertThat(seen).containsExactly("new", "newer");
    }

    @Test
    void aVisitorThatHasSeenEnoughIsShownNoMore() throws Exception {
        answer(200, page(true, entry("b", 200), entry("a", 100)));
        List<String> seen = new ArrayList<>();
        client(1).list(Instant.EPOCH, batch -> {
            seen.add(batch.id());
            return false;
        });
        assertThat(seen).containsExactly("b");
        assertThat(asked).hasSize(1);
    }

    @Test
    void theSamePageAgainIsAnOutage() {
        answer(200, page(true, entry("b", 200), entry("a", 100)));
        assertThatThrownBy(() -> client(1).list(Instant.EPOCH, batch -> true)).isInstanceOf(RetryableException.class);
        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100})
    void aListThatDoesNotSayWhetherThereIsMoreHasMoreAfterAFullPage(int entries) throws Exception {
        List<String> full = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            full.add(entry("b" + i, 1000 - i));
        }
        answer(200, "{\"data\": [" + String.join(",", full) + "]}");
        answer(200, "{\"data\": []}");
        List<String> seen = new ArrayList<>();
        client(1).list(Instant.EPOCH, batch -> seen.add(batch.id()));
        assertThat(seen).hasSize(entries);
        assertThat(asked).hasSize(entries == 100 ? 2 : 1);
    }

    private static String page(boolean more, String... entries) {
        return "{\"object\": \"list\", \"data\": [" + String.join(",", entries) + "], \"has_more\": " + more + "}";
    }

    private static String entry(String id, long seconds) {
        return "{\"id\": \"" + id + "\", \"status\": \"in_progress\", \"created_at\": " + seconds + "}";
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
