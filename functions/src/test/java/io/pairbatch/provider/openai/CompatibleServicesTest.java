package io.pairbatch.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.spec.SpecTexts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What each service is sent, and what its answers are taken for, by the shapes that its documents and its official
/// client show (see the sources in `services.json`).
class CompatibleServicesTest {

    private static final Instant SINCE = Instant.parse("2026-11-20T00:00:00Z");

    /// Answers by `METHOD path?query`; what is not there is a 404 in the provider's words.
    private final Map<String, Reply> replies = new HashMap<>();

    private final List<String> asked = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private HttpServer server;
    private URI base;

    private record Reply(int status, String body, Map<String, String> headers) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void metadataThatAServiceDoesNotTakeIsNotDroppedSilently() throws IOException {
        OpenAiOptions options = (OpenAiOptions)
                SpecTexts.read("{\"model\": \"m\", \"trait_name\": \"organization\", \"metadata\": {\"a\": \"b\"}}")
                        .options();
        assertThat(OpenAiService.of("together").format().notices("m", options))
                .contains("metadata is not sent: batches of together carry none.");
        assertThat(OpenAiService.of("openai").format().notices("m", options))
                .noneMatch(notice -> notice.startsWith("metadata"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(call);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        keys.add(exchange.getRequestHeaders().getFirst("Authorization") + "|"
                + exchange.getRequestHeaders().getFirst("api-key"));
        Reply reply = replies.getOrDefault(
                call, new Reply(404, "{\"message\":\"no " + call + "\",\"error\":{\"message\":\"none\"}}", Map.of()));
        reply.headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        byte[] bytes = reply.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void on(String call, String body) {
        replies.put(call, new Reply(200, body, Map.of()));
    }

    private OpenAiClient client(String service) {
        return new OpenAiClient(OpenAiService.of(service), base, "sk", 1);
    }

    private static NewBatch batch() {
        return new NewBatch(
                "file-1",
                "m",
                "/v1/chat/completions",
                Map.of("a", "b"),
                1,
                3,
                () -> new ByteArrayInputStream(new byte[0]));
    }

    private static String sent(OpenAiClient client) throws Exception {
        return client.upload("x.jsonl", 3, () -> new ByteArrayInputStream("{}\n".getBytes(StandardCharsets.UTF_8)));
    }

    private List<BatchStatus> listed(String service) throws Exception {
        List<BatchStatus> seen = new ArrayList<>();
        client(service).list(SINCE, batch -> seen.add(batch));
        return seen;
    }

    @ParameterizedTest
    @CsvSource({
        "openai, Bearer sk|null",
        "groq, Bearer sk|null",
        "mistral, Bearer sk|null",
        "azure, null|sk",
        "together, Bearer sk|null",
        "generic, Bearer sk|null"
    })
    void eachServiceGetsTheKeyInItsHeader(String service, String expected) throws Exception {
        client(service).retrieve("b");
        assertThat(keys).containsExactly(expected);
    }

    @Test
    void aFileForAzureExpires() throws Exception {
        on("POST /v1/files", "{\"id\":\"file-1\",\"status\":\"pending\"}");
        assertThat(sent(client("azure"))).isEqualTo("file-1");
        assertThat(bodies.getFirst())
                .contains("name=\"purpose\"\r\n\r\nbatch\r\n")
                .contains("name=\"expires_after.seconds\"\r\n\r\n1209600\r\n")
                .contains("name=\"expires_after.anchor\"\r\n\r\ncreated_at\r\n")
                .contains("name=\"file\"; filename=\"x.jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n{}\n\r\n--");
    }

    @Test
    void azuresCapitalsTextsAndNullsAreRead() throws Exception {
        on("GET /v1/batches/b", """
                {"id":"b","status":"Validating","created_at":"2026-11-21T10:00:00.123+00:00","input_file_id":"file-1",
                 "request_counts":null,"errors":null,"output_file_id":null,"error_file_id":"","metadata":null}""");
        BatchStatus batch = client("azure").retrieve("b");
        assertThat(batch.state()).isEqualTo(BatchState.RUNNING);
        assertThat(batch.status()).isEqualTo("Validating");
        assertThat(batch.createdAt()).isEqualTo("2026-11-21T10:00:00.123Z");
        assertThat(batch.total()).isZero();
        assertThat(batch.outputFileId()).isNull();
        assertThat(batch.errorFileId()).isNull();
        assertThat(batch.metadata()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "openai, completed, COMPLETED", "azure, Completed, COMPLETED", "azure, Canceled, CANCELLED",
        "azure, Failed, FAILED", "azure, In_Progress, RUNNING", "together, EXPIRED, EXPIRED",
        "together, IN_PROGRESS, RUNNING", "mistral, SUCCESS, COMPLETED", "mistral, TIMEOUT_EXCEEDED, EXPIRED",
        "mistral, CANCELLATION_REQUESTED, RUNNING", "mistral, CANCELLED, CANCELLED", "mistral, PAUSED, RUNNING",
        "generic, archived, RUNNING"
    })
    void everyStatusWordHasItsMeaning(String service, String word, BatchState meaning) throws Exception {
        String path = service.equals("mistral") ? "/v1/batch/jobs/b" : "/v1/batches/b";
        on("GET " + path, "{\"id\":\"b\",\"status\":\"" + word + "\",\"created_at\":1795600000}");
        assertThat(client(service).retrieve("b").state()).isEqualTo(meaning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1795600000",
                "\"1795600000\"",
                "1795600000.7",
                "\"2026-11-25T09:46:40Z\"",
                "\"2026-11-25T09:46:40\"",
                "\"2026-11-25 09:46:40\"",
                "\"2026-11-25T10:46:40+01:00\""
            })
    void timesAreSecondsOrRfc3339(String time) throws Exception {
        on("GET /v1/batches/b", "{\"id\":\"b\",\"status\":\"completed\",\"created_at\":" + time + "}");
        assertThat(client("generic").retrieve("b").createdAt()).isEqualTo("2026-11-25T09:46:40Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"total\":\"3\",\"completed\":\"2\",\"failed\":\"1\"}",
                "{\"total\":3,\"completed\":2,\"failed\":1}"
            })
    void countsMayBeTexts(String counts) throws Exception {
        on("GET /v1/batches/b", "{\"id\":\"b\",\"status\":\"completed\",\"request_counts\":" + counts + "}");
        BatchStatus batch = client("generic").retrieve("b");
        assertThat(List.of(batch.total(), batch.completed(), batch.failed())).containsExactly(3L, 2L, 1L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"errors\":{\"object\":\"list\",\"data\":[{\"code\":\"c\",\"message\":\"m\"}]}",
                "\"errors\":[{\"code\":\"c\",\"message\":\"m\"}]",
                "\"error\":{\"code\":\"c\",\"message\":\"m\"}"
            })
    void errorsOfABatchAreFoundInEachPlace(String errors) throws Exception {
        on("GET /v1/batches/b", "{\"id\":\"b\",\"status\":\"failed\"," + errors + "}");
        BatchStatus batch = client("groq").retrieve("b");
        assertThat(batch.errorCode()).isEqualTo("c");
        assertThat(batch.errorMessage()).isEqualTo("m");
    }

    @Test
    void anErrorOfABatchMayBeAText() throws Exception {
        on("GET /v1/batches/b", "{\"id\":\"b\",\"status\":\"FAILED\",\"error\":\"bad file\"}");
        assertThat(client("together").retrieve("b").errorMessage()).isEqualTo("bad file");
    }

    @Test
    void aBatchOfMistralIsAJobWithAModelOfItsOwn() throws Exception {
        on("POST /v1/batch/jobs", "{\"id\":\"b\"}");
        assertThat(client("mistral").create(batch(), java.time.Duration.ofSeconds(5)))
                .isEqualTo(new CreateOutcome.Created("b"));
        assertThat(bodies.getFirst())
                .isEqualTo("{\"input_files\":[\"file-1\"],\"endpoint\":\"/v1/chat/completions\",\"timeout_hours\":24,"
                        + "\"model\":\"m\",\"metadata\":{\"a\":\"b\"}}");
        on("GET /v1/batch/jobs/b", """
                {"id":"b","status":"RUNNING","input_files":["file-1"],"total_requests":9,"completed_requests":5,
                 "succeeded_requests":4,"failed_requests":1,"errors":[],"output_file":"o","error_file":null,
                 "created_at":1795600000,"metadata":{"a":"b"}}""");
        BatchStatus batch = client("mistral").retrieve("b");
        assertThat(batch.inputFileId()).isEqualTo("file-1");
        assertThat(batch.outputFileId()).isEqualTo("o");
        assertThat(List.of(batch.total(), batch.completed(), batch.failed())).containsExactly(9L, 4L, 1L);
        assertThat(batch.metadata()).containsEntry("a", "b");
    }

    @Test
    void aBatchOfTogetherIsWrappedAndCarriesNoMetadata() throws Exception {
        on("POST /v1/batches", "{\"job\":{\"id\":\"b\",\"status\":\"VALIDATING\"},\"warning\":\"\"}");
        assertThat(client("together").create(batch(), java.time.Duration.ofSeconds(5)))
                .isEqualTo(new CreateOutcome.Created("b"));
        assertThat(bodies.getFirst())
                .isEqualTo("{\"input_file_id\":\"file-1\",\"endpoint\":\"/v1/chat/completions\","
                        + "\"completion_window\":\"24h\"}");
    }

    @Test
    void aFileForTogetherGoesWhereTheAnswerSaysWithoutTheKey() throws Exception {
        replies.put(
                "POST /v1/files",
                new Reply(302, "", Map.of("Location", "/bucket/1?sig=x", "X-Together-File-Id", "file-9")));
        on("PUT /bucket/1?sig=x", "");
        on("POST /v1/files/file-9/preprocess", "{\"id\":\"file-9\"}");
        assertThat(sent(client("together"))).isEqualTo("file-9");
        assertThat(asked).containsExactly("POST /v1/files", "PUT /bucket/1?sig=x", "POST /v1/files/file-9/preprocess");
        assertThat(bodies.get(0))
                .contains("batch-api")
                .contains("name=\"checksum\"")
                .doesNotContain("{}");
        assertThat(bodies.get(1)).isEqualTo("{}\n");
        assertThat(keys).containsExactly("Bearer sk|null", "null|null", "Bearer sk|null");
    }

    @Test
    void aFileThatTogetherHasAlreadyIsUsed() throws Exception {
        replies.put("POST /v1/files", new Reply(409, "{\"file_id\":\"file-8\"}", Map.of()));
        assertThat(sent(client("together"))).isEqualTo("file-8");
    }

    @Test
    void aRefusalOfTogethersStorageIsNoWordAboutTheKey() {
        replies.put(
                "POST /v1/files", new Reply(302, "", Map.of("Location", "/bucket/1", "X-Together-File-Id", "file-9")));
        replies.put("PUT /bucket/1", new Reply(403, "<Error/>", Map.of()));
        assertThatThrownBy(() -> sent(client("together"))).isInstanceOf(RetryableException.class);
    }

    @Test
    void groqsPagesFollowTheirCursor() throws Exception {
        on("GET /v1/batches", page("a", 3, ",\"paging\":{\"next_cursor\":\"c+1\"}"));
        on("GET /v1/batches?cursor=c%2B1", page("b", 2, ",\"paging\":{\"next_cursor\":null}"));
        assertThat(listed("groq")).extracting(BatchStatus::id).containsExactly("a", "b");
    }

    @Test
    void mistralsPagesAreNumberedAndEndWithOneThatIsNotFull() throws Exception {
        StringBuilder full = new StringBuilder("{\"data\":[");
        for (int i = 0; i < 100; i++) {
            full.append(i == 0 ? "" : ",").append("{\"id\":\"b").append(i).append("\",\"created_at\":1795600000}");
        }
        on("GET /v1/batch/jobs?page_size=100", full + "]}");
        on("GET /v1/batch/jobs?page_size=100&page=1", page("last", 1, ""));
        assertThat(listed("mistral"))
                .hasSize(101)
                .last()
                .extracting(BatchStatus::id)
                .isEqualTo("last");
    }

    @Test
    void togethersListIsOneArray() throws Exception {
        on("GET /v1/batches", "[{\"id\":\"a\",\"status\":\"COMPLETED\",\"created_at\":\"2026-11-21T00:00:00Z\"}]");
        assertThat(listed("together")).extracting(BatchStatus::id).containsExactly("a");
        on("GET /v1/batches", "{\"error\":\"overloaded\"}");
        assertThatThrownBy(() -> listed("together")).isInstanceOf(RetryableException.class);
    }

    @Test
    void aListThatGivesTheSamePageAgainProvesNothing() {
        String page = page("a", 3, ",\"has_more\":true");
        on("GET /v1/batches?limit=100", page);
        on("GET /v1/batches?limit=100&after=a", page);
        assertThatThrownBy(() -> listed("generic"))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("same page");
    }

    @Test
    void onlyTheServicesOwnWordsRefuseACreate() {
        replies.put("POST /v1/batch/jobs", new Reply(422, "{\"detail\":[{\"msg\":\"bad\"}]}", Map.of()));
        assertThat(create("mistral")).isInstanceOf(CreateOutcome.Refused.class);
        replies.put("POST /v1/batch/jobs", new Reply(404, "{\"detail\":\"Not Found\"}", Map.of()));
        assertThat(create("mistral")).isInstanceOf(CreateOutcome.InDoubt.class);
        replies.put("POST /v1/batches", new Reply(400, "{\"message\":\"a gateway's\"}", Map.of()));
        assertThat(create("azure")).isInstanceOf(CreateOutcome.InDoubt.class);
        replies.put("POST /v1/batches", new Reply(400, "{\"error\":\"a gateway's too\"}", Map.of()));
        assertThat(create("groq")).isInstanceOf(CreateOutcome.InDoubt.class);
    }

    private CreateOutcome create(String service) {
        return client(service).create(batch(), java.time.Duration.ofSeconds(5));
    }

    private static String page(String id, int day, String more) {
        return "{\"data\":[{\"id\":\"" + id + "\",\"created_at\":\"2026-11-2" + day + "T00:00:00Z\"}]" + more + "}";
    }

    @Test
    void limitsAreTheServicesOwn() {
        assertThat(OpenAiService.of("azure").limits().requests()).isEqualTo(100_000);
        assertThat(OpenAiService.of("together").limits().bytes()).isEqualTo(99_000_000L);
        assertThat(OpenAiService.of("openai").limits().bytes()).isEqualTo(198_000_000L);
        assertThat(OpenAiService.codes()).containsExactly("azure", "generic", "groq", "mistral", "openai", "together");
    }
}
