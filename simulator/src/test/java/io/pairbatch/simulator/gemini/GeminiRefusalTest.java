package io.pairbatch.simulator.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.Cases;
import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GeminiRefusalTest {

    private static final String CREATE = "/v1beta/models/gemini-2.5-flash:batchGenerateContent";

    private GeminiClient client;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        client = GeminiClient.start(data);
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
    }

    private static void assertError(Client.Reply reply, int status, String reason, String message) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.error().path("code").intValue()).isEqualTo(status);
        assertThat(reply.error().path("status").stringValue()).isEqualTo(reason);
        assertThat(reply.error().path("message").stringValue()).contains(message);
    }

    @TestFactory
    Stream<DynamicTest> createRefusesBodies() throws Exception {
        String file = client.file(GeminiClient.line("a"));
        return Cases.of("gemini/gemini-creates.jsonl", given -> {
            int before = client.common().journal("create").size();

            Client.Reply reply =
                    client.post(CREATE, given.path("body").toString().replace("FILE", file));

            int status = given.path("status").intValue();
            assertError(
                    reply,
                    status,
                    status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT",
                    given.path("message").stringValue());
            assertThat(client.common().journal("create")).hasSize(before);
        });
    }

    @TestFactory
    Stream<DynamicTest> createRefusesFiles() throws Exception {
        return Cases.of("gemini/gemini-files.jsonl", given -> {
            List<String> lines = new ArrayList<>();
            given.path("lines")
                    .forEach(line -> lines.add(
                            line.asString(line.toString()).equals("GOOD")
                                    ? GeminiClient.line("good")
                                    : line.asString(line.toString())));
            String file = client.file(lines.toArray(String[]::new));
            int before = client.common().journal("create").size();

            Client.Reply reply = client.create(GeminiClient.MODEL, file, "x");

            assertError(reply, 400, "INVALID_ARGUMENT", given.path("message").stringValue());
            assertThat(client.common().journal("create")).hasSize(before);
        });
    }

    @TestFactory
    Stream<DynamicTest> requestsAreJudgedByModel() throws Exception {
        return Cases.of("gemini/gemini-requests.jsonl", given -> {
            ObjectNode line = (ObjectNode) Json.MAPPER.readTree(GeminiClient.line("a"));
            ObjectNode request = (ObjectNode) line.path("request");
            request.setAll((ObjectNode) given.path("request"));

            JsonNode batch = client.runOn(given.path("model").stringValue(), line.toString());

            assertThat(GeminiClient.state(batch)).isEqualTo("BATCH_STATE_SUCCEEDED");
            JsonNode answer = client.output(batch).getFirst();
            assertThat(answer.path("key").stringValue()).isEqualTo("a");
            if (!given.has("message")) {
                assertThat(answer.path("response").path("candidates").size()).isEqualTo(1);
                return;
            }
            JsonNode error = answer.path("error");
            assertThat(error.path("code").intValue()).isEqualTo(400);
            assertThat(error.path("status").stringValue()).isEqualTo("INVALID_ARGUMENT");
            assertThat(error.path("message").stringValue())
                    .contains(given.path("message").stringValue());
        });
    }

    @Test
    void severalMisfitsAreToldAtOnce() throws Exception {
        Client.Reply reply = client.post(CREATE, "{\"a\":1,\"batch\":{\"b\":2}}");

        assertThat(reply.error().path("message").stringValue().lines()).hasSize(2);
        JsonNode details = reply.error().path("details").path(0);
        assertThat(details.path("@type").stringValue()).isEqualTo("type.googleapis.com/google.rpc.BadRequest");
        assertThat(details.path("fieldViolations").path(0).has("field")).isFalse();
        assertThat(details.path("fieldViolations").path(1).path("field").stringValue())
                .isEqualTo("batch");
    }

    @Test
    void everyBadLineIsTold() throws Exception {
        String file = client.file("{", GeminiClient.line("a"), "{\"key\":\"b\"}");

        assertThat(client.create(GeminiClient.MODEL, file, "x")
                        .error()
                        .path("message")
                        .stringValue()
                        .lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("Error on line 1:"))
                .anyMatch(line -> line.startsWith("Error on line 3:"));
    }

    @Test
    void aMissingKeyIsForbidden() throws Exception {
        assertError(client.send(client.bare("/v1beta/batches")), 403, "PERMISSION_DENIED", "unregistered callers");
    }

    @Test
    void aWrongKeyIsABadRequestAndNotRepeated() throws Exception {
        Client.Reply reply = client.send(client.bare("/v1beta/files").header("x-goog-api-key", "somebody-elses"));

        assertError(reply, 400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.");
        assertThat(reply.error().path("details").path(0).path("reason").stringValue())
                .isEqualTo("API_KEY_INVALID");
        assertThat(reply.response().body()).doesNotContain("somebody");
    }

    @Test
    void aKeyMayComeInTheQuery() throws Exception {
        assertThat(client.send(client.bare("/v1beta/batches?key=sk-simulator")).status())
                .isEqualTo(200);
    }

    @Test
    void unknownThingsAre404() throws Exception {
        String file = client.file(GeminiClient.line("a"));

        assertError(client.get("/v1beta/batches/unknown"), 404, "NOT_FOUND", "not found");
        assertError(client.delete("/v1beta/batches/unknown"), 404, "NOT_FOUND", "not found");
        assertError(client.post("/v1beta/batches/unknown:cancel", "{}"), 404, "NOT_FOUND", "not found");
        assertError(
                client.create("gemini-1.5-flash", file, "x"),
                404,
                "NOT_FOUND",
                "models/gemini-1.5-flash is not found for API version v1beta");
        assertError(client.get("/v1beta/unknown"), 404, "NOT_FOUND", "");
        assertError(client.post("/v1beta/models/gemini-2.5-flash:countTokens", "{}"), 404, "NOT_FOUND", "");
    }

    @Test
    void aBodyThatIsNoJsonIsRefused() throws Exception {
        assertError(client.post(CREATE, "{"), 400, "INVALID_ARGUMENT", "Invalid JSON payload");
    }

    @Test
    void aBodyOfMoreThanTwentyMebibytesIsRefused() throws Exception {
        String body =
                "{\"batch\":{\"input_config\":{\"requests\":{\"requests\":[{\"request\":{\"contents\":[{\"parts\":[{\"text\":\""
                        + "x".repeat(20 << 20) + "\"}]}]}}]}}}}";

        assertError(
                client.post(CREATE, body),
                400,
                "INVALID_ARGUMENT",
                "Request payload size exceeds the limit: 20971520 bytes.");
    }

    @Test
    void unknownParametersOfAListAreRefused() throws Exception {
        assertError(client.get("/v1beta/batches?limit=5"), 400, "INVALID_ARGUMENT", "Cannot bind query parameter");
        assertError(client.get("/v1beta/batches?pageSize=x"), 400, "INVALID_ARGUMENT", "page_size");
        assertError(client.get("/v1beta/files?pageToken=x"), 400, "INVALID_ARGUMENT", "token");
    }

    @Test
    void theHundredAndFirstOpenBatchIsOneTooMany(@TempDir Path data) throws Exception {
        try (GeminiClient fresh = GeminiClient.start(data, "--batch-seconds", "1000")) {
            String file = fresh.file(GeminiClient.line("a"));
            String first = fresh.create(GeminiClient.MODEL, file, "x")
                    .json()
                    .path("name")
                    .stringValue();
            for (int i = 1; i < 100; i++) {
                assertThat(fresh.create(GeminiClient.MODEL, file, "x").status()).isEqualTo(200);
            }

            assertError(
                    fresh.create(GeminiClient.MODEL, file, "x"),
                    429,
                    "RESOURCE_EXHAUSTED",
                    "exceeded your current quota");
            fresh.common().settle();
            assertThat(GeminiClient.state(fresh.batch(first))).isEqualTo("BATCH_STATE_SUCCEEDED");
            assertThat(fresh.create(GeminiClient.MODEL, file, "x").status()).isEqualTo(200);
        }
    }

    @Test
    void tokensAreCountedByModel(@TempDir Path data) throws Exception {
        try (GeminiClient fresh = GeminiClient.start(data, "--batch-seconds", "1000", "--max-enqueued-tokens", "60")) {
            String file = fresh.file(GeminiClient.line("a"));

            assertThat(fresh.create(GeminiClient.MODEL, file, "x").status()).isEqualTo(200);
            assertThat(fresh.create(GeminiClient.MODEL, file, "x").status()).isEqualTo(429);
            assertThat(fresh.create("gemini-2.5-pro", file, "x").status()).isEqualTo(200);
            assertThat(fresh.create("gemini-3.8-flash", fresh.file(GeminiClient.lines(2)), "x")
                            .status())
                    .isEqualTo(429);
            assertThat(fresh.common().journal("create")).hasSize(2);
        }
    }
}
