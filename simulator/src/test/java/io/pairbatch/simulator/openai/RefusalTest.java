package io.pairbatch.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.Cases;
import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
class RefusalTest {

    private Client client;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        client = Client.start(data, "--max-requests", "100", "--max-file-bytes", "100000");
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
    }

    @TestFactory
    Stream<DynamicTest> createRefuses() throws Exception {
        String file = client.file(Client.chat("a"));
        return Cases.of("openai/refused-creates.jsonl", given -> {
            ObjectNode body = Client.createBody(file, Client.CHAT, Map.of());
            body.setAll((ObjectNode) given.path("set"));
            int before = client.journal("create").size();

            Client.Reply reply = client.post("/v1/batches", body.toString());

            assertThat(reply.status()).isEqualTo(given.path("status").intValue());
            assertRefusal(reply.error(), given);
            assertThat(client.journal("create")).hasSize(before);
        });
    }

    @TestFactory
    Stream<DynamicTest> validationFails() throws Exception {
        return Cases.of("openai/refused-files.jsonl", given -> {
            List<String> lines = new ArrayList<>();
            given.path("lines")
                    .forEach(line -> lines.add(
                            line.asString(line.toString()).equals("GOOD")
                                    ? Client.chat("good")
                                    : line.asString(line.toString())));

            JsonNode batch = client.run(lines.toArray(String[]::new));

            assertThat(batch.path("status").stringValue()).isEqualTo("failed");
            assertThat(batch.path("failed_at").isNumber()).isTrue();
            JsonNode error = batch.path("errors").path("data").path(0);
            assertThat(error.path("code").stringValue())
                    .isEqualTo(given.path("code").stringValue());
            assertThat(error.path("line")).isEqualTo(given.path("line"));
            assertThat(error.path("message").stringValue()).isNotBlank();
        });
    }

    @TestFactory
    Stream<DynamicTest> bodiesAreJudgedByEndpointAndModel() throws Exception {
        return Cases.of("openai/bodies.jsonl", given -> {
            String url = given.path("url").stringValue();
            ObjectNode line =
                    Json.object().put("custom_id", "a").put("method", "POST").put("url", url);
            ObjectNode body = (ObjectNode) given.path("body").deepCopy();
            if (body.path("messages").isString()) {
                body.putArray("messages").addObject().put("role", "user").put("content", "P");
            }
            line.set("body", body);

            JsonNode batch = client.run(line.toString());

            assertThat(batch.path("status").stringValue()).isEqualTo("completed");
            if (!given.has("code")) {
                assertThat(client.output(batch)
                                .path(0)
                                .path("response")
                                .path("status_code")
                                .intValue())
                        .isEqualTo(200);
                return;
            }
            JsonNode answer = client.errors(batch).path(0);
            assertThat(answer.path("error").isNull()).isTrue();
            assertThat(answer.path("response").path("status_code").intValue()).isEqualTo(400);
            assertRefusal(answer.path("response").path("body").path("error"), given);
        });
    }

    private static void assertRefusal(JsonNode error, JsonNode given) {
        assertThat(error.path("param")).isEqualTo(given.path("param"));
        assertThat(error.path("code")).isEqualTo(given.path("code"));
        assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").stringValue()).isNotBlank();
    }

    @Test
    void tooManyRequestsFailValidation() throws Exception {
        JsonNode batch = client.run(Client.chats(101));

        assertThat(batch.path("status").stringValue()).isEqualTo("failed");
        assertThat(batch.path("errors").path("data").path(0).path("code").stringValue())
                .isEqualTo("too_many_tasks");
    }

    @Test
    void asManyRequestsAsAllowedPass() throws Exception {
        assertThat(client.run(Client.chats(100)).path("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void metadataValuesOf512CharactersPassAndLongerOnesDoNot() throws Exception {
        String file = client.file(Client.chat("a"));

        assertThat(client.create(file, Map.of("k", "v".repeat(512))).status()).isEqualTo(200);
        assertThat(client.create(file, Map.of("k", "v".repeat(513))).status()).isEqualTo(400);
    }

    @Test
    void aFileBeyondTheLimitIsRefused() throws Exception {
        Client.Reply reply = client.uploadAs("batch", "a.jsonl", "x".repeat(100_001));

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.error().path("type").stringValue()).isEqualTo("invalid_request_error");
    }

    @Test
    void aFileOfAnotherPurposeMakesNoBatch() throws Exception {
        String file = client.uploadAs("user_data", "a.jsonl", Client.chat("a"))
                .json()
                .path("id")
                .stringValue();

        Client.Reply reply = client.create(file, Map.of());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("param").stringValue()).isEqualTo("input_file_id");
    }

    @Test
    void anUnknownPurposeIsRefused() throws Exception {
        assertThat(client.uploadAs("batch_output", "a.jsonl", "{}")
                        .error()
                        .path("param")
                        .stringValue())
                .isEqualTo("purpose");
    }

    @Test
    void aBatchFileMustBeJsonl() throws Exception {
        assertThat(client.uploadAs("batch", "a.csv", "{}").status()).isEqualTo(400);
    }

    @Test
    void anUploadThatIsNoFormIsRefused() throws Exception {
        assertThat(client.post("/v1/files", "{}").status()).isEqualTo(400);
    }

    @Test
    void aBodyThatIsNoJsonIsRefused() throws Exception {
        assertThat(client.post("/v1/batches", "{").error().path("message").stringValue())
                .contains("could not parse the JSON body");
    }

    @Test
    void aMissingKeyIsRefused() throws Exception {
        Client.Reply reply = client.send(java.net.http.HttpRequest.newBuilder(
                java.net.URI.create(client.simulator().baseUrl() + "/v1/batches")));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.error().path("code").stringValue()).isEqualTo("invalid_api_key");
    }

    @Test
    void aWrongKeyIsRefusedAndNotRepeated() throws Exception {
        Client.Reply reply =
                client.send(client.request("/v1/batches").setHeader("Authorization", "Bearer sk-of-somebody-else"));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.error().path("code").stringValue()).isEqualTo("invalid_api_key");
        assertThat(reply.response().body()).doesNotContain("somebody");
    }

    @Test
    void unknownThingsAre404() throws Exception {
        assertThat(client.get("/v1/batches/batch_unknown").status()).isEqualTo(404);
        assertThat(client.get("/v1/files/file-unknown").status()).isEqualTo(404);
        assertThat(client.get("/v1/files/file-unknown/content").status()).isEqualTo(404);
        assertThat(client.delete("/v1/files/file-unknown").status()).isEqualTo(404);
        assertThat(client.get("/v1/unknown").status()).isEqualTo(404);
        assertThat(client.post("/v1/batches/batch_unknown/cancel", "{}").status())
                .isEqualTo(404);
    }

    @Test
    void anEndedBatchCannotBeCancelled() throws Exception {
        String id = client.run(Client.chat("a")).path("id").stringValue();

        assertThat(client.post("/v1/batches/" + id + "/cancel", "").status()).isEqualTo(409);
    }

    @Test
    void aPageOfMoreThanAHundredBatchesIsRefused() throws Exception {
        assertThat(client.get("/v1/batches?limit=101").error().path("param").stringValue())
                .isEqualTo("limit");
    }
}
