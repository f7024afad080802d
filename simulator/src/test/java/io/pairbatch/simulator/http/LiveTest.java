package io.pairbatch.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.Cases;
import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.anthropic.MessagesClient;
import io.pairbatch.simulator.gemini.GeminiClient;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Single requests are answered and refused like the same requests in a batch.
@SuppressWarnings("NullAway.Init")
class LiveTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");

    @TempDir
    Path data = Path.of("");

    private Client client;

    @BeforeEach
    void start() throws IOException {
        client = Client.start(data);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
    }

    private void restart(String... options) throws IOException {
        client.close();
        client = Client.start(data, options);
    }

    private HttpRequest.Builder bare(String path, String body) {
        return HttpRequest.newBuilder(URI.create(client.simulator().baseUrl() + path))
                .POST(BodyPublishers.ofString(body));
    }

    private Client.Reply message(ObjectNode params) throws IOException, InterruptedException {
        return client.send(bare("/v1/messages", params.toString())
                .header("x-api-key", "sk-simulator")
                .header("anthropic-version", "2023-06-01"));
    }

    private Client.Reply generate(String model, JsonNode request) throws IOException, InterruptedException {
        return client.send(bare("/v1beta/models/" + model + ":generateContent", request.toString())
                .header("x-goog-api-key", "sk-simulator"));
    }

    private static ObjectNode chat(String model, String more) {
        return (ObjectNode) Json.MAPPER
                .readTree(Client.chat("x", model, Client.prompt("One", "Two"), more))
                .path("body");
    }

    private static ObjectNode params(String model) {
        return (ObjectNode) Json.MAPPER
                .readTree(MessagesClient.request("x", Json.object().put("model", model), Client.prompt("One", "Two")))
                .path("params");
    }

    private static ObjectNode request(String more) {
        return (ObjectNode) Json.MAPPER
                .readTree(GeminiClient.line("x", Client.prompt("One", "Two"), more))
                .path("request");
    }

    private static String winner(String answer) {
        return answer.replaceAll("(?s).*<BETTER_SAMPLE>(SAMPLE_[12])</BETTER_SAMPLE>.*", "$1");
    }

    @Test
    void aPairHasTheSameWinnerLiveAndInABatchOfEveryProvider() throws Exception {
        Map<String, String> live = new TreeMap<>();
        for (String name : NAMES) {
            JsonNode body = Json.MAPPER.readTree(Client.chat(name)).path("body");
            live.put(
                    name,
                    winner(client.post("/v1/chat/completions", body.toString())
                            .json()
                            .at("/choices/0/message/content")
                            .stringValue()));
        }
        Map<String, String> batch = new TreeMap<>();
        for (JsonNode line :
                client.output(client.run(NAMES.stream().map(Client::chat).toArray(String[]::new)))) {
            batch.put(
                    line.path("custom_id").stringValue(),
                    winner(line.at("/response/body/choices/0/message/content").stringValue()));
        }
        Map<String, String> others = new TreeMap<>();
        for (String name : NAMES) {
            String prompt = Client.prompt("Text one of " + name, "Text two of " + name);
            ObjectNode params = params("claude-haiku-4-5");
            params.putArray("messages").addObject().put("role", "user").put("content", prompt);
            JsonNode request = Json.MAPPER.readTree(GeminiClient.line(name)).path("request");
            String responses =
                    Json.object().put("model", "gpt-5.1").put("input", prompt).toString();
            others.put(
                    name,
                    String.join(
                            " ",
                            winner(message(params).json().at("/content/0/text").stringValue()),
                            winner(generate(GeminiClient.MODEL, request)
                                    .json()
                                    .at("/candidates/0/content/parts/0/text")
                                    .stringValue()),
                            winner(client.post("/v1/responses", responses)
                                    .json()
                                    .at("/output/0/content/0/text")
                                    .stringValue())));
        }

        assertThat(live).isEqualTo(batch).containsValue("SAMPLE_1").containsValue("SAMPLE_2");
        assertThat(others)
                .allSatisfy((name, winners) -> assertThat(winners)
                        .isEqualTo(String.join(" ", live.get(name), live.get(name), live.get(name))));
    }

    @TestFactory
    Stream<DynamicTest> bodiesAreJudgedAsInABatch() throws Exception {
        return Cases.of("openai/bodies.jsonl", given -> {
            ObjectNode body = (ObjectNode) given.path("body").deepCopy();
            if (body.path("messages").isString()) {
                body.putArray("messages").addObject().put("role", "user").put("content", "P");
            }

            Client.Reply reply = client.post(given.path("url").stringValue(), body.toString());

            assertThat(reply.status()).as(reply.response().body()).isEqualTo(given.has("code") ? 400 : 200);
            if (given.has("code")) {
                assertThat(reply.error().path("code")).isEqualTo(given.path("code"));
                assertThat(reply.error().path("param")).isEqualTo(given.path("param"));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> paramsAreJudgedAsInABatch() throws Exception {
        return Cases.of("anthropic/anthropic-params.jsonl", given -> {
            JsonNode params = Json.MAPPER
                    .readTree(MessagesClient.request("a", (ObjectNode) given.path("params"), "P"))
                    .path("params");

            Client.Reply reply = client.send(bare("/v1/messages", params.toString())
                    .header("x-api-key", "sk-simulator")
                    .header("anthropic-version", Json.text(given, "version", "2023-06-01")));

            if (Live.streams(params)) {
                assertThat(reply.error().path("message").stringValue())
                        .isEqualTo("stream: the simulator does not stream");
            } else if (given.has("message")) {
                assertThat(reply.status()).isEqualTo(given.has("type") ? 404 : 400);
                assertThat(reply.error().path("type").stringValue())
                        .isEqualTo(Json.text(given, "type", "invalid_request_error"));
                assertThat(reply.error().path("message").stringValue())
                        .startsWith(given.path("message").stringValue());
            } else {
                assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
                assertThat(reply.json().at("/usage/service_tier").stringValue()).isEqualTo("standard");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> requestsAreJudgedAsInABatch() throws Exception {
        return Cases.of("gemini/gemini-requests.jsonl", given -> {
            ObjectNode request = request("");
            request.setAll((ObjectNode) given.path("request"));
            // The model in the path counts here; requests of a batch must not name another model.
            boolean refused = given.has("message") && !request.has("model");

            Client.Reply reply = generate(given.path("model").stringValue(), request);

            assertThat(reply.status()).as(reply.response().body()).isEqualTo(refused ? 400 : 200);
            if (refused) {
                assertThat(reply.error().path("status").stringValue()).isEqualTo("INVALID_ARGUMENT");
                assertThat(reply.error().path("message").stringValue())
                        .contains(given.path("message").stringValue());
            }
        });
    }

    @Test
    void unknownModelsGetEachProvidersOwnError() throws Exception {
        for (String endpoint : List.of("/v1/chat/completions", "/v1/responses")) {
            Client.Reply openAi = client.post(endpoint, chat("gpt-4.1-mnii", "").toString());
            assertThat(openAi.status()).isEqualTo(404);
            assertThat(openAi.error().path("code").stringValue()).isEqualTo("model_not_found");
            assertThat(openAi.error().path("message").stringValue())
                    .isEqualTo("The model `gpt-4.1-mnii` does not exist or you do not have access to it.");
        }
        Client.Reply anthropic = message(params("claude-sonet-4-5"));
        assertThat(anthropic.status()).isEqualTo(404);
        assertThat(anthropic.json().at("/error/type").stringValue()).isEqualTo("not_found_error");
        assertThat(anthropic.json().at("/error/message").stringValue()).isEqualTo("model: claude-sonet-4-5");
        assertThat(anthropic.json().path("request_id").stringValue()).startsWith("req_");
        Client.Reply gemini = generate("gemini-2.5-flahs", request(""));
        assertThat(gemini.status()).isEqualTo(404);
        assertThat(gemini.error().path("status").stringValue()).isEqualTo("NOT_FOUND");
        assertThat(gemini.error().path("message").stringValue())
                .startsWith("models/gemini-2.5-flahs is not found for API version v1beta");
    }

    @Test
    void wrongRequestsAreRefusedAtOnce() throws Exception {
        assertThat(message(params("claude-haiku-4-5").put("temperature", 2))
                        .json()
                        .at("/error/message")
                        .stringValue())
                .isEqualTo("temperature: Input should be less than or equal to 1");
        assertThat(message(params("claude-haiku-4-5").put("topp", 1)).status()).isEqualTo(400);
        JsonNode range = generate(GeminiClient.MODEL, request(",\"generationConfig\":{\"temperature\":3}"))
                .error();
        assertThat(range.path("message").stringValue()).contains("temperature must be in the range");
        JsonNode shape = generate(GeminiClient.MODEL, request(",\"generationConfig\":{\"temprature\":1}"))
                .error();
        assertThat(shape.path("message").stringValue()).contains("Unknown name \"temprature\" at 'generation_config'");
        assertThat(client.post("/v1/chat/completions", "{\"model\":").status()).isEqualTo(400);
        assertThat(client.post("/v1/chat/completions", "{}")
                        .error()
                        .path("code")
                        .stringValue())
                .isEqualTo("missing_required_parameter");
    }

    @Test
    void nothingIsStreamed() throws Exception {
        assertThat(client.post(
                                "/v1/chat/completions",
                                chat("gpt-4.1", ",\"stream\":true").toString())
                        .error()
                        .path("message")
                        .stringValue())
                .isEqualTo("The simulator does not stream.");
        assertThat(message(params("claude-haiku-4-5").put("stream", true)).status())
                .isEqualTo(400);
        Client.Reply gemini = client.send(bare(
                        "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
                        request("").toString())
                .header("x-goog-api-key", "sk-simulator"));
        assertThat(gemini.status()).isEqualTo(501);
        assertThat(client.post(
                                "/v1/chat/completions",
                                chat("gpt-4.1", ",\"stream\":false").toString())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void onlyKnownKeysAndVersionsComeIn() throws Exception {
        String chat = chat("gpt-4.1", "").toString();
        assertThat(client.send(bare("/v1/chat/completions", chat).header("Authorization", "Bearer sk-other"))
                        .status())
                .isEqualTo(401);
        String params = params("claude-haiku-4-5").toString();
        assertThat(client.send(bare("/v1/messages", params).header("x-api-key", "sk-simulator"))
                        .json()
                        .at("/error/message")
                        .stringValue())
                .isEqualTo("anthropic-version: header is required");
        assertThat(client.send(bare("/v1/messages", params)
                                .header("x-api-key", "sk-other")
                                .header("anthropic-version", "2023-06-01"))
                        .status())
                .isEqualTo(401);
        assertThat(client.send(bare(
                                "/v1beta/models/gemini-2.5-flash:generateContent",
                                request("").toString()))
                        .status())
                .isEqualTo(403);
        assertThat(client.journal("live")).isEmpty();
    }

    @Test
    void everyLiveRequestIsInTheJournal() throws Exception {
        client.post("/v1/chat/completions", chat("gpt-4.1", "").toString());
        message(params("claude-nobody"));
        generate(GeminiClient.MODEL, request(""));

        assertThat(client.journal("live"))
                .extracting(line -> line.path("api").stringValue() + " "
                        + line.path("model").stringValue() + " "
                        + line.path("status").intValue())
                .containsExactly("openai gpt-4.1 200", "anthropic claude-nobody 404", "gemini gemini-2.5-flash 200");
        assertThat(client.journal("live").getFirst().path("input_tokens").intValue())
                .isPositive();
        assertThat(client.journal("create")).isEmpty();
    }

    @Test
    void faultsKnowTheOperation() throws Exception {
        client.faults("{\"api\":\"openai\",\"operation\":\"live\",\"action\":\"status\",\"status\":429,"
                + "\"retry_after\":7}");

        Client.Reply struck =
                client.post("/v1/chat/completions", chat("gpt-4.1", "").toString());

        assertThat(struck.status()).isEqualTo(429);
        assertThat(struck.response().headers().firstValue("retry-after")).hasValue("7");
        assertThat(client.journal("live")).isEmpty();
        assertThat(client.post("/v1/chat/completions", chat("gpt-4.1", "").toString())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void requestsThatFailInABatchFailLive() throws Exception {
        restart("--error-rate", "1");
        List<Integer> seen = new java.util.ArrayList<>();
        for (String name : NAMES) {
            JsonNode body = Json.MAPPER.readTree(Client.chat(name)).path("body");
            ObjectNode params = params("claude-haiku-4-5");
            params.putArray("messages")
                    .addObject()
                    .put("role", "user")
                    .put("content", Client.prompt("Text one of " + name, "Text two of " + name));
            seen.add(client.post("/v1/chat/completions", body.toString()).status());
            seen.add(message(params).status());
            seen.add(generate(
                            GeminiClient.MODEL,
                            Json.MAPPER.readTree(GeminiClient.line(name)).path("request"))
                    .status());
        }

        assertThat(seen).contains(408, 429, 500, 504).doesNotContain(200);
    }

    @Test
    void azureAnswersBelowItsOwnRoot() throws Exception {
        restart("--service", "azure");

        Client.Reply reply =
                client.post("/v1/chat/completions", chat("gpt-4.1", "").toString());
        Client.Reply unknown =
                client.post("/v1/responses", chat("my-deployment", "").toString());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.error().path("code").stringValue()).isEqualTo("DeploymentNotFound");
    }
}
