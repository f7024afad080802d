package io.pairbatch.simulator.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.simulator.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init")
class GeminiFaultTest {

    @TempDir
    Path data = Path.of("");

    private GeminiClient client;

    @BeforeEach
    void start() throws IOException {
        client = GeminiClient.start(data);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
    }

    private JsonNode runWith(String rule) throws Exception {
        client.common().faults(rule);
        return client.run(GeminiClient.lines(10));
    }

    private List<String> keys(JsonNode batch) throws Exception {
        return client.output(batch).stream()
                .map(line -> line.path("key").stringValue())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_ARGUMENT",
        "403, PERMISSION_DENIED",
        "408, DEADLINE_EXCEEDED",
        "409, ABORTED",
        "429, RESOURCE_EXHAUSTED",
        "500, INTERNAL",
        "502, INTERNAL",
        "503, UNAVAILABLE",
        "504, DEADLINE_EXCEEDED"
    })
    void aStatusBeforeTheCreateMakesNoBatch(int status, String reason) throws Exception {
        client.common().faults("{\"operation\":\"create\",\"action\":\"status\",\"status\":" + status + "}");

        Client.Reply reply = client.create(GeminiClient.MODEL, client.file(GeminiClient.line("a")), "x");

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.error().path("code").intValue()).isEqualTo(status);
        assertThat(reply.error().path("status").stringValue()).isEqualTo(reason);
        assertThat(client.common().journal("create")).isEmpty();
    }

    @Test
    void aDropAfterTheCreateLeavesABatchWithoutAnAnswer() throws Exception {
        String file = client.file(GeminiClient.line("a"));
        client.common().faults("{\"api\":\"gemini\",\"operation\":\"create\",\"action\":\"drop_after\"}");

        assertThatThrownBy(() -> client.create(GeminiClient.MODEL, file, "mine"))
                .isInstanceOf(IOException.class);
        assertThat(client.common().journal("create")).hasSize(1);
        JsonNode found = client.get("/v1beta/batches").json().path("operations").path(0);
        assertThat(found.path("metadata").path("displayName").stringValue()).isEqualTo("mine");
    }

    @Test
    void eachRequestOfAnUploadMayFail() throws Exception {
        byte[] bytes = GeminiClient.line("a").getBytes(StandardCharsets.UTF_8);
        client.common().faults("{\"operation\":\"upload\",\"action\":\"status\",\"status\":503,\"nth\":2}");
        String session = client.session(bytes.length);

        assertThat(client.command(session, "upload, finalize", 0, bytes).status())
                .isEqualTo(503);
        assertThat(client.command(session, "upload, finalize", 0, bytes).status())
                .isEqualTo(200);
        assertThat(client.common().journal("upload")).hasSize(1);
    }

    @Test
    void aDropAfterTheLastChunkLeavesAFile() throws Exception {
        byte[] bytes = GeminiClient.line("a").getBytes(StandardCharsets.UTF_8);
        client.common().faults("{\"operation\":\"upload\",\"action\":\"drop_after\",\"nth\":2}");
        String session = client.session(bytes.length);

        assertThatThrownBy(() -> client.command(session, "upload, finalize", 0, bytes))
                .isInstanceOf(IOException.class);
        assertThat(client.command(session, "query", 0, new byte[0])
                        .response()
                        .headers()
                        .firstValue("x-goog-upload-status"))
                .contains("final");
        assertThat(client.get("/v1beta/files").json().path("files").size()).isEqualTo(1);
    }

    @Test
    void rulesMayNameADisplayName() throws Exception {
        String file = client.file(GeminiClient.line("a"));
        client.common()
                .faults(
                        "{\"operation\":\"create\",\"action\":\"status\",\"display_name\":\"job-1\"}",
                        "{\"operation\":\"create\",\"action\":\"status\",\"display_name_prefix\":\"other-\"}",
                        "{\"api\":\"openai\",\"operation\":\"create\",\"action\":\"status\",\"count\":0}");

        assertThat(client.create(GeminiClient.MODEL, file, "job-12").status()).isEqualTo(200);
        assertThat(client.create(GeminiClient.MODEL, file, "job-1").status()).isEqualTo(500);
        assertThat(client.create(GeminiClient.MODEL, file, "other-7").status()).isEqualTo(500);
        assertThat(client.common().journal("fault").getLast().path("api").stringValue())
                .isEqualTo("gemini");
    }

    @Test
    void aBatchMayFail() throws Exception {
        JsonNode batch = runWith("{\"action\":\"fail\",\"code\":\"8\",\"message\":\"Out of quota.\"}");

        assertThat(GeminiClient.state(batch)).isEqualTo("BATCH_STATE_FAILED");
        assertThat(batch.path("done").booleanValue()).isTrue();
        assertThat(batch.path("error").toString()).isEqualTo("{\"code\":8,\"message\":\"Out of quota.\"}");
        assertThat(batch.has("response")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"expire, BATCH_STATE_EXPIRED", "cancel, BATCH_STATE_CANCELLED"})
    void aBatchThatEndsEarlyHasNoResults(String action, String state) throws Exception {
        JsonNode batch = runWith("{\"action\":\"" + action + "\",\"fraction\":0.7}");

        assertThat(GeminiClient.state(batch)).isEqualTo(state);
        assertThat(batch.has("response")).isFalse();
        assertThat(batch.path("metadata").has("output")).isFalse();
    }

    @Test
    void allLinesMayFail() throws Exception {
        JsonNode batch = runWith("{\"action\":\"all_lines_fail\"}");

        assertThat(GeminiClient.state(batch)).isEqualTo("BATCH_STATE_SUCCEEDED");
        assertThat(batch.path("metadata")
                        .path("batchStats")
                        .path("failedRequestCount")
                        .stringValue())
                .isEqualTo("10");
        assertThat(client.output(batch)).hasSize(10).allMatch(line -> line.has("error"));
    }

    @Test
    void countsMayBeMissing() throws Exception {
        JsonNode batch = runWith("{\"action\":\"odd_counts\"}");

        assertThat(batch.path("metadata").path("batchStats").toString()).isEqualTo("{}");
        assertThat(client.output(batch)).hasSize(10);
    }

    @Test
    void theResponsesFileMayBeMissingBlankOrEmpty() throws Exception {
        JsonNode missing = runWith("{\"action\":\"output_null\"}");
        assertThat(missing.path("done").booleanValue()).isTrue();
        assertThat(missing.path("response").has("responsesFile")).isFalse();

        JsonNode blank = runWith("{\"action\":\"output_blank_id\"}");
        assertThat(blank.path("response").path("responsesFile").stringValue()).isEmpty();

        assertThat(client.download(runWith("{\"action\":\"output_empty\"}"))
                        .response()
                        .body())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "JOB_STATE_QUEUED, JOB_STATE_QUEUED",
        "paused, BATCH_STATE_PAUSED",
        "BATCH_STATE_UNSPECIFIED, BATCH_STATE_UNSPECIFIED"
    })
    void aStateNobodyKnowsMayBeShown(String status, String state) throws Exception {
        client.close();
        client = GeminiClient.start(data, "--batch-seconds", "1000");
        client.common().faults("{\"action\":\"unknown_status\",\"status\":\"" + status + "\"}");

        JsonNode batch = client.batch(client.open(GeminiClient.line("a")));

        assertThat(GeminiClient.state(batch)).isEqualTo(state);
        assertThat(batch.has("done")).isFalse();
    }

    @Test
    void everySecondLookMayShowAnEarlierState() throws Exception {
        String name = runWith("{\"action\":\"regressing_status\"}").path("name").stringValue();

        JsonNode second = client.batch(name);
        assertThat(GeminiClient.state(second)).isEqualTo("BATCH_STATE_RUNNING");
        assertThat(second.has("done")).isFalse();
        assertThat(second.path("metadata").has("output")).isFalse();
        assertThat(GeminiClient.state(client.batch(name))).isEqualTo("BATCH_STATE_SUCCEEDED");
    }

    @Test
    void aBatchMayVanish() throws Exception {
        client.common().faults("{\"action\":\"vanish\",\"after\":1}");
        String name = client.open(GeminiClient.line("a"));

        assertThat(client.get("/v1beta/" + name).status()).isEqualTo(200);
        assertThat(client.get("/v1beta/" + name).status()).isEqualTo(404);
        assertThat(client.get("/v1beta/batches").json().has("operations")).isFalse();
        assertThat(client.post("/v1beta/" + name + ":cancel", "{}").status()).isEqualTo(404);
    }

    @Test
    void aStuckBatchEndsByACancel() throws Exception {
        client.common().faults("{\"action\":\"stuck\",\"status\":\"validating\"}");
        String name = client.open(GeminiClient.lines(3));
        client.common().settle();
        assertThat(GeminiClient.state(client.batch(name))).isEqualTo("BATCH_STATE_PENDING");

        client.post("/v1beta/" + name + ":cancel", "{}");
        for (int i = 0; i < 500 && !client.batch(name).has("done"); i++) {
            Thread.sleep(10);
        }

        assertThat(GeminiClient.state(client.batch(name))).isEqualTo("BATCH_STATE_CANCELLED");
    }

    @Test
    void linesMayBeSpoilt() throws Exception {
        assertThat(keys(runWith("{\"action\":\"lines_missing\",\"lines\":3}"))).hasSize(7);
        assertThat(keys(runWith("{\"action\":\"lines_doubled\",\"lines\":2}")))
                .hasSize(12)
                .containsSequence("r1", "r1");
        assertThat(keys(runWith("{\"action\":\"lines_foreign\"}")))
                .contains("foreign-1")
                .doesNotContain("r1");
        assertThat(client.lines(runWith("{\"action\":\"lines_malformed\"}")))
                .filteredOn(line -> !line.endsWith("}"))
                .hasSize(1);
        assertThat(client.output(runWith("{\"action\":\"lines_status_zero\"}")))
                .filteredOn(line -> line.size() == 1)
                .extracting(line -> line.path("key").stringValue())
                .containsExactly("r1");
    }

    @Test
    void promptsMayBeBlocked() throws Exception {
        JsonNode batch = runWith("{\"action\":\"lines_blocked\",\"lines\":2}");

        List<JsonNode> blocked = client.output(batch).stream()
                .map(line -> line.path("response"))
                .filter(response -> response.has("promptFeedback"))
                .toList();
        assertThat(blocked).hasSize(2).allSatisfy(response -> {
            assertThat(response.has("candidates")).isFalse();
            assertThat(response.path("promptFeedback").path("blockReason").stringValue())
                    .isEqualTo("PROHIBITED_CONTENT");
            assertThat(response.path("usageMetadata").path("promptTokenCount").longValue())
                    .isPositive();
        });
    }

    @Test
    void aDownloadMayBreakOff() throws Exception {
        JsonNode batch = client.run(GeminiClient.lines(20));
        client.common().faults("{\"operation\":\"download\",\"action\":\"truncate\",\"file\":\"output\"}");

        assertThatThrownBy(() -> client.download(batch)).isInstanceOf(IOException.class);
        assertThat(client.lines(batch)).hasSize(20);
    }

    @Test
    void aForeignBatchIsListedAndNotOurs() throws Exception {
        client.common()
                .post("/_simulator/foreign-batch", "{\"api\":\"gemini\",\"requests\":4,\"display_name\":\"theirs\"}");
        client.common().settle();

        JsonNode batch = client.get("/v1beta/batches").json().path("operations").path(0);
        assertThat(batch.path("metadata").path("displayName").stringValue()).isEqualTo("theirs");
        assertThat(batch.path("metadata")
                        .path("batchStats")
                        .path("requestCount")
                        .stringValue())
                .isEqualTo("4");
        assertThat(keys(batch)).hasSize(4).contains("request-1");
        assertThat(client.common().journal("create")).isEmpty();
        assertThat(client.common().journal("foreign")).hasSize(1);
    }
}
