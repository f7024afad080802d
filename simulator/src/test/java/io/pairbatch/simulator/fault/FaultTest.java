package io.pairbatch.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init")
class FaultTest {

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

    private JsonNode runWith(String rule) throws Exception {
        client.faults(rule);
        return client.run(Client.chats(10));
    }

    private static List<String> customIds(List<String> lines) {
        return lines.stream()
                .map(line -> Json.MAPPER.readTree(line).path("custom_id").stringValue())
                .sorted()
                .toList();
    }

    private static String status(JsonNode batch) {
        return batch.path("status").stringValue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 408, 409, 429, 500, 502, 503})
    void aStatusBeforeTheCreateMakesNoBatch(int status) throws Exception {
        client.faults("{\"operation\":\"create\",\"action\":\"status\",\"status\":" + status + "}");

        Client.Reply reply = client.create(client.file(Client.chat("a")), Map.of());

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.error().path("message").stringValue()).isNotBlank();
        assertThat(client.journal("create")).isEmpty();
        assertThat(client.get("/v1/batches").json().path("data").size()).isZero();
    }

    @Test
    void aRefusalMaySayWhenToComeBack() throws Exception {
        client.faults("{\"operation\":\"retrieve_file\",\"action\":\"status\",\"status\":429,\"retry_after\":7}");

        Client.Reply reply = client.get("/v1/files/" + client.file(Client.chat("a")));

        assertThat(reply.response().headers().firstValue("retry-after")).contains("7");
        assertThat(reply.error().path("code").stringValue()).isEqualTo("rate_limit_exceeded");
    }

    @Test
    void aStatusAfterTheCreateLeavesABatch() throws Exception {
        client.faults("{\"operation\":\"create\",\"action\":\"status_after\",\"status\":500}");

        assertThat(client.create(client.file(Client.chat("a")), Map.of()).status())
                .isEqualTo(500);
        assertThat(client.journal("create")).hasSize(1);
    }

    @Test
    void aDropAfterTheCreateLeavesABatchWithoutAnAnswer() throws Exception {
        String file = client.file(Client.chat("a"));
        client.faults("{\"operation\":\"create\",\"action\":\"drop_after\"}");

        assertThatThrownBy(() -> client.create(file, Map.of())).isInstanceOf(IOException.class);
        assertThat(client.journal("create")).hasSize(1);
        assertThat(client.journal("fault").getFirst().path("action").stringValue())
                .isEqualTo("drop_after");
    }

    @Test
    void aDropBeforeTheCreateLeavesNone() throws Exception {
        String file = client.file(Client.chat("a"));
        client.faults("{\"operation\":\"create\",\"action\":\"drop_before\"}");

        assertThatThrownBy(() -> client.create(file, Map.of())).isInstanceOf(IOException.class);
        assertThat(client.journal("create")).isEmpty();
    }

    @Test
    void aDropBeforeAnUploadLeavesNoFile() throws Exception {
        client.faults("{\"operation\":\"upload\",\"action\":\"drop_before\"}");

        assertThatThrownBy(() -> client.file(Client.chat("a"))).isInstanceOf(IOException.class);
        assertThat(client.get("/v1/files").json().path("data").size()).isZero();
    }

    @Test
    void anAnswerMayCutItselfOffAfterTheBatchIsMade() throws Exception {
        String body = Client.createBody(client.file(Client.chat("a")), Client.CHAT, Map.of())
                .toString();
        client.faults("{\"operation\":\"create\",\"action\":\"hang_after\",\"seconds\":20}");

        assertThatThrownBy(() -> client.send(client.request("/v1/batches")
                        .timeout(Duration.ofMillis(500))
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(client.journal("create")).hasSize(1);
    }

    @Test
    void aHangDelaysTheOperation() throws Exception {
        client.faults("{\"operation\":\"list\",\"action\":\"hang\",\"seconds\":0.3}");
        long start = System.nanoTime();

        assertThat(client.get("/v1/batches").status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
    }

    @Test
    void aDownloadMayBreakOff() throws Exception {
        JsonNode batch = client.run(Client.chats(10));
        client.faults("{\"operation\":\"download\",\"file\":\"output\",\"action\":\"truncate\",\"fraction\":0.5}");

        assertThatThrownBy(() -> client.output(batch)).isInstanceOf(IOException.class);
        assertThat(client.output(batch).size()).isEqualTo(10);
    }

    @Test
    void aListingMayBeForbidden() throws Exception {
        client.faults("{\"operation\":\"list\",\"action\":\"status\",\"status\":403,\"count\":0}");

        assertThat(client.get("/v1/batches").status()).isEqualTo(403);
        assertThat(client.get("/v1/batches").error().path("code").stringValue()).isEqualTo("missing_scope");
    }

    @Test
    void aCancelMayBeRefused() throws Exception {
        client.faults("{\"operation\":\"cancel\",\"action\":\"status\",\"status\":503}");
        String id = client.create(client.file(Client.chat("a")), Map.of())
                .json()
                .path("id")
                .stringValue();

        assertThat(client.post("/v1/batches/" + id + "/cancel", "").status()).isEqualTo(503);
        assertThat(client.journal("cancel")).isEmpty();
    }

    @Test
    void aRuleStrikesFromTheNthRequestOnAndSoManyTimes() throws Exception {
        client.faults("{\"operation\":\"list\",\"action\":\"status\",\"status\":500,\"nth\":2,\"count\":2}");

        assertThat(statuses(5)).containsExactly(200, 500, 500, 200, 200);
    }

    @Test
    void aRuleWithAProbabilityStrikesSometimesAndTheSameTimesAgain() throws Exception {
        String rule = "{\"operation\":\"list\",\"action\":\"status\",\"status\":500,\"probability\":0.5}";
        client.faults(rule);
        List<Integer> first = statuses(30);
        client.faults(rule);

        assertThat(statuses(30)).isEqualTo(first).contains(200, 500);
    }

    private List<Integer> statuses(int requests) {
        return IntStream.range(0, requests)
                .mapToObj(i -> {
                    try {
                        return client.get("/v1/batches").status();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    @Test
    void aRuleMayBeForOneSegmentOnly() throws Exception {
        client.faults(
                "{\"operation\":\"create\",\"metadata\":{\"segment\":\"2\"},\"action\":\"status\",\"status\":500}");
        String file = client.file(Client.chat("a"));

        assertThat(client.create(file, Map.of("segment", "1")).status()).isEqualTo(200);
        assertThat(client.create(file, Map.of("segment", "2")).status()).isEqualTo(500);
    }

    @Test
    void aRetrievalMayFailForOneSegmentOnly() throws Exception {
        String file = client.file(Client.chat("a"));
        String one =
                client.create(file, Map.of("segment", "1")).json().path("id").stringValue();
        String two =
                client.create(file, Map.of("segment", "2")).json().path("id").stringValue();
        client.faults("{\"operation\":\"retrieve\",\"metadata\":{\"segment\":\"2\"},\"action\":\"status\"}");

        assertThat(client.get("/v1/batches/" + one).status()).isEqualTo(200);
        assertThat(client.get("/v1/batches/" + two).status()).isEqualTo(500);
    }

    @Test
    void rulesComeFromAFileToo() throws Exception {
        client.close();
        Path file = data.resolve("faults.json");
        Files.writeString(file, "[{\"operation\":\"list\",\"action\":\"status\",\"status\":503}]");
        client = Client.start(data, "--faults", file.toString());

        assertThat(statuses(2)).containsExactly(503, 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"operation\":\"list\",\"action\":\"explode\"}",
                "{\"operation\":\"dance\",\"action\":\"hang\"}",
                "{\"operation\":\"list\",\"action\":\"hang\",\"secs\":1}",
                "{\"operation\":\"list\",\"action\":\"vanish\"}"
            })
    void aRuleThatCannotWorkIsRefused(String rule) throws Exception {
        assertThat(client.post("/_simulator/faults", "[" + rule + "]").status()).isEqualTo(400);
    }

    @Test
    void aBatchMayFailAsAWhole() throws Exception {
        JsonNode batch = runWith("{\"action\":\"fail\",\"code\":\"token_limit_exceeded\",\"message\":\"Too much.\"}");

        assertThat(status(batch)).isEqualTo("failed");
        assertThat(batch.path("errors").path("data").path(0).path("code").stringValue())
                .isEqualTo("token_limit_exceeded");
        assertThat(batch.path("output_file_id").isNull()).isTrue();
    }

    @Test
    void aBatchMayExpireWithPartOfItsResults() throws Exception {
        JsonNode batch = runWith("{\"action\":\"expire\",\"fraction\":0.5}");

        assertThat(status(batch)).isEqualTo("expired");
        assertThat(batch.path("expired_at").isNumber()).isTrue();
        int done = client.output(batch).size();
        assertThat(done).isBetween(1, 9);
        assertThat(client.errors(batch).valueStream())
                .hasSize(10 - done)
                .allMatch(line -> line.path("response").isNull()
                        && line.path("error").path("code").stringValue().equals("batch_expired"));
    }

    @Test
    void aBatchMayBeCancelledByTheProviderWithPartOfItsResults() throws Exception {
        JsonNode batch = runWith("{\"action\":\"cancel\",\"fraction\":0.5}");

        assertThat(status(batch)).isEqualTo("cancelled");
        assertThat(client.output(batch).size()).isBetween(1, 9);
        assertThat(client.errors(batch).path(0).path("error").path("code").stringValue())
                .isEqualTo("batch_cancelled");
    }

    @Test
    void aBatchMayEndWithoutASingleResult() throws Exception {
        JsonNode batch = runWith("{\"action\":\"all_lines_fail\"}");

        assertThat(status(batch)).isEqualTo("completed");
        assertThat(batch.path("output_file_id").isNull()).isTrue();
        assertThat(client.errors(batch).size()).isEqualTo(10);
        assertThat(batch.path("request_counts").path("failed").intValue()).isEqualTo(10);
    }

    @Test
    void theOutputFileMayBeNull() throws Exception {
        assertThat(runWith("{\"action\":\"output_null\"}")
                        .path("output_file_id")
                        .isNull())
                .isTrue();
    }

    @Test
    void theOutputFilesIdMayBeBlank() throws Exception {
        assertThat(runWith("{\"action\":\"output_blank_id\"}")
                        .path("output_file_id")
                        .stringValue())
                .isEmpty();
    }

    @Test
    void theOutputFileMayBeEmpty() throws Exception {
        JsonNode batch = runWith("{\"action\":\"output_empty\"}");

        assertThat(batch.path("output_file_id").stringValue()).startsWith("file-");
        assertThat(client.lines(batch, "output_file_id")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"validating", "in_progress", "finalizing"})
    void aBatchMayBeStuck(String where) throws Exception {
        JsonNode batch = runWith("{\"action\":\"stuck\",\"status\":\"" + where + "\"}");
        client.post("/_simulator/advance", "{\"seconds\":100000}");

        String id = batch.path("id").stringValue();
        for (int i = 0; i < 100 && !status(client.batch(id)).equals(where); i++) {
            Thread.sleep(10);
        }
        Thread.sleep(50);
        assertThat(status(client.batch(id))).isEqualTo(where);
    }

    @Test
    void aStuckBatchCanBeCancelled() throws Exception {
        JsonNode batch = runWith("{\"action\":\"stuck\"}");
        String id = batch.path("id").stringValue();
        client.post("/v1/batches/" + id + "/cancel", "");

        for (int i = 0; i < 500 && !status(client.batch(id)).equals("cancelled"); i++) {
            Thread.sleep(10);
        }
        assertThat(status(client.batch(id))).isEqualTo("cancelled");
    }

    @Test
    void aBatchMayHaveAStatusThatNobodyKnows() throws Exception {
        client.close();
        client = Client.start(data, "--batch-seconds", "100");
        client.faults("{\"action\":\"unknown_status\",\"status\":\"paused\"}");
        String id = client.create(client.file(Client.chat("a")), Map.of())
                .json()
                .path("id")
                .stringValue();

        assertThat(status(client.batch(id))).isEqualTo("paused");
        client.settle();
        assertThat(status(client.batch(id))).isEqualTo("completed");
    }

    @Test
    void aStatusMayGoBack() throws Exception {
        JsonNode first = runWith("{\"action\":\"regressing_status\"}");
        String id = first.path("id").stringValue();

        assertThat(status(first)).isEqualTo("completed");
        assertThat(status(client.batch(id))).isEqualTo("finalizing");
        assertThat(status(client.batch(id))).isEqualTo("completed");
    }

    @Test
    void aBatchMayVanish() throws Exception {
        JsonNode batch = runWith("{\"action\":\"vanish\",\"after\":1}");
        assertThat(status(batch)).isEqualTo("completed");

        assertThat(client.get("/v1/batches/" + batch.path("id").stringValue()).status())
                .isEqualTo(404);
        assertThat(client.get("/v1/batches").json().path("data").size()).isZero();
    }

    @Test
    void linesMayBeMissing() throws Exception {
        JsonNode batch = runWith("{\"action\":\"lines_missing\",\"lines\":2}");

        assertThat(customIds(client.lines(batch, "output_file_id")))
                .containsExactly("r10", "r2", "r3", "r4", "r5", "r7", "r8", "r9");
        assertThat(batch.path("request_counts").path("completed").intValue()).isEqualTo(10);
    }

    @Test
    void linesMayComeTwice() throws Exception {
        JsonNode batch = runWith("{\"action\":\"lines_doubled\"}");

        assertThat(customIds(client.lines(batch, "output_file_id"))).hasSize(11).containsSequence("r1", "r1");
    }

    @Test
    void linesMayBeMalformed() throws Exception {
        JsonNode batch = runWith("{\"action\":\"lines_malformed\",\"lines\":3}");

        assertThat(client.lines(batch, "output_file_id"))
                .hasSize(10)
                .filteredOn(line -> !line.endsWith("}"))
                .hasSize(3);
    }

    @Test
    void linesMayCarryForeignIds() throws Exception {
        JsonNode batch = runWith("{\"action\":\"lines_foreign\"}");

        assertThat(customIds(client.lines(batch, "output_file_id")))
                .hasSize(10)
                .contains("foreign-1")
                .doesNotContain("r1");
    }

    @Test
    void linesMayHaveTheStatusZero() throws Exception {
        JsonNode batch = runWith("{\"action\":\"lines_status_zero\"}");

        assertThat(client.output(batch)
                        .valueStream()
                        .filter(line ->
                                line.path("response").path("status_code").intValue() == 0))
                .hasSize(1);
    }
}
