package io.pairbatch.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pairbatch.backend.Backend;
import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.LiveRequest;
import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Trust;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JsonLine;
import io.pairbatch.testing.JobFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One request of a batch, asked by itself: what goes over the wire, and what each answer is taken for.
class LiveRequestTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String WINNER = "<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>";

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private final List<Map<String, List<String>>> headers = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int status = 200;
    private String reply = "";
    private String requestId = "";
    private Duration delay = Duration.ZERO;

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
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        headers.add(Map.copyOf(exchange.getRequestHeaders()));
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
        if (!requestId.isEmpty()) {
            exchange.getResponseHeaders().add("request-id", requestId);
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private URI base(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static JobSpec spec(Backend backend, String more) throws IOException {
        return JobFixture.spec("""
                "backend": "%s", "model": "m-1",
                "prompt_template": "{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} \\"und\\" {SAMPLE_2}"%s
                """.formatted(backend.code(), more));
    }

    private static LiveRequest request(JobSpec spec, OpenAiService service) {
        RequestWriter writer = Providers.format(spec.backend(), service).requests(spec, "0123abcd");
        JsonLine line = new JsonLine(10_000);
        writer.write(line, new Pair(1, "A", "B", "ein Käse, {\"request\": 1}", "zwei", new LinkedHashMap<>()));
        return new LiveRequest(spec.model(), writer.endpoint(), ByteBuffer.wrap(line.toBytes()));
    }

    private LiveAnswer ask(Backend backend) throws IOException {
        return ask(spec(backend, ""), OpenAiService.of(OpenAiService.OPENAI), TIMEOUT);
    }

    private LiveAnswer ask(JobSpec spec, OpenAiService service, Duration timeout) {
        URI base = base(spec.backend() == Backend.OPENAI ? "/gate/v1" : "");
        return Providers.connect(spec, service, base, "sk-test", Network.trusting(Trust.USUAL))
                .ask(request(spec, service), timeout);
    }

    private static JsonNode member(JobSpec spec, OpenAiService service, String name) {
        return JSON.readTree(request(spec, service).line().array()).required(name);
    }

    private static String good(Backend backend) {
        return switch (backend) {
            case OPENAI -> """
                {"id": "chatcmpl-1", "object": "chat.completion", "model": "m-1-2026",
                 "choices": [{"finish_reason": "stop", "message": {"content": "%s"}}],
                 "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}}""".formatted(WINNER);
            case ANTHROPIC -> """
                {"id": "msg_1", "type": "message", "model": "m-1-2026", "content": [{"type": "text", "text": "%s"}],
                 "stop_reason": "end_turn", "usage": {"input_tokens": 12, "output_tokens": 3}}""".formatted(WINNER);
            case GEMINI -> """
                {"candidates": [{"content": {"parts": [{"text": "%s"}]}, "finishReason": "STOP"}],
                 "modelVersion": "m-1-2026", "responseId": "r-1",
                 "usageMetadata": {"promptTokenCount": 12, "candidatesTokenCount": 3, "totalTokenCount": 15}}""".formatted(WINNER);
        };
    }

    private static String refusal(String words) {
        return """
                {"type": "error", "error": {"code": "%s", "type": "%s", "status": "%s", "message": "no models/m-1"}}""".formatted(words, words, words);
    }

    @Test
    void openAiIsAskedAtTheLinesPathWithItsBody() throws IOException {
        reply = good(Backend.OPENAI);
        requestId = "req_1";
        LiveAnswer answer = ask(Backend.OPENAI);

        assertThat(asked).containsExactly("POST /gate/v1/chat/completions");
        assertThat(headers.getFirst().get("Authorization")).containsExactly("Bearer sk-test");
        assertThat(headers.getFirst().get("Content-type")).containsExactly("application/json");
        OpenAiService service = OpenAiService.of(OpenAiService.OPENAI);
        assertThat(JSON.readTree(bodies.getFirst())).isEqualTo(member(spec(Backend.OPENAI, ""), service, "body"));
        assertThat(((LiveAnswer.Answered) answer).requestId()).isEqualTo("req_1");
        assertThat(((LiveAnswer.Answered) answer).responseId()).isEqualTo("chatcmpl-1");
    }

    @Test
    void theResponsesEndpointIsAskedWhereTheLinesNameIt() throws IOException {
        reply = """
                {"id": "resp_1", "object": "response", "status": "incomplete", "model": "m-1",
                 "incomplete_details": {"reason": "max_output_tokens"}, "output": []}""";
        OpenAiService service = OpenAiService.of(OpenAiService.OPENAI);
        LiveAnswer answer = ask(spec(Backend.OPENAI, ", \"endpoint\": \"responses\""), service, TIMEOUT);

        assertThat(asked).containsExactly("POST /gate/v1/responses");
        assertThat(understood(answer).finishReason()).isEqualTo("max_output_tokens");
        assertThat(((LiveAnswer.Answered) answer).responseId()).isEqualTo("resp_1");
    }

    @Test
    void aModelThatOnlyABatchNamesIsNamed() throws IOException {
        reply = good(Backend.OPENAI);
        OpenAiService mistral = OpenAiService.of("mistral");
        JobSpec spec = spec(Backend.OPENAI, "");
        assertThat(member(spec, mistral, "body").has("model")).isFalse();
        ask(spec, mistral, TIMEOUT);

        JsonNode sent = JSON.readTree(bodies.getFirst());
        assertThat(sent.path("model").asString()).isEqualTo("m-1");
        assertThat(sent.path("messages"))
                .isEqualTo(member(spec, mistral, "body").path("messages"));
    }

    @Test
    void anthropicIsAskedForAMessageWithTheParams() throws IOException {
        reply = good(Backend.ANTHROPIC);
        ask(Backend.ANTHROPIC);

        assertThat(asked).containsExactly("POST /v1/messages");
        assertThat(headers.getFirst().get("X-api-key")).containsExactly("sk-test");
        assertThat(headers.getFirst().get("Anthropic-version")).containsExactly("2023-06-01");
        OpenAiService any = OpenAiService.of(OpenAiService.OPENAI);
        assertThat(JSON.readTree(bodies.getFirst())).isEqualTo(member(spec(Backend.ANTHROPIC, ""), any, "params"));
    }

    @Test
    void geminiIsAskedForContentOfTheModel() throws IOException {
        reply = good(Backend.GEMINI);
        LiveAnswer answer = ask(Backend.GEMINI);

        assertThat(asked).containsExactly("POST /v1beta/models/m-1:generateContent");
        assertThat(headers.getFirst().get("X-goog-api-key")).containsExactly("sk-test");
        OpenAiService any = OpenAiService.of(OpenAiService.OPENAI);
        assertThat(JSON.readTree(bodies.getFirst())).isEqualTo(member(spec(Backend.GEMINI, ""), any, "request"));
        assertThat(((LiveAnswer.Answered) answer).responseId()).isEqualTo("r-1");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerIsReadAsABatchsAnswerWouldBe(Backend backend) throws IOException {
        reply = good(backend);
        Answer answer = understood(ask(backend));
        assertThat(answer.content()).isEqualTo(WINNER);
        assertThat(answer.model()).isEqualTo("m-1-2026");
        assertThat(answer.finishReason()).isNotEmpty();
        assertThat(answer.tokens().prompt()).isEqualTo(12);
        assertThat(answer.tokens().completion()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, 401, invalid_api_key, KEY",
        "OPENAI, 404, model_not_found, NOT_FOUND",
        "OPENAI, 400, unsupported_value, REQUEST",
        "OPENAI, 429, rate_limit_exceeded, LATER",
        "OPENAI, 429, insufficient_quota, KEY",
        "ANTHROPIC, 401, authentication_error, KEY",
        "ANTHROPIC, 404, not_found_error, NOT_FOUND",
        "ANTHROPIC, 400, invalid_request_error, REQUEST",
        "ANTHROPIC, 429, rate_limit_error, LATER",
        "GEMINI, 403, PERMISSION_DENIED, KEY",
        "GEMINI, 404, NOT_FOUND, REQUEST",
        "GEMINI, 400, INVALID_ARGUMENT, REQUEST",
        "GEMINI, 429, RESOURCE_EXHAUSTED, LATER"
    })
    void aRefusalInTheProvidersWordsIsOne(Backend backend, int code, String words, Kind kind) throws IOException {
        status = code;
        reply = refusal(words);
        assertThat(ask(backend)).isInstanceOfSatisfying(LiveAnswer.Refused.class, refused -> {
            assertThat(refused.reason().kind()).isEqualTo(kind);
            assertThat(refused.reason().code()).isEqualTo(words);
        });
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 500, 503, 529, 302})
    void whatMayPassDecidesNothingAndIsNotSentAgain(int code) throws IOException {
        status = code;
        reply = refusal("server_error");
        for (Backend backend : Backend.values()) {
            asked.clear();
            assertThat(ask(backend)).isInstanceOf(LiveAnswer.Lost.class);
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void aGatewaysRefusalDecidesNothing() throws IOException {
        status = 404;
        reply = "<html>no route</html>";
        assertThat(ask(Backend.OPENAI)).isInstanceOf(LiveAnswer.Lost.class);
    }

    @Test
    void anAnswerThatIsNoneDecidesNothing() throws IOException {
        reply = "<html>welcome</html>";
        for (Backend backend : Backend.values()) {
            assertThat(ask(backend)).isInstanceOf(LiveAnswer.Lost.class);
        }
    }

    @Test
    void noAnswerInTimeDecidesNothing() throws IOException {
        reply = good(Backend.OPENAI);
        delay = Duration.ofSeconds(5);
        OpenAiService service = OpenAiService.of(OpenAiService.OPENAI);
        assertThat(ask(spec(Backend.OPENAI, ""), service, Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        LiveAnswer.Lost.class, lost -> assertThat(lost.reason()).contains("timed out"));
        assertThat(asked).hasSize(1);
    }

    private static Answer understood(LiveAnswer answer) {
        return ((LiveAnswer.Answered) answer).answer();
    }
}
