package io.pairbatch.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What is asked again, how soon, and what is never asked twice.
@Timeout(60)
class ProviderHttpTest {

    private record Reply(int status, String body, Map<String, String> headers) {}

    /// `{"no": "word"}` is this provider's error; `key` is about the key.
    private static final ErrorBody WORDS = new ErrorBody() {
        @Override
        public @Nullable Said read(JsonNode body) {
            String word = body.path("no").asString("");
            return word.isEmpty() ? null : new Said(word, body.path("why").asString(""));
        }

        @Override
        public Kind ownKind(int status, Said said) {
            if ("key".equals(said.code())) {
                return Kind.KEY;
            }
            return status == 404 ? Kind.NOT_FOUND : Kind.REQUEST;
        }
    };

    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<Map<String, List<String>>> headers = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + exchange.getProtocol());
        headers.add(Map.copyOf(exchange.getRequestHeaders()));
        exchange.getRequestBody().readAllBytes();
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

    private URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private ProviderHttp http(int attempts) {
        return new ProviderHttp(
                URI.create(base() + "/v1//"),
                Map.of("X-Key", "secret"),
                attempts,
                WORDS,
                Network.trusting(Trust.USUAL));
    }

    private static HttpRequest.Builder post(ProviderHttp http) {
        return http.request("/things", Duration.ofSeconds(10)).POST(BodyPublishers.ofString("{}"));
    }

    private static CreateOutcome create(ProviderHttp http) {
        return http.create(post(http).build(), answer -> answer.path("id").asString(""));
    }

    @Test
    void pathsGoBelowTheBaseWithTheKeyOverHttp11() throws Exception {
        answer(200, "{\"a\": 1}");
        assertThat(http(1).get("/b?c=d")).isEqualTo(ProviderHttp.JSON.readTree("{\"a\": 1}"));
        assertThat(asked).containsExactly("GET /v1/b?c=d HTTP/1.1");
        assertThat(headers.getFirst().get("X-key")).containsExactly("secret");
        assertThat(ProviderHttp.encode("a/b c?d&e")).isEqualTo("a%2Fb+c%3Fd%26e");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 425, 429, 500, 502, 503, 529})
    void whatMayPassIsAskedAgainAsOftenAsAllowed(int status) throws Exception {
        replies.add(new Reply(status, "{\"no\": \"busy\"}", Map.of("Retry-After", "0.01")));
        answer(200, "{\"a\": 1}");
        assertThat(http(2).get("/x").path("a").asInt()).isEqualTo(1);
        assertThat(asked).hasSize(2);
        replies.clear();
        answer(status, "{\"no\": \"busy\", \"why\": \"later\"}");
        assertThatThrownBy(() -> http(1).get("/x"))
                .isInstanceOf(RetryableException.class)
                .hasMessage("the provider did not serve /v1/x: HTTP " + status + " busy: later");
        assertThat(asked).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 302, 400, 401, 403, 404, 410, 413, 422, 499})
    void aRefusalIsNotAskedAgain(int status) {
        replies.add(new Reply(status, "{\"no\": \"never\"}", Map.of("Location", base() + "/elsewhere")));
        assertThatThrownBy(() -> http(3).get("/x")).isInstanceOfSatisfying(RefusedException.class, e -> {
            assertThat(e.status()).isEqualTo(status);
            assertThat(e.describe()).startsWith("HTTP " + status + " never: ");
        });
        assertThat(asked).as("not even where it points to").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 404, 407})
    void aGatewaysRefusalIsAnOutage(int status) throws Exception {
        answer(status, "<html>who are you</html>");
        answer(200, "{\"a\": 1}");
        assertThat(http(2).get("/x").path("a").asInt()).isEqualTo(1);
        replies.clear();
        answer(status, "<html>who are you</html>");
        assertThatThrownBy(() -> http(1).get("/x"))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("HTTP " + status + ": <html>who are you</html>");
    }

    @Test
    void anErrorAboutTheKeyIsFinalWhateverItsStatus() {
        answer(429, "{\"no\": \"key\"}");
        assertThatThrownBy(() -> http(3).get("/x"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRequestThatItsSenderRepeatsIsSentOnce() {
        answer(503, "");
        ProviderHttp http = http(5);
        assertThatThrownBy(() -> http.once(post(http).build())).isInstanceOf(RetryableException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aWishToWaitIsGranted() throws Exception {
        replies.add(new Reply(503, "", Map.of("Retry-After", "1.2")));
        answer(200, "{}");
        long start = System.nanoTime();
        http(2).get("/x");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(1200), Duration.ofSeconds(15));
    }

    @Test
    void aWishToWaitForLongEndsTheCallAtOnce() {
        replies.add(new Reply(503, "", Map.of("Retry-After", "31")));
        long start = System.nanoTime();
        assertThatThrownBy(() -> http(5).get("/x")).isInstanceOf(RetryableException.class);
        assertThat(asked).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @CsvSource({"1,1000", "2,2000", "3,4000", "5,16000", "6,30000", "7,30000", "64,30000", "1000,30000"})
    void pausesGrowToHalfAMinuteAndNoFurther(int failures, long millis) {
        assertThat(ProviderHttp.longestPause(failures)).isEqualTo(millis);
    }

    @Test
    void pausesAreScattered() {
        List<Duration> pauses = new ArrayList<>();
        Network network =
                new Network((request, connection, end) -> fail("nothing is sent"), pauses::add, new Random(1));
        ProviderHttp http = new ProviderHttp(URI.create("http://127.0.0.1:1"), Map.of(), 1, WORDS, network);
        for (int i = 0; i < 6; i++) {
            http.pause(1, "why");
        }
        assertThat(pauses).doesNotHaveDuplicates().allMatch(p -> p.toMillis() <= ProviderHttp.longestPause(1));
    }

    @Test
    void anInterruptedWaitEndsTheCallAndStaysInterrupted() {
        replies.add(new Reply(503, "", Map.of("Retry-After", "20")));
        Thread self = Thread.currentThread();
        Thread.ofVirtual().start(() -> {
            while (asked.isEmpty() || self.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            self.interrupt();
        });
        long start = System.nanoTime();
        assertThatThrownBy(() -> http(3).get("/x")).isInstanceOf(RetryableException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aThreadThatIsInterruptedSendsNothingMore() {
        answer(200, "{\"id\": \"b\"}");
        Thread.currentThread().interrupt();
        CreateOutcome outcome = create(http(3));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome).isEqualTo(new CreateOutcome.InDoubt("interrupted"));
    }

    @Test
    void aConnectionThatCannotBeMadeIsAnOutage() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        ProviderHttp http = new ProviderHttp(
                URI.create("http://127.0.0.1:" + nobody), Map.of(), 1, WORDS, Network.trusting(Trust.USUAL));
        assertThatThrownBy(() -> http.get("/x"))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("did not serve /x: ConnectException");
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsAnOutage() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProviderHttp http = new ProviderHttp(
                    URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                    Map.of(),
                    1,
                    WORDS,
                    Network.trusting(Trust.USUAL));
            HttpRequest request =
                    http.request("/x", Duration.ofMillis(300)).GET().build();
            assertThatThrownBy(() -> http.repeated(request))
                    .isInstanceOf(RetryableException.class)
                    .hasMessageContaining("HttpTimeoutException");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "{\"a\":"})
    void anObjectThatIsNoneIsAnOutage(String body) {
        answer(200, body);
        assertThatThrownBy(() -> http(1).get("/x")).isInstanceOf(RetryableException.class);
    }

    @Test
    void anObjectLargerThanAnyOfTheirsIsNotReadWhole() {
        answer(200, "{\"a\": \"" + "x".repeat(4 << 20) + "\"}");
        assertThatThrownBy(() -> http(1).get("/x")).isInstanceOf(RetryableException.class);
    }

    @Test
    void aLongMessageIsCut() {
        answer(400, "{\"no\": \"long\", \"why\": \"" + "y".repeat(600) + "\"}");
        assertThatThrownBy(() -> http(1).get("/x")).hasMessage("y".repeat(500));
        replies.clear();
        answer(400, "z".repeat(600));
        assertThatThrownBy(() -> http(1).get("/x")).hasMessage("z".repeat(500));
        replies.clear();
        answer(400, "<html>");
        assertThatThrownBy(() -> http(1).get("/x")).hasMessage("<html>");
    }

    @Test
    void anEmptyMessageShowsWhatCame() {
        answer(400, "{\"no\": \"odd\"}");
        assertThatThrownBy(() -> http(1).get("/x"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.describe()).isEqualTo("HTTP 400 odd: {\"no\": \"odd\"}"));
    }

    @Test
    void anErrorOfAnySizeIsReadOnlyAtItsStart() {
        answer(400, "{\"no\": \"odd\", \"why\": \"" + "y".repeat(64 << 10) + "\"}");
        assertThatThrownBy(() -> http(1).get("/x"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.describe()).startsWith("HTTP 400: {\"no\""));
    }

    @Test
    void onlyTheProvidersOwnWordsSayThatSomethingIsNotThere() {
        RefusedException gateway = new RefusedException(Kind.REQUEST, 404, null, "no route");
        assertThatThrownBy(() -> ProviderHttp.withProvidersWords(gateway))
                .isInstanceOf(RetryableException.class)
                .hasCause(gateway);
        RefusedException own = new RefusedException(Kind.NOT_FOUND, 404, "nf", "no file");
        assertThat(ProviderHttp.withProvidersWords(own)).isSameAs(own);
        RefusedException other = new RefusedException(Kind.REQUEST, 400, null, "bad");
        assertThat(ProviderHttp.withProvidersWords(other)).isSameAs(other);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 404, 413, 422, 429})
    void aCreateIsRefusedInTheProvidersOwnWordsAlone(int status) {
        replies.add(new Reply(status, "{\"no\": \"word\", \"why\": \"so\"}", Map.of("Retry-After", "40")));
        assertThat(create(http(5))).isInstanceOfSatisfying(CreateOutcome.Refused.class, refused -> {
            assertThat(refused.reason().describe()).isEqualTo("HTTP " + status + " word: so");
            assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(40));
        });
        replies.clear();
        answer(status, "<html>gateway</html>");
        assertThat(create(http(5))).isEqualTo(new CreateOutcome.InDoubt("HTTP " + status + ": <html>gateway</html>"));
        assertThat(asked).as("each was sent once").hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "408 | {\"no\": \"w\"}",
                "409 | {\"no\": \"w\"}",
                "425 | {\"no\": \"w\"}",
                "500 | {\"no\": \"w\"}",
                "302 | {\"no\": \"w\"}",
                "200 | {}",
                "200 | not JSON",
                "204 | ''"
            })
    void everyOtherAnswerLeavesACreateInDoubt(int status, String body) {
        answer(status, body);
        assertThat(create(http(5))).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aCreateThatWasAnsweredHasItsId() {
        answer(201, "{\"id\": \"batch_1\"}");
        assertThat(create(http(5))).isEqualTo(new CreateOutcome.Created("batch_1"));
        assertThat(asked).containsExactly("POST /v1/things HTTP/1.1");
    }

    @Test
    void aBodyIsReadAsItComes() throws Exception {
        answer(200, "line 1\nline 2\n");
        try (InputStream in = http(1).open("/x").stream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("line 1\nline 2\n");
        }
    }
}
