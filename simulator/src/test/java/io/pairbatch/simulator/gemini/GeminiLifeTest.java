package io.pairbatch.simulator.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class GeminiLifeTest {

    @TempDir
    Path data = Path.of("");

    @Test
    void aBatchRunsFromUploadToDownload() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            JsonNode batch = client.run(GeminiClient.lines(20));

            assertThat(batch.path("done").booleanValue()).isTrue();
            JsonNode metadata = batch.path("metadata");
            assertThat(metadata.path("state").stringValue()).isEqualTo("BATCH_STATE_SUCCEEDED");
            assertThat(metadata.path("model").stringValue()).isEqualTo("models/gemini-2.5-flash");
            assertThat(metadata.path("name")).isEqualTo(batch.path("name"));
            assertThat(metadata.path("batchStats").toString())
                    .isEqualTo("{\"requestCount\":\"20\",\"successfulRequestCount\":\"20\"}");
            assertThat(metadata.path("output").path("responsesFile"))
                    .isEqualTo(batch.path("response").path("responsesFile"));
            assertThat(client.output(batch).stream()
                            .map(line -> line.path("key").stringValue()))
                    .hasSize(20)
                    .doesNotHaveDuplicates()
                    .contains("r1", "r20");
        }
    }

    @Test
    void anAnswerHasTheProvidersShape() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            JsonNode line = client.output(client.run(GeminiClient.line("a"))).getFirst();

            assertThat(line.propertyNames()).containsExactly("key", "response");
            JsonNode response = line.path("response");
            assertThat(response.propertyNames())
                    .containsExactly("candidates", "usageMetadata", "modelVersion", "responseId");
            JsonNode candidate = response.path("candidates").path(0);
            assertThat(candidate.path("finishReason").stringValue()).isEqualTo("STOP");
            assertThat(candidate.path("content").path("role").stringValue()).isEqualTo("model");
            assertThat(candidate
                            .path("content")
                            .path("parts")
                            .path(0)
                            .path("text")
                            .stringValue())
                    .matches("<BETTER_SAMPLE>SAMPLE_[12]</BETTER_SAMPLE>");
            JsonNode usage = response.path("usageMetadata");
            assertThat(usage.path("totalTokenCount").longValue())
                    .isEqualTo(usage.path("promptTokenCount").longValue()
                            + usage.path("candidatesTokenCount").longValue()
                            + usage.path("thoughtsTokenCount").longValue());
            assertThat(usage.path("thoughtsTokenCount").longValue()).isPositive();
            assertThat(response.path("modelVersion").stringValue()).isEqualTo("gemini-2.5-flash");
        }
    }

    @Test
    void thoughtsAreAPartOfTheirOwnAndSigned() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            String more =
                    ",\"generationConfig\":{\"thinkingConfig\":{\"includeThoughts\":true,\"thinkingLevel\":\"low\"}}";
            JsonNode batch =
                    client.runOn("gemini-3.8-flash", GeminiClient.line("a", Client.prompt("One", "Two"), more));

            JsonNode parts = client.output(batch)
                    .getFirst()
                    .path("response")
                    .path("candidates")
                    .path(0)
                    .path("content")
                    .path("parts");
            assertThat(parts.path(0).path("thought").booleanValue()).isTrue();
            assertThat(parts.path(0).path("text").stringValue()).isNotBlank();
            assertThat(parts.path(1).has("thought")).isFalse();
            assertThat(parts.path(1).path("thoughtSignature").stringValue()).isBase64();
        }
    }

    @Test
    void anAnswerThatRunsOutOfTokensSaysSoAndMayHaveNoParts() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            JsonNode batch = client.run(GeminiClient.line(
                    "a", Client.prompt("One", "Two"), ",\"generation_config\":{\"max_output_tokens\":3}"));

            JsonNode response = client.output(batch).getFirst().path("response");
            assertThat(response.path("candidates").path(0).toString())
                    .isEqualTo("{\"content\":{\"role\":\"model\"},\"finishReason\":\"MAX_TOKENS\",\"index\":0}");
            assertThat(response.path("usageMetadata").has("candidatesTokenCount"))
                    .isFalse();
            assertThat(response.path("usageMetadata").path("thoughtsTokenCount").intValue())
                    .isEqualTo(3);
        }
    }

    @Test
    void thePairHasTheWinnerThatItHasEverywhere() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            List<String> lines = new ArrayList<>();
            List<String> chats = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String prompt = Client.prompt("Text " + i, "Text " + (i + 1));
                lines.add(GeminiClient.line("r" + i, prompt, ""));
                chats.add(Client.chat("r" + i, "gpt-4.1", prompt, ""));
            }

            List<String> ours = client.output(client.run(lines.toArray(String[]::new))).stream()
                    .map(line -> line.path("key").stringValue() + winner(line.path("response")))
                    .sorted()
                    .toList();

            assertThat(ours)
                    .containsExactlyElementsOf(client.common()
                            .output(client.common().run(chats.toArray(String[]::new)))
                            .valueStream()
                            .map(line -> line.path("custom_id").stringValue() + winner(line.path("response")))
                            .sorted()
                            .toList());
            assertThat(ours).anyMatch(one -> one.endsWith("SAMPLE_1")).anyMatch(one -> one.endsWith("SAMPLE_2"));
        }
    }

    private static String winner(JsonNode response) {
        return response.toString().replaceAll("(?s).*<BETTER_SAMPLE>(SAMPLE_[12])<.*", "$1");
    }

    @Test
    void theJudgesFailuresAreErrorLines() throws Exception {
        try (GeminiClient client = GeminiClient.start(data, "--error-rate", "1")) {
            JsonNode batch = client.run(GeminiClient.lines(60));

            assertThat(GeminiClient.state(batch)).isEqualTo("BATCH_STATE_SUCCEEDED");
            assertThat(batch.path("metadata").path("batchStats").toString())
                    .isEqualTo("{\"requestCount\":\"60\",\"failedRequestCount\":\"60\"}");
            assertThat(client.output(batch))
                    .allSatisfy(line -> {
                        assertThat(line.propertyNames()).containsExactly("key", "error");
                        assertThat(line.path("error").path("message").stringValue())
                                .isNotBlank();
                    })
                    .extracting(line -> line.path("error").path("code").intValue())
                    .contains(13, 429, 504);
        }
    }

    @Test
    void allButTheRequestComesBack() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            String line =
                    GeminiClient.line("a").replace("\"key\":\"a\"", "\"id\":7,\"tags\":[\"x\"],\"more\":{\"a\":1}");

            assertThat(client.output(client.run(line)).getFirst().toString())
                    .startsWith("{\"id\":7,\"tags\":[],\"more\":{\"a\":1},\"response\":{");
        }
    }

    @Test
    void aNewBatchIsPendingWithCountsAsStrings() throws Exception {
        try (GeminiClient client = GeminiClient.start(data, "--batch-seconds", "1000")) {
            String file = client.file(GeminiClient.lines(5));
            JsonNode batch = client.create(GeminiClient.MODEL, file, "my name").json();

            assertThat(batch.path("name").stringValue()).matches("batches/[a-z0-9]{36}");
            assertThat(batch.has("done")).isFalse();
            JsonNode metadata = batch.path("metadata");
            assertThat(metadata.path("@type").stringValue()).endsWith(".GenerateContentBatch");
            assertThat(metadata.path("displayName").stringValue()).isEqualTo("my name");
            assertThat(metadata.path("state").stringValue()).isEqualTo("BATCH_STATE_PENDING");
            assertThat(metadata.path("inputConfig").path("fileName").stringValue())
                    .isEqualTo(file);
            assertThat(metadata.path("batchStats").toString())
                    .isEqualTo("{\"requestCount\":\"5\",\"pendingRequestCount\":\"5\"}");
            assertThat(metadata.has("endTime")).isFalse();
        }
    }

    @Test
    void aBatchPassesThroughTheProvidersStates() throws Exception {
        try (GeminiClient client = GeminiClient.start(data, "--batch-seconds", "1000")) {
            String name = client.open(GeminiClient.lines(10));

            assertThat(stateAfter(client, name, 500, "BATCH_STATE_PENDING")).isEqualTo("BATCH_STATE_RUNNING");
            assertThat(stateAfter(client, name, 600, "BATCH_STATE_RUNNING")).isEqualTo("BATCH_STATE_SUCCEEDED");
        }
    }

    /// The state of a batch after so many seconds; its thread gets a moment to leave the previous one.
    private static String stateAfter(GeminiClient client, String name, int seconds, String before) throws Exception {
        client.common().post("/_simulator/advance", "{\"seconds\":" + seconds + "}");
        for (int i = 0; i < 500 && GeminiClient.state(client.batch(name)).equals(before); i++) {
            Thread.sleep(10);
        }
        return GeminiClient.state(client.batch(name));
    }

    @Test
    void aCancelledBatchLeavesNoResults() throws Exception {
        try (GeminiClient client = GeminiClient.start(data, "--batch-seconds", "1000")) {
            String name = client.open(GeminiClient.lines(10));
            stateAfter(client, name, 500, "BATCH_STATE_PENDING");

            Client.Reply cancelled = client.post("/v1beta/" + name + ":cancel", "{}");
            client.common().settle();

            assertThat(cancelled.status()).isEqualTo(200);
            assertThat(cancelled.json().isEmpty()).isTrue();
            assertWithoutResults(client.batch(name), "BATCH_STATE_CANCELLED");
            assertThat(client.get("/download/v1beta/files/batch-" + name.substring(8) + ":download?alt=media")
                            .status())
                    .isEqualTo(403);
        }
    }

    private static void assertWithoutResults(JsonNode batch, String state) {
        assertThat(GeminiClient.state(batch)).isEqualTo(state);
        assertThat(batch.path("done").booleanValue()).isTrue();
        assertThat(batch.has("response")).isFalse();
        assertThat(batch.path("metadata").has("output")).isFalse();
        assertThat(batch.path("error").path("code").isInt()).isTrue();
    }

    @Test
    void aBatchExpiresAfterTwoDaysWithoutResults() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            client.common().faults("{\"action\":\"stuck\"}");
            String name = client.open(GeminiClient.lines(3));
            client.common().post("/_simulator/advance", "{\"seconds\":172000}");
            assertThat(client.batch(name).has("done")).isFalse();

            client.common().post("/_simulator/advance", "{\"seconds\":1000}");

            JsonNode batch = client.batch(name);
            assertWithoutResults(batch, "BATCH_STATE_EXPIRED");
            Instant created =
                    Instant.parse(batch.path("metadata").path("createTime").stringValue());
            assertThat(Instant.parse(batch.path("metadata").path("endTime").stringValue()))
                    .isAfter(created.plus(Duration.ofHours(47)));
        }
    }

    @Test
    void cancellingAnEndedBatchChangesNothing() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            JsonNode batch = client.run(GeminiClient.line("a"));
            String name = batch.path("name").stringValue();

            assertThat(client.post("/v1beta/" + name + ":cancel", "").status()).isEqualTo(200);
            assertThat(client.batch(name)).isEqualTo(batch);
        }
    }

    @Test
    void aDeletedBatchIsGoneAndStaysGone() throws Exception {
        String name;
        try (GeminiClient client = GeminiClient.start(data, "--batch-seconds", "1000")) {
            name = client.open(GeminiClient.lines(3));

            assertThat(client.delete("/v1beta/" + name).json().isEmpty()).isTrue();

            assertThat(client.get("/v1beta/" + name).status()).isEqualTo(404);
            assertThat(client.get("/v1beta/batches").json().has("operations")).isFalse();
            client.common().settle();
        }
        try (GeminiClient client = GeminiClient.start(data)) {
            assertThat(client.get("/v1beta/" + name).status()).isEqualTo(404);
        }
    }

    @Test
    void listsArePagedNewestFirst() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                names.addFirst(client.open(GeminiClient.line("a")));
            }

            List<String> seen = new ArrayList<>();
            String token = "";
            do {
                JsonNode page = client.get("/v1beta/batches?pageSize=2&pageToken=" + token)
                        .json();
                page.path("operations").forEach(one -> seen.add(one.path("name").stringValue()));
                assertThat(page.path("operations").size()).isBetween(1, 2);
                token = page.path("nextPageToken").asString("");
            } while (!token.isEmpty());

            assertThat(seen).isEqualTo(names);
        }
    }

    @Test
    void inlinedRequestsAreAnsweredInTheirOrder() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            ObjectNode body = Json.object();
            ObjectNode batch =
                    body.putObject("batch").put("displayName", "inline").put("priority", "7");
            ArrayNode requests =
                    batch.putObject("inputConfig").putObject("requests").putArray("requests");
            for (int i = 0; i < 30; i++) {
                ObjectNode request = requests.addObject();
                request.set(
                        "request", Json.MAPPER.readTree(GeminiClient.line("x")).path("request"));
                request.putObject("metadata").put("key", "r" + i);
            }
            String name = client.post("/v1beta/models/gemini-2.5-flash:batchGenerateContent", body.toString())
                    .json()
                    .path("name")
                    .stringValue();
            client.common().settle();

            JsonNode ended = client.batch(name);
            JsonNode responses = ended.path("response").path("inlinedResponses").path("inlinedResponses");
            assertThat(responses.size()).isEqualTo(30);
            for (int i = 0; i < 30; i++) {
                assertThat(responses.path(i).propertyNames()).containsExactly("metadata", "response");
                assertThat(responses.path(i).path("metadata").path("key").stringValue())
                        .isEqualTo("r" + i);
            }
            assertThat(ended.path("metadata")
                            .path("output")
                            .path("inlinedResponses")
                            .path("inlinedResponses"))
                    .isEqualTo(responses);
            assertThat(client.get("/v1beta/files").json().has("files")).isFalse();
        }
    }

    @Test
    void anOpenBatchGoesOnAfterARestart() throws Exception {
        String name;
        try (GeminiClient client = GeminiClient.start(data, "--batch-seconds", "1000")) {
            name = client.open(GeminiClient.lines(10));
            stateAfter(client, name, 500, "BATCH_STATE_PENDING");
        }
        try (GeminiClient client = GeminiClient.start(data, "--batch-seconds", "1000")) {
            assertThat(GeminiClient.state(client.batch(name))).isEqualTo("BATCH_STATE_RUNNING");
            client.common().settle();

            assertThat(client.lines(client.batch(name))).hasSize(10);
            assertThat(client.common().journal("create")).hasSize(1);
        }
    }

    @Test
    void theJournalTellsUploadsAndCreatesApart() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            String file = client.file(GeminiClient.lines(3));
            JsonNode batch =
                    client.create(GeminiClient.MODEL, file, "segment 1").json();

            JsonNode upload = client.common().journal("upload").getFirst();
            assertThat(upload.path("api").stringValue()).isEqualTo("gemini");
            assertThat(upload.path("name").stringValue()).isEqualTo(file);
            assertThat(upload.path("display_name").stringValue()).isEqualTo("input");
            assertThat(upload.path("lines").intValue()).isEqualTo(3);
            JsonNode create = client.common().journal("create").getFirst();
            assertThat(create.path("api").stringValue()).isEqualTo("gemini");
            assertThat(create.path("name")).isEqualTo(batch.path("name"));
            assertThat(create.path("display_name").stringValue()).isEqualTo("segment 1");
            assertThat(create.path("requests").intValue()).isEqualTo(3);
        }
    }

    @Test
    void theApisDoNotSeeEachOthersThings() throws Exception {
        try (GeminiClient client = GeminiClient.start(data)) {
            String name = client.open(GeminiClient.line("a"));
            client.common().run(Client.chat("b"));

            assertThat(client.get("/v1beta/batches").json().path("operations").size())
                    .isEqualTo(1);
            assertThat(client.common().get("/v1/batches").json().path("data").size())
                    .isEqualTo(1);
            assertThat(client.common()
                            .get("/v1/batches/" + name.substring("batches/".length()))
                            .status())
                    .isEqualTo(404);
        }
    }
}
