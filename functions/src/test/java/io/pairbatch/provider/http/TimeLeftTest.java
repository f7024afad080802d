package io.pairbatch.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.http.Transport.Reply;
import io.pairbatch.testing.SettableClock;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// No call outlasts the function that makes it. Time passes in the test's clock only.
class TimeLeftTest {

    private static final Duration FUNCTION = Duration.ofMinutes(5);

    private static final ErrorBody WORDS = new ErrorBody() {
        @Override
        public @Nullable Said read(JsonNode body) {
            return new Said(body.path("no").asString(""), body.path("why").asString(""));
        }

        @Override
        public Kind ownKind(int status, Said said) {
            return Kind.REQUEST;
        }
    };

    private final SettableClock clock = new SettableClock();
    private final Deadline deadline = new Deadline(clock.instant().plus(FUNCTION), clock);
    private final List<Duration> timeouts = new ArrayList<>();
    private final List<Duration> bodies = new ArrayList<>();
    private @Nullable Reply reply;

    /// Waits for an answer as long as the request says; without one that was laid ready it never comes.
    private Reply send(HttpRequest request, Transport.Connection connection, Deadline end) throws IOException {
        Duration timeout = request.timeout().orElseThrow();
        timeouts.add(timeout);
        bodies.add(Duration.between(end.end(), deadline.end()));
        if (reply == null) {
            clock.advance(timeout);
            throw new HttpTimeoutException("request timed out");
        }
        return reply;
    }

    private ProviderHttp http(int attempts) {
        Network network = new Network(this::send, clock::advance, new Random(1)).until(deadline);
        return new ProviderHttp(
                URI.create("http://provider.example/v1"), Map.of("X-Key", "k"), attempts, WORDS, network);
    }

    private static Reply answer(int status, String body, Map<String, List<String>> headers) {
        return new Reply(
                status,
                HttpHeaders.of(headers, (name, value) -> true),
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aProviderThatHangsIsGivenUpBeforeTheFunctionEnds() {
        assertThatThrownBy(() -> http(20).get("/x"))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessage("the provider did not serve /v1/x: HttpTimeoutException request timed out;"
                        + " there was no time left for more in this call");
        assertThat(timeouts).hasSizeGreaterThan(3).startsWith(Duration.ofMinutes(1));
        assertThat(timeouts.getLast()).isLessThan(Duration.ofMinutes(1));
        assertThat(deadline.left()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void nothingIsSentThatNoTimeIsLeftFor() {
        clock.advance(FUNCTION.minusSeconds(14));
        assertThatThrownBy(() -> http(3).get("/x"))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessageStartingWith("the provider was not asked for /v1/x; there was no time left");
        assertThat(timeouts).isEmpty();
    }

    @Test
    void aRequestIsWaitedForAsLongAsThereIsTime() {
        clock.advance(FUNCTION.minusSeconds(30));
        assertThatThrownBy(() -> http(1).get("/x")).isInstanceOf(RetryableException.class);
        assertThat(timeouts).containsExactly(Duration.ofSeconds(20));
    }

    @Test
    void aPauseThatDoesNotFitIsNotMadeAndTheProvidersWordsAreKept() {
        reply = answer(429, "{\"no\": \"rate\", \"why\": \"slow down\"}", Map.of("retry-after", List.of("25")));
        clock.advance(FUNCTION.minusSeconds(35));
        assertThatThrownBy(() -> http(3).get("/x"))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessage("the provider did not serve /v1/x: HTTP 429 rate: slow down;"
                        + " there was no time left for more in this call");
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(35));
    }

    @Test
    void aPauseOfTheCallersOwnThatDoesNotFitIsNotMadeEither() {
        clock.advance(FUNCTION.minusSeconds(15));
        assertThatThrownBy(() -> http(3).pause(6, "not ready"))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessage("not ready; there was no time left for more in this call");
    }

    @Test
    void anotherAttemptOfALongRequestIsNotBegunInVain() {
        ProviderHttp http = http(3);
        HttpRequest request = http.request("/x", Duration.ofMinutes(2)).GET().build();
        assertThatThrownBy(() -> http.repeated(request, Duration.ofSeconds(200)))
                .isInstanceOf(RetryableException.class);
        assertThat(timeouts).containsExactly(Duration.ofMinutes(2));
    }

    @Test
    void aRequestThatIsWaitedForLessIsOtherwiseTheSame() throws Exception {
        clock.advance(FUNCTION.minusSeconds(30));
        List<HttpRequest> sent = new ArrayList<>();
        Transport transport = (request, connection, end) -> {
            sent.add(request);
            return answer(200, "{}", Map.of());
        };
        ProviderHttp http = new ProviderHttp(
                URI.create("http://provider.example/v1"),
                Map.of("X-Key", "k"),
                1,
                WORDS,
                new Network(transport, clock::advance, new Random(1)).until(deadline));
        HttpRequest request = http.request("/x", Duration.ofMinutes(2))
                .header("Content-Type", "a/b")
                .POST(BodyPublishers.ofString("body"))
                .build();
        http.repeated(request).close();
        assertThat(sent.getFirst().uri()).isEqualTo(request.uri());
        assertThat(sent.getFirst().method()).isEqualTo("POST");
        assertThat(sent.getFirst().headers()).isEqualTo(request.headers());
        assertThat(sent.getFirst().bodyPublisher()).isEqualTo(request.bodyPublisher());
        assertThat(sent.getFirst().timeout()).hasValue(Duration.ofSeconds(20));
    }

    @Test
    void aCreateKeepsItsOwnTimeout() {
        clock.advance(FUNCTION.minusSeconds(31));
        ProviderHttp http = http(3);
        CreateOutcome outcome = http.create(
                http.request("/x", Duration.ofSeconds(30))
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                answer -> "");
        assertThat(outcome).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(timeouts).containsExactly(Duration.ofSeconds(30));
    }

    @Test
    void bodiesAreToBeReadBeforeTheStepsOwnTimeAndACreatesAnswerALittleLonger() throws Exception {
        reply = answer(200, "{}", Map.of());
        ProviderHttp http = http(1);
        http.get("/x");
        http.create(http.request("/x", Duration.ofSeconds(30)).GET().build(), answer -> "");
        assertThat(bodies).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    @Test
    void aCallWithoutADeadlineHasAllTheTime() throws Exception {
        reply = answer(200, "{}", Map.of());
        Network network = new Network(this::send, clock::advance, new Random(1));
        clock.advance(FUNCTION.multipliedBy(100));
        new ProviderHttp(URI.create("http://provider.example/v1"), Map.of(), 1, WORDS, network).get("/x");
        assertThat(timeouts).containsExactly(Duration.ofMinutes(1));
        try (InputStream body = new IdleTimeoutStream(
                InputStream.nullInputStream(), Duration.ofMinutes(1), Deadline.NONE.earlier(Duration.ofSeconds(10)))) {
            assertThat(body.read()).isEqualTo(-1);
        }
    }
}
