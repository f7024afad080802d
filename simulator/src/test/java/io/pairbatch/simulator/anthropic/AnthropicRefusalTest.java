package io.pairbatch.simulator.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.Cases;
import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
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
class AnthropicRefusalTest {

    private MessagesClient client;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        client = MessagesClient.start(data, "--max-requests", "100", "--max-file-bytes", "100000");
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
    }

    private static void assertRefused(Client.Reply reply, int status, String type, String message) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().path("type").stringValue()).isEqualTo("error");
        assertThat(reply.error().path("type").stringValue()).isEqualTo(type);
        assertThat(reply.error().path("message").stringValue()).startsWith(message);
        assertThat(reply.response().headers().firstValue("request-id"))
                .contains(reply.json().path("request_id").stringValue());
    }

    @TestFactory
    Stream<DynamicTest> createRefuses() throws Exception {
        return Cases.of("anthropic/anthropic-creates.jsonl", given -> {
            int before = client.control().journal("create").size();

            Client.Reply reply = client.post("", given.path("body").stringValue());

            assertRefused(
                    reply, 400, "invalid_request_error", given.path("message").stringValue());
            assertThat(client.control().journal("create")).hasSize(before);
        });
    }

    @TestFactory
    Stream<DynamicTest> paramsAreJudgedRequestByRequest() throws Exception {
        return Cases.of("anthropic/anthropic-params.jsonl", given -> {
            String request = MessagesClient.request("a", (ObjectNode) given.path("params"), "P");
            String id = client.control()
                    .send(client.http(MessagesClient.PATH)
                            .setHeader("anthropic-version", Json.text(given, "version", "2023-06-01"))
                            .POST(BodyPublishers.ofString("{\"requests\":[" + request + "]}")))
                    .json()
                    .path("id")
                    .stringValue();
            client.control().settle();

            JsonNode batch = client.batch(id);
            assertThat(batch.path("processing_status").stringValue()).isEqualTo("ended");
            JsonNode result = client.results(batch).getFirst().path("result");
            if (!given.has("message")) {
                assertThat(Json.text(result, "type", "")).as(result.toString()).isEqualTo("succeeded");
                return;
            }
            assertThat(batch.path("request_counts").path("errored").intValue()).isEqualTo(1);
            assertThat(result.path("type").stringValue()).isEqualTo("errored");
            assertThat(result.path("error").path("type").stringValue()).isEqualTo("error");
            JsonNode error = result.path("error").path("error");
            assertThat(error.path("type").stringValue()).isEqualTo(Json.text(given, "type", "invalid_request_error"));
            assertThat(error.path("message").stringValue())
                    .startsWith(given.path("message").stringValue());
        });
    }

    @Test
    void badParamsDoNotDisturbTheirNeighbours() throws Exception {
        JsonNode batch = client.run(
                MessagesClient.request("bad", Json.object().put("model", "x"), "P"), MessagesClient.request("good"));

        assertThat(client.results(batch))
                .extracting(line -> line.path("result").path("type").stringValue())
                .containsExactly("errored", "succeeded");
    }

    @Test
    void tooManyRequestsAreRefusedWithTheirNumber() throws Exception {
        assertRefused(
                client.create(MessagesClient.requests(102)),
                400,
                "invalid_request_error",
                "requests: List should have at most 100 items after validation, not 102");
        assertThat(client.create(MessagesClient.requests(100)).status()).isEqualTo(200);
    }

    @Test
    void aBodyBeyondTheLimitIsTooLarge() throws Exception {
        assertRefused(
                client.create(MessagesClient.request(
                        "a", Json.object().put("model", "claude-haiku-4-5"), "x".repeat(100_000))),
                413,
                "request_too_large",
                "Request exceeds the maximum size");
    }

    @Test
    void aMissingKeyIsRefused() throws Exception {
        Client.Reply reply =
                client.control().send(client.http(MessagesClient.PATH).setHeader("x-api-key", ""));

        assertRefused(reply, 401, "authentication_error", "x-api-key header is required");
    }

    @Test
    void aWrongKeyIsRefusedThoughTheBearerIsRight() throws Exception {
        Client.Reply reply = client.control()
                .send(client.http(MessagesClient.PATH)
                        .setHeader("x-api-key", "sk-of-somebody-else")
                        .header("Authorization", "Bearer sk-simulator"));

        assertRefused(reply, 401, "authentication_error", "API key is invalid.");
        assertThat(reply.response().body()).doesNotContain("somebody");
    }

    @Test
    void aVersionMustBeGivenAndKnown() throws Exception {
        Client.Reply none =
                client.control().send(client.http(MessagesClient.PATH).setHeader("anthropic-version", ""));
        Client.Reply other =
                client.control().send(client.http(MessagesClient.PATH).setHeader("anthropic-version", "2024-01-01"));

        assertRefused(none, 400, "invalid_request_error", "anthropic-version: header is required");
        assertRefused(other, 400, "invalid_request_error", "anthropic-version: \"2024-01-01\"");
    }

    @Test
    void unknownThingsAre404() throws Exception {
        String words = "Message Batch msgbatch_unknown not found.";
        assertRefused(client.get("/msgbatch_unknown"), 404, "not_found_error", words);
        assertRefused(client.get("/msgbatch_unknown/results"), 404, "not_found_error", words);
        assertRefused(client.post("/msgbatch_unknown/cancel", ""), 404, "not_found_error", words);
        assertRefused(client.delete("msgbatch_unknown"), 404, "not_found_error", words);
        assertThat(client.control()
                        .send(client.http("/v1/messages/count_tokens"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aBatchOfOneApiIsUnknownToTheOther() throws Exception {
        String openAi = client.control().run(Client.chat("a")).path("id").stringValue();
        String ours = client.open(MessagesClient.request("a"));

        assertThat(client.get("/" + openAi).status()).isEqualTo(404);
        assertThat(client.control().get("/v1/batches/" + ours).status()).isEqualTo(404);
        assertThat(client.control().get("/v1/files").response().body()).doesNotContain("lines-");
    }

    @Test
    void pagesHaveLimits() throws Exception {
        assertRefused(client.get("?limit=0"), 400, "invalid_request_error", "limit: ");
        assertRefused(client.get("?limit=1001"), 400, "invalid_request_error", "limit: ");
        assertRefused(client.get("?limit=x"), 400, "invalid_request_error", "limit: ");
        assertRefused(client.get("?after_id=msgbatch_unknown"), 400, "invalid_request_error", "after_id: ");
        assertThat(client.get("?limit=1000").status()).isEqualTo(200);
    }
}
