package io.pairbatch.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is asked of Anthropic, and what its answers are taken for.
class AnthropicClientTest {

    private static final Instant SINCE = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String LINES =
            "{\"custom_id\":\"a-1\",\"params\":{}}\n{\"custom_id\":\"a-2\",\"params\":{}}\n";

    private record Reply(int status, String body, Map<String, String> headers) {}

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
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
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
        reply.headers.forEach(exchange.getResponseHeaders()::add);
        exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void answer(int status, String body) {
        replies.add(new Reply(status, body, Map.of()));
    }

    private void error(int status, String type) {
        answer(status, "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"no\"}}");
    }

    private AnthropicClient client(int attempts) {
        return new AnthropicClient(base, "the-key", "2023-06-01", attempts);
    }

    private static NewBatch batch(BatchProvider.Body body, long bytes) {
        return new NewBatch("", "claude-sonnet-4-5", "", Map.of("x", "y"), 2, bytes, body);
    }

    private static NewBatch batch() {
        byte[] bytes = LINES.getBytes(StandardCharsets.UTF_8);
        return batch(() -> new ByteArrayInputStream(bytes), bytes.length);
    }

    @Test
    void theLinesBecomeOneBodyOfKnownLength() {
        answer(200, "{\"id\":\"msgbatch_1\",\"type\":\"message_batch\"}");
        assertThat(client(1).create(batch(), TIMEOUT)).isEqualTo(new CreateOutcome.Created("msgbatch_1"));
        assertThat(asked).containsExactly("POST /v1/messages/batches");
        assertThat(bodies)
                .containsExactly(
                        "{\"requests\":[{\"custom_id\":\"a-1\",\"params\":{}},{\"custom_id\":\"a-2\",\"params\":{}}]}");
        Map<String, List<String>> sent = headers.getFirst();
        assertThat(sent.get("X-api-key")).containsExactly("the-key");
        assertThat(sent.get("Anthropic-version")).containsExactly("2023-06-01");
        assertThat(sent.get("Content-type")).containsExactly("application/json");
        assertThat(sent.get("Content-length"))
                .containsExactly(String.valueOf(bodies.getFirst().length()));
        assertThat(sent).doesNotContainKey("Transfer-encoding");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, REQUEST",
        "401, authentication_error, KEY",
        "402, billing_error, KEY",
        "403, permission_error, KEY",
        "404, not_found_error, NOT_FOUND",
        "413, request_too_large, REQUEST",
        "422, invalid_request_error, REQUEST",
        "429, rate_limit_error, LATER"
    })
    void aRefusalInItsOwnWordsMeansThatThereIsNoBatch(int status, String type, Kind kind) {
        replies.add(new Reply(
                status,
                "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"no\"}}",
                Map.of("retry-after", "7")));
        assertThat(client(5).create(batch(), TIMEOUT)).isInstanceOfSatisfying(CreateOutcome.Refused.class, refused -> {
            assertThat(refused.reason().kind()).isEqualTo(kind);
            assertThat(refused.reason().describe()).isEqualTo("HTTP " + status + " " + type + ": no");
            assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        });
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "500, api_error",
        "502, api_error",
        "503, api_error",
        "504, timeout_error",
        "529, overloaded_error",
        "408, timeout_error",
        "409, conflict_error"
    })
    void whatMayHaveHappenedAllTheSameIsInDoubtAndNeverRepeated(int status, String type) {
        error(status, type);
        assertThat(client(5).create(batch(), TIMEOUT)).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"200, {}", "200, ''", "201, not JSON", "400, <html>", "403, {\"message\":\"gateway\"}", "429, ''"})
    void anAnswerThatIsNotItsOwnLeavesACreateInDoubt(int status, String body) {
        answer(status, body);
        assertThat(client(5).create(batch(), TIMEOUT)).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void anAccountWithoutCreditIsAMatterOfTheKey() {
        answer(400, """
                {"type":"error","error":{"type":"invalid_request_error","message":\
                "Your credit balance is too low to access the Anthropic API."}}""");
        assertThat(client(1).create(batch(), TIMEOUT))
                .isInstanceOfSatisfying(
                        CreateOutcome.Refused.class,
                        refused -> assertThat(refused.reason().kind()).isEqualTo(Kind.KEY));
    }

    @Test
    void requestsThatCannotBeReadAreNotSent() {
        NewBatch unreadable = batch(
                () -> {
                    throw new IOException("gone");
                },
                10);
        assertNotSent(client(1).create(unreadable, TIMEOUT));
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 1, 1000})
    void aFileOfAnotherLengthIsNotSentWhole(int more) {
        byte[] bytes = LINES.getBytes(StandardCharsets.UTF_8);
        assertNotSent(client(1).create(batch(() -> new ByteArrayInputStream(bytes), bytes.length + more), TIMEOUT));
        assertThat(bodies).isEmpty();
    }

    @Test
    void aConnectionThatBreaksBeforeTheWholeBodyIsSentMeansThatThereIsNoBatch() throws Exception {
        long bytes = 64 << 20;
        try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> readAndHangUp(rude, 1000));
            base = URI.create("http://127.0.0.1:" + rude.getLocalPort());
            assertNotSent(client(1).create(batch(() -> new RequestsBodyTest.Lines(bytes), bytes), TIMEOUT));
        }
    }

    @Test
    void aConnectionThatBreaksAfterTheBodyLeavesTheCreateInDoubt() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> readAndHangUp(rude, LINES.length()));
            base = URI.create("http://127.0.0.1:" + rude.getLocalPort());
            assertThat(client(1).create(batch(), TIMEOUT)).isInstanceOf(CreateOutcome.InDoubt.class);
        }
    }

    @Test
    void anAnswerThatDoesNotComeInTimeLeavesTheCreateInDoubt() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            base = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            assertThat(client(1).create(batch(), Duration.ofSeconds(3))).isInstanceOf(CreateOutcome.InDoubt.class);
        }
    }

    @Test
    void aCreateMayTakeAsLongAsItsBodyNeeds() {
        assertThat(client(1).createTimeout(1000)).isEqualTo(Duration.ofSeconds(30));
        assertThat(client(1).createTimeout(253_440_000)).isEqualTo(Duration.ofSeconds(283));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in_progress | RUNNING | ",
                "canceling | RUNNING | ",
                "ended | COMPLETED | msgbatch_1",
                "errored | FAILED | ",
                "canceled | CANCELLED | ",
                "expired | EXPIRED | ",
                "a_new_word | RUNNING | "
            })
    void everyStatusHasItsState(String word, BatchState state, String output) throws Exception {
        answer(200, "{\"id\":\"msgbatch_1\",\"processing_status\":\"" + word + "\",\"results_url\":null}");
        BatchStatus status = client(1).retrieve("msgbatch_1");
        assertThat(asked).containsExactly("GET /v1/messages/batches/msgbatch_1");
        assertThat(status.state()).isEqualTo(state);
        assertThat(status.status()).isEqualTo(word);
        assertThat(status.outputFileId()).isEqualTo(output);
        assertThat(status.errorFileId()).isNull();
    }

    @Test
    void countsAddUpToTheNumberOfRequests() throws Exception {
        answer(200, """
                {"id":"b","processing_status":"ended","created_at":"2026-11-22T10:00:00.123456+02:00",\
                "results_url":"https://elsewhere.example/x","archived_at":null,"request_counts":\
                {"processing":1,"succeeded":20,"errored":300,"canceled":4000,"expired":50000}}""");
        BatchStatus status = client(1).retrieve("b");
        assertThat(status.total()).isEqualTo(54_321);
        assertThat(status.completed()).isEqualTo(20);
        assertThat(status.failed()).isEqualTo(54_300);
        assertThat(status.outputFileId()).isEqualTo("b");
        assertThat(status.createdAt()).isEqualTo(Instant.parse("2026-11-22T08:00:00.123456Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"b\",\"processing_status\":\"in_progress\"}",
                "{\"id\":\"b\",\"request_counts\":null,\"created_at\":null}",
                "{\"id\":\"b\",\"request_counts\":{\"processing\":null,\"succeeded\":\"x\",\"errored\":-3}}",
                "{\"id\":\"b\",\"request_counts\":[],\"created_at\":\"yesterday\",\"archived_at\":\"\"}",
                "{}",
                "[]"
            })
    void whatIsMissingOrOfAnotherKindIsNoReasonToEndABatch(String body) throws Exception {
        answer(200, body);
        BatchStatus status = client(1).retrieve("b");
        assertThat(status.state()).isEqualTo(BatchState.RUNNING);
        assertThat(status.total()).isZero();
    }

    @Test
    void countsMayBeTextsAndTimesNumbers() throws Exception {
        answer(200, "{\"id\":\"b\",\"created_at\":1000,\"request_counts\":{\"processing\":\"7\"}}");
        BatchStatus status = client(1).retrieve("b");
        assertThat(status.total()).isEqualTo(7);
        assertThat(status.createdAt()).isEqualTo(Instant.ofEpochSecond(1000));
    }

    @Test
    void archivedResultsAreAFailureOfTheBatch() throws Exception {
        answer(200, """
                {"id":"b","processing_status":"ended","results_url":null,"archived_at":"2026-10-01T00:00:00Z"}""");
        BatchStatus status = client(1).retrieve("b");
        assertThat(status.state()).isEqualTo(BatchState.FAILED);
        assertThat(status.outputFileId()).isNull();
        assertThat(status.errorMessage()).contains("no longer keeps");
    }

    @Test
    void aBatchIsGoneOnlyInTheProvidersOwnWords() throws Exception {
        answer(404, "<html>no route</html>");
        assertThatThrownBy(() -> client(1).retrieve("b")).isInstanceOf(RetryableException.class);
        replies.clear();
        error(404, "not_found_error");
        assertThat(client(1).retrieve("b").state()).isEqualTo(BatchState.GONE);
    }

    @Test
    void aReadIsRepeatedAfterTheTimeThatTheProviderAsksFor() throws Exception {
        error(529, "overloaded_error");
        replies.add(new Reply(
                429,
                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"no\"}}",
                Map.of("retry-after", "1")));
        answer(200, "{\"id\":\"b\",\"processing_status\":\"ended\"}");
        long start = System.nanoTime();
        assertThat(client(3).retrieve("b").state()).isEqualTo(BatchState.COMPLETED);
        assertThat(asked).hasSize(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void aKeyThatIsRefusedIsNotAskedTwice() {
        error(401, "authentication_error");
        assertThatThrownBy(() -> client(3).retrieve("b"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aListIsReadPageByPage() throws Exception {
        answer(
                200,
                "{\"data\":[" + entry("c", 3000) + "," + entry("b", 2000) + "],\"has_more\":true,\"last_id\":\"b\"}");
        answer(200, "{\"data\":[" + entry("a", 1000) + "],\"has_more\":false}");
        List<String> seen = new ArrayList<>();
        client(1).list(Instant.EPOCH, batch -> seen.add(batch.id()));
        assertThat(seen).containsExactly("c", "b", "a");
        assertThat(asked)
                .containsExactly("GET /v1/messages/batches?limit=100", "GET /v1/messages/batches?limit=100&after_id=b");
    }

    @Test
    void aListIsReadNoFurtherThanAsked() throws Exception {
        answer(200, "{\"data\":[" + entry("c", 3000) + "," + entry("b", 2000) + "],\"has_more\":true}");
        List<String> seen = new ArrayList<>();
        client(1).list(Instant.ofEpochSecond(2500), batch -> seen.add(batch.id()));
        assertThat(seen).containsExactly("c");
        client(1).list(Instant.EPOCH, batch -> false);
        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"data\":null,\"has_more\":false}",
                "{\"data\":[],\"has_more\":true}",
                "{\"data\":[{\"id\":\"b\"}],\"has_more\":false}",
                "{\"data\":[{\"created_at\":\"2026-11-22T10:00:00Z\"}],\"has_more\":false}",
                "{\"data\":[{\"id\":\"b\",\"created_at\":\"2026-11-22T10:00:00Z\"}],\"has_more\":true}"
            })
    void anAnswerThatIsNoWholeListIsAnOutageNotAnEmptyList(String page) {
        answer(200, page);
        assertThatThrownBy(() -> client(1).list(SINCE, batch -> true)).isInstanceOf(RetryableException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100})
    void aListThatDoesNotSayWhetherThereIsMoreHasMoreAfterAFullPage(int entries) throws Exception {
        String full = IntStream.range(0, entries)
                .mapToObj(i -> entry("b" + i, 1000 - i))
                .collect(Collectors.joining(",", "{\"data\":[", "]}"));
        answer(200, full);
        answer(200, "{\"data\":[]}");
        client(1).list(Instant.EPOCH, batch -> true);
        assertThat(asked).hasSize(entries == 100 ? 2 : 1);
    }

    @Test
    void anEmptyListIsAList() throws Exception {
        answer(200, "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
        client(1).list(SINCE, batch -> {
            throw new AssertionError("nothing is there");
        });
        assertThat(asked).hasSize(1);
    }

    @Test
    void resultsAreFetchedFromWhereTheKeyBelongs() throws Exception {
        answer(200, "{\"custom_id\":\"a-1\"}\n");
        try (InputStream in = client(1).download("msgbatch_1/../x")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"custom_id\":\"a-1\"}\n");
        }
        assertThat(asked).containsExactly("GET /v1/messages/batches/msgbatch_1%2F..%2Fx/results");
        assertThat(headers.getFirst().get("X-api-key")).containsExactly("the-key");
    }

    @Test
    void resultsThatAreNotThereAreRefused() {
        error(404, "not_found_error");
        assertThatThrownBy(() -> client(1).download("b"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void nothingButRequestIdsTellsItsBatchesApart() {
        assertThat(client(1).takesFiles()).isFalse();
        assertThat(client(1).evidence()).isEqualTo(BatchProvider.Evidence.REQUEST_IDS);
        assertThatThrownBy(() -> client(1).upload("f", 1, InputStream::nullInputStream))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static void assertNotSent(CreateOutcome outcome) {
        assertThat(outcome).isInstanceOfSatisfying(CreateOutcome.Refused.class, refused -> {
            assertThat(refused.reason().kind()).isEqualTo(Kind.LATER);
            assertThat(refused.reason().describe()).contains("not_sent");
        });
    }

    private static String entry(String id, long seconds) {
        return "{\"id\":\"" + id + "\",\"processing_status\":\"ended\",\"created_at\":\""
                + Instant.ofEpochSecond(seconds) + "\"}";
    }

    /// Reads a request's head and so much of its body, and closes the connection.
    private static void readAndHangUp(ServerSocket server, int bodyBytes) {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            in.readNBytes(bodyBytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
