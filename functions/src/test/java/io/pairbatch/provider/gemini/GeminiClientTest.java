package io.pairbatch.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What is asked of Gemini, and what its answers are taken for; above all, what a gateway or a half-written answer must
/// never be taken for: the provider's word that there is no batch.
class GeminiClientTest {

    private static final Instant SINCE = Instant.parse("2026-11-22T10:00:00Z");
    private static final JsonMapper JSON = new JsonMapper();

    private GeminiServer server;
    private GeminiClient client;

    @BeforeEach
    void start() throws IOException {
        server = new GeminiServer();
        client = new GeminiClient(server.base(), "secret", 1, "v1beta");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aCreateNamesModelFileAndToken() {
        server.willAnswer(200, "{\"name\": \"batches/b1\", \"metadata\": {\"state\": \"BATCH_STATE_PENDING\"}}");
        assertThat(create("gemini-3-flash-preview")).isEqualTo(new CreateOutcome.Created("batches/b1"));
        assertThat(server.requests).containsExactly("POST /v1beta/models/gemini-3-flash-preview:batchGenerateContent");
        assertThat(server.keys).containsExactly("secret");
        assertThat(JSON.readTree(server.bodies.getFirst()))
                .isEqualTo(JSON.readTree("{\"batch\": {\"display_name\": \"pairbatch 0a1b2c3d-000001-00ff\","
                        + " \"input_config\": {\"file_name\": \"files/abc\"}}}"));
    }

    @Test
    void theVersionOfTheApiStandsInEveryPath() throws Exception {
        client = new GeminiClient(server.base(), "secret", 1, "v1alpha");
        server.willAnswer(200, "{\"name\": \"batches/b1\"}");
        create("models/m");
        client.retrieve("batches/b1");
        client.download("files/f1").close();
        server.canned.clear();
        server.willAnswer(200, "{}");
        client.list(SINCE, batch -> true);
        assertThat(server.requests)
                .containsExactly(
                        "POST /v1alpha/models/m:batchGenerateContent",
                        "GET /v1alpha/batches/b1",
                        "GET /download/v1alpha/files/f1:download?alt=media",
                        "GET /v1alpha/batches?pageSize=100");
    }

    @Test
    void anIdWillDoInPlaceOfAName() {
        server.willAnswer(200, "{\"id\": \"b7\"}");
        assertThat(create("m")).isEqualTo(new CreateOutcome.Created("b7"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | INVALID_ARGUMENT    | Unknown name                                  | REQUEST",
                "400 | FAILED_PRECONDITION | User location is not supported for the API use | KEY",
                "400 | FAILED_PRECONDITION | The File abc is not in an ACTIVE state        | LATER",
                "401 | UNAUTHENTICATED     | Request had invalid credentials               | KEY",
                "403 | PERMISSION_DENIED   | Your project has been denied access           | KEY",
                "403 | PERMISSION_DENIED   | You do not have permission to access the File abc or it may not exist. | NOT_FOUND",
                "404 | NOT_FOUND           | Requested entity was not found.               | NOT_FOUND",
                "404 | NOT_FOUND           | models/m is not found for API version v1beta  | REQUEST",
                "429 | RESOURCE_EXHAUSTED  | You exceeded your current quota               | LATER"
            })
    void aRefusalInTheProvidersOwnWordsMeansThatNothingWasCreated(
            int status, String word, String message, Kind meaning) {
        server.willAnswer(status, error(status, word, message, ""));
        assertThat(create("m")).isInstanceOfSatisfying(CreateOutcome.Refused.class, refused -> {
            assertThat(refused.reason().kind()).isEqualTo(meaning);
            assertThat(refused.reason().describe()).isEqualTo("HTTP " + status + " " + word + ": " + message);
        });
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aBadKeyComesAsABadRequest() {
        server.willAnswer(
                400,
                error(
                        400,
                        "INVALID_ARGUMENT",
                        "API key not valid. Please pass a valid API key.",
                        "{\"@type\": \"type.googleapis.com/google.rpc.ErrorInfo\", \"reason\": \"API_KEY_INVALID\"}"));
        assertThat(create("m"))
                .isInstanceOfSatisfying(
                        CreateOutcome.Refused.class,
                        refused -> assertThat(refused.reason().kind()).isEqualTo(Kind.KEY));
    }

    @Test
    void anotherDetailOfABadRequestIsNoMatterOfTheKey() {
        server.willAnswer(400, error(400, "INVALID_ARGUMENT", "Unknown name", "{\"reason\": \"FIELD_UNKNOWN\"}"));
        assertThat(create("m"))
                .isInstanceOfSatisfying(
                        CreateOutcome.Refused.class,
                        refused -> assertThat(refused.reason().kind()).isEqualTo(Kind.REQUEST));
    }

    @Test
    void uploadedFilesAreUsedForLessThanTheTwoDaysThatTheyAreKept() {
        assertThat(client.fileLife()).isBetween(Duration.ofHours(30), Duration.ofHours(47));
    }

    @Test
    void aKeyInAMessageIsNotRepeated() {
        server.willAnswer(
                403, error(403, "PERMISSION_DENIED", "Consumer 'api_key:AIzaSyNotARealOne' is suspended", ""));
        assertThat(create("m"))
                .isInstanceOfSatisfying(
                        CreateOutcome.Refused.class,
                        refused -> assertThat(refused.reason().describe())
                                .isEqualTo("HTTP 403 PERMISSION_DENIED: Consumer 'api_key:***' is suspended"));
    }

    @Test
    void aRefusalSaysHowLongToWait() {
        server.canned.add(new GeminiServer.Canned(
                429, error(429, "RESOURCE_EXHAUSTED", "quota", ""), Map.of("Retry-After", "17")));
        assertThat(create("m"))
                .isInstanceOfSatisfying(
                        CreateOutcome.Refused.class,
                        refused -> assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(17)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | {\"error\": {\"code\": 500, \"message\": \"m\", \"status\": \"INTERNAL\"}}",
                "503 | {\"error\": {\"code\": 503, \"message\": \"m\", \"status\": \"UNAVAILABLE\"}}",
                "504 | {\"error\": {\"code\": 504, \"message\": \"m\", \"status\": \"DEADLINE_EXCEEDED\"}}",
                "409 | {\"error\": {\"code\": 409, \"message\": \"m\", \"status\": \"ABORTED\"}}",
                "400 | <html>bad gateway</html>",
                "404 | {}",
                "200 | {\"done\": false}",
                "200 | not JSON",
                "302 | moved"
            })
    void everythingElseLeavesACreateInDoubtAndIsNotRepeated(int status, String body) {
        client = new GeminiClient(server.base(), "secret", 5, "v1beta");
        server.willAnswer(status, body);
        assertThat(create("m")).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "BATCH_STATE_PENDING,PENDING,RUNNING",
        "BATCH_STATE_RUNNING,RUNNING,RUNNING",
        "BATCH_STATE_SUCCEEDED,SUCCEEDED,COMPLETED",
        "BATCH_STATE_FAILED,FAILED,FAILED",
        "BATCH_STATE_CANCELLED,CANCELLED,CANCELLED",
        "BATCH_STATE_EXPIRED,EXPIRED,EXPIRED",
        "BATCH_STATE_UNSPECIFIED,UNSPECIFIED,RUNNING",
        "JOB_STATE_QUEUED,QUEUED,RUNNING",
        "JOB_STATE_CANCELLING,CANCELLING,RUNNING",
        "JOB_STATE_PAUSED,PAUSED,RUNNING",
        "JOB_STATE_UPDATING,UPDATING,RUNNING",
        "JOB_STATE_SUCCEEDED,SUCCEEDED,COMPLETED",
        "JOB_STATE_PARTIALLY_SUCCEEDED,PARTIALLY_SUCCEEDED,COMPLETED",
        "JOB_STATE_EXPIRED,EXPIRED,EXPIRED",
        "SUCCEEDED,SUCCEEDED,COMPLETED",
        "BATCH_STATE_DREAMING,DREAMING,RUNNING"
    })
    void everyStateHasItsWordAndItsMeaning(String sent, String word, BatchState meaning) throws Exception {
        server.willAnswer(200, "{\"name\": \"batches/b1\", \"metadata\": {\"state\": \"" + sent + "\"}}");
        BatchStatus batch = client.retrieve("batches/b1");
        assertThat(batch.status()).isEqualTo(word);
        assertThat(batch.state()).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\": \"batches/b1\", \"state\": \"BATCH_STATE_EXPIRED\"} | EXPIRED",
                "{\"name\": \"batches/b1\", \"done\": true, \"response\": {}} | COMPLETED",
                "{\"name\": \"batches/b1\", \"done\": true, \"error\": {\"code\": 13}} | FAILED",
                "{\"name\": \"batches/b1\", \"done\": false, \"error\": {\"code\": 13}} | RUNNING",
                "{\"name\": \"batches/b1\", \"done\": true} | RUNNING",
                "{\"name\": \"batches/b1\"} | RUNNING"
            })
    void anOperationWithoutStateSaysByItselfWhetherItIsDone(String body, BatchState meaning) throws Exception {
        server.willAnswer(200, body);
        assertThat(client.retrieve("batches/b1").state()).isEqualTo(meaning);
    }

    @Test
    void aBatchThatSucceededIsReadWhole() throws Exception {
        server.willAnswer(200, """
                {"name": "batches/b1", "done": true,
                 "metadata": {"@type": "t", "model": "models/m", "displayName": "pairbatch 0a1b2c3d-000001-00ff",
                   "state": "BATCH_STATE_SUCCEEDED", "createTime": "2026-11-22T10:00:00.123456789Z",
                   "inputConfig": {"fileName": "files/abc"},
                   "output": {"responsesFile": "files/batch-other"},
                   "batchStats": {"requestCount": "30", "successfulRequestCount": "28", "failedRequestCount": 2}},
                 "response": {"responsesFile": "files/batch-b1"}}""");
        assertThat(client.retrieve("batches/b1"))
                .isEqualTo(new BatchStatus(
                        "batches/b1",
                        BatchState.COMPLETED,
                        "SUCCEEDED",
                        30,
                        28,
                        2,
                        "files/abc",
                        "files/batch-b1",
                        null,
                        null,
                        null,
                        Instant.parse("2026-11-22T10:00:00.123456789Z"),
                        Map.of(BatchProvider.TOKEN, "0a1b2c3d-000001-00ff")));
    }

    @Test
    void theOutputIsFoundWhereTheMetadataHasIt() throws Exception {
        server.willAnswer(200, """
                {"name": "batches/b1", "metadata": {"state": "BATCH_STATE_SUCCEEDED", "displayName": "somebody's",
                 "createTime": "2026-11-22T11:00:00+01:00", "output": {"responsesFile": "files/batch-b1"},
                 "batchStats": {"requestCount": null, "successfulRequestCount": "many", "failedRequestCount": [1]}}}""");
        BatchStatus batch = client.retrieve("batches/b1");
        assertThat(batch.outputFileId()).isEqualTo("files/batch-b1");
        assertThat(batch.createdAt()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(batch.metadata()).isEmpty();
        assertThat(batch.total() + batch.completed() + batch.failed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"metadata\": null",
                "\"metadata\": [{\"state\": \"BATCH_STATE_FAILED\"}], \"error\": null",
                "\"metadata\": {\"inputConfig\": [\"x\"], \"batchStats\": 7, \"output\": null, \"createTime\": \"soon\"}",
                "\"metadata\": {\"inputConfig\": {\"requests\": {\"fileName\": \"x\"}}, \"createTime\": null}",
                "\"metadata\": {\"output\": {\"inlinedResponses\": {\"responsesFile\": \"x\"}}, \"state\": {}}",
                "\"response\": \"x\", \"error\": \"x\", \"state\": 3"
            })
    void whatIsMissingOrOfAnotherKindIsNoReasonToEndABatch(String rest) throws Exception {
        server.willAnswer(200, "{" + rest + ", \"name\": \"batches/b1\"}");
        assertThat(client.retrieve("batches/b1"))
                .isEqualTo(new BatchStatus(
                        "batches/b1",
                        BatchState.RUNNING,
                        "UNSPECIFIED",
                        0,
                        0,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Instant.EPOCH,
                        Map.of()));
    }

    @Test
    void aFailedBatchSaysWhy() throws Exception {
        server.willAnswer(200, """
                {"name": "batches/b1", "done": true, "metadata": {"state": "BATCH_STATE_FAILED"},
                 "error": {"code": 3, "message": "line 7 is no request", "details": []}}""");
        BatchStatus batch = client.retrieve("batches/b1");
        assertThat(batch.errorCode()).isEqualTo("3");
        assertThat(batch.errorMessage()).isEqualTo("line 7 is no request");
        assertThat(batch.outputFileId()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"code\": 8} | 0 | NO_ROOM",
                "{\"code\": 429, \"status\": \"RESOURCE_EXHAUSTED\"} | 0 | NO_ROOM",
                "{\"code\": 8} | 1 | FAILED",
                "{\"code\": 8, \"message\": \"your spending cap is reached\"} | 0 | NO_CREDIT",
                "{\"code\": 8, \"message\": \"Your prepayment credits are depleted.\"} | 0 | NO_CREDIT",
                "{\"code\": 8, \"message\": \"check your plan and billing details\"} | 0 | NO_ROOM",
                "{\"code\": 9, \"message\": \"Billing is disabled.\"} | 0 | NO_CREDIT",
                "{\"code\": 9, \"message\": \"Billing is disabled.\"} | 1 | FAILED",
                "{\"code\": 9, \"message\": \"The File x is not in an ACTIVE state\"} | 0 | NO_ROOM",
                "{\"code\": 5, \"message\": \"files/a is not found\"} | 0 | NO_FILE",
                "{\"code\": 5, \"message\": \"models/a is not found\"} | 0 | FAILED",
                "{\"code\": 7, \"message\": \"You may not access the File a or it does not exist\"} | 0 | NO_FILE",
                "{\"code\": 13} | 0 | FAILED"
            })
    void aBatchThatFoundNoRoomMayBeCreatedAgainUnlessSomeOfItRan(String error, int succeeded, BatchState meaning)
            throws Exception {
        server.willAnswer(200, """
                {"name": "batches/b1", "metadata": {"state": "BATCH_STATE_FAILED",
                 "batchStats": {"successfulRequestCount": "%d"}}, "done": true, "error": %s}""".formatted(succeeded, error));
        assertThat(client.retrieve("batches/b1").state()).isEqualTo(meaning);
    }

    @Test
    void aBatchIsGoneOnlyInTheProvidersOwnWords() throws Exception {
        server.willAnswer(404, "<html>no route</html>");
        assertThatThrownBy(() -> client.retrieve("batches/b1")).isInstanceOf(RetryableException.class);
        server.canned.clear();
        server.willAnswer(404, error(404, "NOT_FOUND", "Requested entity was not found.", ""));
        assertThat(client.retrieve("batches/b1").state()).isEqualTo(BatchState.GONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "{}", "{\"name\": \"batches/b1\"", "\"x\"", ""})
    void anAnswerThatIsNoBatchIsAnOutage(String body) {
        server.willAnswer(200, body);
        assertThatThrownBy(() -> client.retrieve("batches/b1")).isInstanceOf(RetryableException.class);
    }

    @Test
    void anOutageIsNotARefusal() throws Exception {
        client = new GeminiClient(server.base(), "secret", 2, "v1beta");
        server.willAnswer(503, "");
        server.willAnswer(200, "{\"name\": \"batches/b1\"}");
        assertThat(client.retrieve("batches/b1").state()).isEqualTo(BatchState.RUNNING);
        server.canned.clear();
        server.willAnswer(503, "");
        assertThatThrownBy(() -> client.retrieve("batches/b1")).isInstanceOf(RetryableException.class);
        server.canned.clear();
        server.willAnswer(401, error(401, "UNAUTHENTICATED", "no", ""));
        assertThatThrownBy(() -> client.retrieve("batches/b1")).isInstanceOf(RefusedException.class);
    }

    @Test
    void everyPageOfTheListIsReadWhateverItsOrder() throws Exception {
        server.willAnswer(200, page("p 2", "old@2026-11-21T00:00:00Z", "b1@2026-11-22T12:00:00Z"));
        server.willAnswer(200, page("p3", "older@2026-01-01T00:00:00Z"));
        server.willAnswer(200, page("", "b2@2026-11-23T00:00:00Z", "b3@2026-11-22T10:00:00Z"));
        assertThat(listed()).containsExactly("batches/b1", "batches/b2", "batches/b3");
        assertThat(server.requests)
                .containsExactly(
                        "GET /v1beta/batches?pageSize=100",
                        "GET /v1beta/batches?pageSize=100&pageToken=p+2",
                        "GET /v1beta/batches?pageSize=100&pageToken=p3");
    }

    @Test
    void aListIsLeftOnceItsVisitorHasSeenEnough() throws Exception {
        server.willAnswer(200, page("p2", "b1@2026-11-22T12:00:00Z", "b2@2026-11-22T12:00:00Z"));
        List<String> seen = new ArrayList<>();
        client.list(SINCE, batch -> !seen.add(batch.id()));
        assertThat(seen).containsExactly("batches/b1");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aBatchOfUnknownAgeIsShown() throws Exception {
        server.willAnswer(200, "{\"operations\": [{\"name\": \"batches/b1\", \"metadata\": {}}]}");
        assertThat(listed()).containsExactly("batches/b1");
    }

    @Test
    void aTokenThatComesTwiceIsAnOutageNotAnEnd() {
        server.willAnswer(200, page("p2", "b1@2026-11-22T12:00:00Z"));
        server.willAnswer(200, page("p3", "b2@2026-11-22T12:00:00Z"));
        server.willAnswer(200, page("p2", "b1@2026-11-22T12:00:00Z"));
        assertThatThrownBy(this::listed).isInstanceOf(RetryableException.class);
        assertThat(server.requests).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"operations\": []}",
                "{\"operations\": [], \"unreachable\": []}",
                "{\"operations\": [], \"nextPageToken\": \"\"}"
            })
    void aListWithoutBatchesIsOne(String body) throws Exception {
        server.willAnswer(200, body);
        assertThat(listed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{\"status\": \"ok\"}",
                "{\"operations\": null}",
                "{\"operations\": {}}",
                "{\"operations\": [null]}",
                "{\"operations\": [{\"metadata\": {\"state\": \"BATCH_STATE_RUNNING\"}}]}",
                "{\"operations\": [], \"nextPageToken\": 7}",
                "{\"operations\": [], \"unreachable\": [\"us\"]}",
                "{\"operations\": [{\"name\": \"batches/b1\"}"
            })
    void anAnswerThatIsNoListIsAnOutageNotAnEmptyList(String body) {
        server.willAnswer(200, body);
        assertThatThrownBy(this::listed).isInstanceOf(RetryableException.class);
    }

    @Test
    void aBatchThatHoldsAllItsAnswersIsNoObstacle() throws Exception {
        String answers =
                "{\"inlinedResponses\": {\"inlinedResponses\": [{\"response\": \"" + "x".repeat(6_000_000) + "\"}]}}";
        server.willAnswer(200, """
                {"operations": [
                 {"name": "batches/huge", "metadata": {"createTime": "2026-11-22T12:00:00Z", "output": %s},
                  "response": %s},
                 {"name": "batches/b1", "metadata": {"createTime": "2026-11-22T12:00:00Z"}}]}""".formatted(answers, answers));
        assertThat(listed()).containsExactly("batches/huge", "batches/b1");
    }

    @Test
    void aFileIsReadFromItsDownloadPath() throws Exception {
        server.willAnswer(200, "{\"key\": \"k\"}\n");
        try (InputStream in = client.download("files/batch-b1")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"key\": \"k\"}\n");
        }
        assertThat(server.requests).containsExactly("GET /download/v1beta/files/batch-b1:download?alt=media");
    }

    @Test
    void aGatewayThatHasLostItsWayDoesNotTakeAFileAway() {
        server.willAnswer(404, "no route");
        assertThatThrownBy(() -> client.download("files/batch-b1")).isInstanceOf(RetryableException.class);
        server.canned.clear();
        server.willAnswer(404, error(404, "NOT_FOUND", "gone", ""));
        assertThatThrownBy(() -> client.download("files/batch-b1")).isInstanceOf(RefusedException.class);
    }

    private CreateOutcome create(String model) {
        return client.create(
                new NewBatch(
                        "files/abc",
                        model,
                        "",
                        Map.of(BatchProvider.TOKEN, "0a1b2c3d-000001-00ff", "pairbatch_job", "j"),
                        1,
                        10,
                        InputStream::nullInputStream),
                Duration.ofSeconds(5));
    }

    private List<String> listed() throws RefusedException {
        List<String> seen = new ArrayList<>();
        client.list(SINCE, batch -> seen.add(batch.id()));
        return seen;
    }

    private static String error(int code, String status, String message, String detail) {
        return "{\"error\": {\"code\": " + code + ", \"message\": \"" + message + "\", \"status\": \"" + status
                + "\", \"details\": [" + detail + "]}}";
    }

    /// @param batches `name@time`
    private static String page(String token, String... batches) {
        List<String> operations = new ArrayList<>();
        for (String batch : batches) {
            String[] parts = batch.split("@", 2);
            operations.add("{\"name\": \"batches/" + parts[0] + "\", \"metadata\": {\"createTime\": \"" + parts[1]
                    + "\", \"state\": \"BATCH_STATE_RUNNING\"}}");
        }
        return "{\"operations\": [" + String.join(", ", operations) + "]"
                + (token.isEmpty() ? "" : ", \"nextPageToken\": \"" + token + "\"") + "}";
    }

    private static final String INLINE = """
            {"name": "batches/b1", "metadata": {"displayName": "inlinedResponses", "state": "BATCH_STATE_SUCCEEDED",
             "batchStats": {"requestCount": "2", "successfulRequestCount": "2"},
             "output": {"inlinedResponses": {"inlinedResponses": [
               {"response": {"modelVersion": "m1"}}, {"metadata": {"key": "k"}, "error": {"code": 13}}]}}},
             "done": true,
             "response": {"inlinedResponses": {"inlinedResponses": [{"response": {}}, {"response": {}}]}}}
            """;

    @Test
    void answersThatStandInTheBatchItselfAreLinesWithTheirPlaces() throws Exception {
        for (int i = 0; i < 3; i++) {
            server.willAnswer(200, INLINE);
        }
        BatchStatus batch = client.retrieve("batches/b1");
        assertThat(batch.state()).isEqualTo(BatchState.COMPLETED);
        assertThat(batch.outputFileId()).isEqualTo("batches/b1");
        try (InputStream lines = client.download("batches/b1")) {
            assertThat(new String(lines.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("""
                            {"key":"1/2","response":{"modelVersion":"m1"}}
                            {"key":"2/2","metadata":{"key":"k"},"error":{"code":13}}
                            """);
        }
    }

    @Test
    void answersInAListByThemselvesAreReadTooAndABrokenOneIsNoEnd() throws Exception {
        String list = "{\"response\": {\"inlinedResponses\": [{\"response\": {\"a\": 1}}]}}";
        server.willAnswer(200, list);
        server.willAnswer(200, list);
        try (InputStream lines = client.download("batches/b1")) {
            assertThat(new String(lines.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"key\":\"1/1\",\"response\":{\"a\":1}}\n");
        }
        server.canned.clear();
        server.willAnswer(200, list);
        server.willAnswer(200, "{\"response\": {\"inlinedResponses\": [");
        try (InputStream lines = client.download("batches/b1")) {
            assertThatThrownBy(lines::readAllBytes).isInstanceOf(IOException.class);
        }
    }
}
