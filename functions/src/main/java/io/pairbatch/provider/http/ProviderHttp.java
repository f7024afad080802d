package io.pairbatch.provider.http;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.Reading;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.http.Transport.Connection;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls to one provider with one key. None outlasts the function that makes it: what does not fit into the time left
/// is not started, and fails as an outage that says so. Only answers of a bounded size are read whole: objects of 4 MiB
/// at most, and 64 KiB at most of an error body.
public final class ProviderHttp {

    public static final JsonMapper JSON = new JsonMapper();

    /// With an error body in the provider's words these say that nothing was created; every other status leaves a
    /// create in doubt.
    private static final Set<Integer> DEFINITE = Set.of(400, 401, 402, 403, 404, 413, 422, 429);

    private static final Set<Integer> TRANSIENT = Set.of(408, 409, 425, 429);
    /// From a proxy or a misconfigured gateway, unless the body is in the provider's own words: an outage.
    private static final Set<Integer> GATEWAY = Set.of(401, 402, 403, 404, 407);

    private static final int CONFLICT = 409;
    private static final int MAX_OBJECT = 4 * 1024 * 1024;
    private static final int MAX_ERROR = 64 * 1024;
    private static final int LONGEST_MESSAGE = 500;
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
    /// Nothing waits for a removal: one that takes long is tried again later.
    private static final Duration REMOVE_TIMEOUT = Duration.ofSeconds(20);

    private static final int REMOVALS = 3;
    /// What a step keeps of its function's time, to record what it knows when a call has failed at the last moment.
    private static final Duration RESERVE = Duration.ofSeconds(10);

    /// The answer to what is sent once is worth more: losing it costs a search, or money.
    private static final Duration LAST_RESERVE = Duration.ofSeconds(5);

    /// A request that can be given less than this is not sent.
    private static final Duration LEAST = Duration.ofSeconds(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Network network;
    private final String baseUrl;
    private final Map<String, String> headers;
    private final int attempts;
    private final ErrorBody errors;

    /// @param headers sent with every request, the key among them
    /// @param attempts how often a call that is safe to repeat is made at most (`openai_max_retries`)
    public ProviderHttp(URI baseUrl, Map<String, String> headers, int attempts, ErrorBody errors, Network network) {
        this.network = network;
        this.baseUrl = baseUrl.toString().replaceAll("/+$", "");
        this.headers = Map.copyOf(headers);
        this.attempts = attempts;
        this.errors = errors;
    }

    /// A value as part of a path or a query.
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /// A request to a path below the base URL.
    ///
    /// @param timeout until the headers of the answer
    public HttpRequest.Builder request(String path, Duration timeout) {
        return requestAt(URI.create(baseUrl + path), timeout);
    }

    /// A request to an address that the provider gave; the caller has made sure that it is the provider's, for the key
    /// goes there.
    ///
    /// @param timeout until the headers of the answer
    public HttpRequest.Builder requestAt(URI address, Duration timeout) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(address).timeout(timeout);
        headers.forEach(builder::header);
        return builder;
    }

    /// A request that sends JSON to a path below the base URL.
    ///
    /// @param timeout until the headers of the answer
    public HttpRequest post(String path, Duration timeout, BodyPublisher body) {
        return request(path, timeout)
                .header("Content-Type", "application/json")
                .POST(body)
                .build();
    }

    /// Reads an object.
    public JsonNode get(String path) throws RefusedException {
        return object(open(path));
    }

    /// Opens an answer that is read as a stream.
    public Exchange open(String path) throws RefusedException {
        return repeated(request(path, READ_TIMEOUT).GET().build());
    }

    /// The bytes of a file.
    public InputStream download(String path) throws RefusedException {
        try {
            return open(path).stream();
        } catch (RefusedException e) {
            throw withProvidersWords(e);
        }
    }

    /// Sends a request that is safe to repeat, with growing pauses and jitter.
    ///
    /// @throws RetryableException when it was not served in all attempts, or in the time that is left
    public Exchange repeated(HttpRequest request) throws RefusedException {
        return upTo(attempts, request, LEAST, ProviderHttp::isSuccess);
    }

    /// The same; statuses other than 2xx may be answers too.
    public Exchange repeated(HttpRequest request, IntPredicate answers) throws RefusedException {
        return upTo(attempts, request, LEAST, answers);
    }

    /// The same for a request that takes long. The caller makes sure that there is time for the first attempt.
    ///
    /// @param needed another attempt is not started with less time left
    public Exchange repeated(HttpRequest request, Duration needed) throws RefusedException {
        return upTo(attempts, request, needed, ProviderHttp::isSuccess);
    }

    /// Sends a request that deletes or stops something. A conflict, such as with a batch that has ended, is final here
    /// and not repeated.
    private Removal remove(HttpRequest request) throws RefusedException {
        try (Exchange answer =
                upTo(Math.min(attempts, REMOVALS), request, LEAST, status -> isSuccess(status) || status == CONFLICT)) {
            answer.stream().readNBytes(MAX_ERROR);
            return isSuccess(answer.status()) ? Removal.DONE : Removal.NOT_POSSIBLE;
        } catch (RefusedException e) {
            return switch (withProvidersWords(e).kind()) {
                case NOT_FOUND -> Removal.GONE;
                case REQUEST -> Removal.NOT_POSSIBLE;
                case KEY, LATER -> throw e;
            };
        } catch (IOException e) {
            throw new RetryableException("the provider's answer broke off", e);
        }
    }

    /// Asks for the deletion of what lies at a path below the base URL.
    public Removal delete(String path) throws RefusedException {
        return remove(request(path, REMOVE_TIMEOUT).DELETE().build());
    }

    /// Asks for something to be stopped.
    ///
    /// @param body JSON; empty for none
    public Removal cancel(String path, String body) throws RefusedException {
        return remove(
                body.isEmpty()
                        ? request(path, REMOVE_TIMEOUT)
                                .POST(BodyPublishers.noBody())
                                .build()
                        : post(path, REMOVE_TIMEOUT, BodyPublishers.ofString(body)));
    }

    /// Sends a request that the caller repeats in its own way, if at all.
    ///
    /// @throws RetryableException when it was not served
    public Exchange once(HttpRequest request) throws RefusedException {
        return upTo(1, request, LEAST, ProviderHttp::isSuccess);
    }

    private static boolean isSuccess(int status) {
        return status / 100 == 2;
    }

    /// @param needed how much time another attempt needs
    private Exchange upTo(int attempts, HttpRequest request, Duration needed, IntPredicate answers)
            throws RefusedException {
        String path = request.uri().getPath();
        String failed = "the provider was not asked for " + path;
        for (int attempt = 1; ; attempt++) {
            if (!fits(attempt == 1 ? LEAST : needed)) {
                throw outOfTime(failed);
            }
            Duration pause;
            String trouble;
            try {
                Exchange exchange = send(capped(request), Connection.POOLED, RESERVE);
                if (answers.test(exchange.status())) {
                    return exchange;
                }
                try (exchange) {
                    RefusedException refused = exchange.refusal();
                    if (!isTransient(refused) && !exchange.isOfAGateway()) {
                        throw refused;
                    }
                    trouble = refused.describe();
                    pause = exchange.retryAfter();
                }
            } catch (IOException e) {
                trouble = trouble(e);
                pause = Duration.ZERO;
            }
            failed = "the provider did not serve " + path + ": " + trouble;
            if (attempt >= attempts || pause.compareTo(LONGEST_PAUSE) > 0) {
                throw new RetryableException(failed, null);
            }
            Duration before = pause.isZero() ? scattered(attempt) : pause;
            if (!fits(before.plus(needed))) {
                throw outOfTime(failed);
            }
            sleep(before);
        }
    }

    private static RetryableException outOfTime(String failed) {
        return new RetryableException(failed + "; there was no time left for more in this call", null);
    }

    /// Whether so much time is left before what the step keeps for itself.
    private boolean fits(Duration needed) {
        return network.deadline().allows(needed.plus(RESERVE));
    }

    /// The request, waited for no longer than there is time.
    private HttpRequest capped(HttpRequest request) {
        Duration left = network.deadline().left().minus(RESERVE);
        Duration wanted = request.timeout().orElse(READ_TIMEOUT);
        return left.compareTo(wanted) < 0
                ? HttpRequest.newBuilder(request, (name, value) -> true)
                        .timeout(left)
                        .build()
                : request;
    }

    /// Sends the one request that costs money: once, whatever comes back, and on a connection of its own, since one
    /// from the pool may be dead already and would look like a lost answer.
    ///
    /// @param id the batch's id in the provider's answer; empty when there is none
    public CreateOutcome create(HttpRequest request, Function<JsonNode, String> id) {
        try (Exchange exchange = send(request, Connection.OWN, LAST_RESERVE)) {
            if (isSuccess(exchange.status())) {
                String batchId = id.apply(exchange.object());
                return batchId.isEmpty()
                        ? new CreateOutcome.InDoubt("the provider's answer has no id")
                        : new CreateOutcome.Created(batchId);
            }
            RefusedException refused = exchange.refusal();
            return exchange.isDefinite()
                    ? new CreateOutcome.Refused(refused, exchange.retryAfter())
                    : new CreateOutcome.InDoubt(refused.describe());
        } catch (IOException | JacksonException e) {
            return new CreateOutcome.InDoubt(String.valueOf(e.getMessage()));
        }
    }

    /// Sends one live request: once, whatever comes back, and on a connection of its own, like a create. Buffers the
    /// answer, 4 MiB at most.
    ///
    /// @param reader reads the body of an answer as the line of a batch's results would be read
    public LiveAnswer ask(HttpRequest request, Function<byte[], Reading> reader) {
        try (Exchange exchange = send(request, Connection.OWN, LAST_RESERVE)) {
            if (!isSuccess(exchange.status())) {
                RefusedException refused = exchange.refusal();
                return exchange.isDefinite()
                        ? new LiveAnswer.Refused(refused)
                        : new LiveAnswer.Lost(refused.describe());
            }
            byte[] body = exchange.stream().readNBytes(MAX_OBJECT);
            return switch (reader.apply(body)) {
                case Reading.Understood it ->
                    new LiveAnswer.Answered(it.answer(), exchange.requestId(), responseId(body));
                case Reading.Unreadable it -> new LiveAnswer.Lost("the answer cannot be read: " + it.reason());
            };
        } catch (IOException e) {
            return new LiveAnswer.Lost(e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    private static String responseId(byte[] answer) {
        JsonNode json = JSON.readTree(answer);
        return json.path("responseId").asString(json.path("id").asString(""));
    }

    /// JSON as a request's body.
    public static BodyPublisher body(JsonNode json) {
        return BodyPublishers.ofString(JSON.writeValueAsString(json));
    }

    /// A buffer that has an array as a request's body.
    public static BodyPublisher body(ByteBuffer bytes) {
        return BodyPublishers.ofByteArray(bytes.array(), bytes.arrayOffset(), bytes.remaining());
    }

    /// A body with something before and after it, as one stream.
    public static InputStream wrapped(String before, byte[] body, String after) {
        return new SequenceInputStream(
                new SequenceInputStream(bytes(before), new ByteArrayInputStream(body)), bytes(after));
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads an answer that is one object, and closes it.
    public static JsonNode object(Exchange exchange) {
        try (exchange) {
            return exchange.object();
        } catch (IOException | JacksonException e) {
            throw new RetryableException("the provider's answer broke off or is no JSON", e);
        }
    }

    /// A misconfigured gateway answers 404 too; only the provider's own body says that something does not exist.
    ///
    /// @throws RetryableException for such a 404
    public static RefusedException withProvidersWords(RefusedException e) {
        if (e.status() == 404 && e.kind() != Kind.NOT_FOUND) {
            throw new RetryableException("something between us and the provider answered 404", e);
        }
        return e;
    }

    /// A certificate that is not trusted must be fixed by an operator, so it is named.
    private static String trouble(IOException e) {
        return (e instanceof SSLException
                        ? "it cannot be reached, for its certificate is not accepted or TLS failed otherwise: "
                        : "")
                + e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private static boolean isTransient(RefusedException refused) {
        return (TRANSIENT.contains(refused.status()) || refused.status() >= 500) && refused.kind() != Kind.KEY;
    }

    /// Waits after the `attempt`-th failure: longer each time, with jitter.
    ///
    /// @param reason why there is something to wait for
    /// @throws RetryableException when no time is left to wait and ask again
    public void pause(int attempt, String reason) {
        Duration pause = scattered(attempt);
        if (!fits(pause.plus(LEAST))) {
            throw outOfTime(reason);
        }
        sleep(pause);
    }

    private Duration scattered(int attempt) {
        return Duration.ofMillis(network.random().nextLong(longestPause(attempt) + 1));
    }

    /// The most milliseconds that are waited after the `attempt`-th failure.
    static long longestPause(int attempt) {
        return Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt, 6));
    }

    private void sleep(Duration pause) {
        network.sleeper().sleep(pause);
        if (Thread.currentThread().isInterrupted()) {
            throw new RetryableException("interrupted while waiting for the provider", null);
        }
    }

    /// The source of what is random in a request.
    public RandomGenerator random() {
        return network.random();
    }

    /// @param reserve of the time left, what reading the answer leaves
    private Exchange send(HttpRequest request, Connection connection, Duration reserve) throws IOException {
        Deadline end = network.deadline().earlier(reserve);
        return new Exchange(network.transport().send(request, connection, end), errors);
    }

    /// One answer; closing it lets the connection go.
    public static final class Exchange implements AutoCloseable {

        private final Transport.Reply reply;
        private final ErrorBody errors;
        private byte[] error = {};

        Exchange(Transport.Reply reply, ErrorBody errors) {
            this.reply = reply;
            this.errors = errors;
        }

        public int status() {
            return reply.status();
        }

        /// A header's first value; empty when there is none.
        public String header(String name) {
            return reply.headers().firstValue(name).orElse("");
        }

        Duration retryAfter() {
            return RetryAfter.of(header("retry-after"));
        }

        JsonNode object() throws IOException {
            return JSON.readTree(stream().readNBytes(MAX_OBJECT));
        }

        /// What the error status means.
        RefusedException refusal() throws IOException {
            error = stream().readNBytes(MAX_ERROR);
            ErrorBody.Said said = said();
            String code = said == null ? null : said.code();
            String message = said == null || said.message().isEmpty()
                    ? new String(error, 0, Math.min(error.length, LONGEST_MESSAGE), StandardCharsets.UTF_8)
                    : said.message();
            String shortened = message.substring(0, Math.min(message.length(), LONGEST_MESSAGE));
            return new RefusedException(errors.kind(status(), said), status(), code, shortened);
        }

        /// Whether the refusal that was read says for certain that nothing happened.
        boolean isDefinite() {
            return DEFINITE.contains(status()) && said() != null;
        }

        /// Whether the refusal that was read comes from something before the provider, and may pass.
        boolean isOfAGateway() {
            return GATEWAY.contains(status()) && said() == null;
        }

        /// OpenAI and Anthropic name it in headers of their own; empty where there is none.
        String requestId() {
            return header("x-request-id").isEmpty() ? header("request-id") : header("x-request-id");
        }

        private ErrorBody.@Nullable Said said() {
            try {
                return errors.read(JSON.readTree(error));
            } catch (JacksonException e) {
                return null;
            }
        }

        /// The body; a read that gets nothing for a minute, or for which there is no time left, fails with an
        /// [IOException].
        public InputStream stream() {
            return reply.body();
        }

        @Override
        public void close() throws IOException {
            reply.body().close();
        }
    }
}
