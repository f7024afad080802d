package io.pairbatch.simulator.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AnthropicLifeTest {

    @TempDir
    Path data = Path.of("");

    private static String status(JsonNode batch) {
        return batch.path("processing_status").stringValue();
    }

    private static String type(JsonNode line) {
        return line.path("result").path("type").stringValue();
    }

    private static String counts(long processing, long succeeded, long errored, long canceled, long expired) {
        return "{\"processing\":" + processing + ",\"succeeded\":" + succeeded + ",\"errored\":" + errored
                + ",\"canceled\":" + canceled + ",\"expired\":" + expired + "}";
    }

    private static Instant time(JsonNode batch, String member) {
        return Instant.parse(batch.path(member).stringValue());
    }

    private JsonNode runWith(String rule) throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            client.control().faults(rule);
            return client.run(MessagesClient.requests(10));
        }
    }

    @Test
    void requestsCountAsProcessingUntilTheWholeBatchHasEnded() throws Exception {
        try (MessagesClient client = MessagesClient.start(data, "--batch-seconds", "1000")) {
            String id = client.open(MessagesClient.requests(10));
            client.control().post("/_simulator/advance", "{\"seconds\":800}");
            Thread.sleep(300);

            JsonNode running = client.batch(id);
            assertThat(status(running)).isEqualTo("in_progress");
            assertThat(running.path("request_counts").toString()).isEqualTo(counts(10, 0, 0, 0, 0));
            assertThat(running.path("results_url").isNull()).isTrue();
            assertThat(running.path("ended_at").isNull()).isTrue();
            Client.Reply early = client.get("/" + id + "/results");
            assertThat(early.status()).isEqualTo(404);
            assertThat(early.error().path("message").stringValue())
                    .isEqualTo("Message Batch " + id + " has no available results.");

            client.control().settle();
            JsonNode ended = client.batch(id);
            assertThat(status(ended)).isEqualTo("ended");
            assertThat(ended.path("request_counts").toString()).isEqualTo(counts(0, 10, 0, 0, 0));
            assertThat(Duration.between(time(ended, "created_at"), time(ended, "expires_at")))
                    .isEqualTo(Duration.ofHours(24));
            assertThat(Duration.between(time(ended, "created_at"), time(ended, "ended_at")))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1000));
        }
    }

    @Test
    void resultsAreJsonLinesInAnotherOrder() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            JsonNode batch = client.run(MessagesClient.requests(50));

            Client.Reply reply = client.get("/" + batch.path("id").stringValue() + "/results");
            assertThat(reply.response().headers().firstValue("content-type")).contains("application/x-jsonl");
            List<String> ids = reply.response()
                    .body()
                    .lines()
                    .map(line -> Json.MAPPER.readTree(line).path("custom_id").stringValue())
                    .toList();
            assertThat(ids).hasSize(50).doesNotHaveDuplicates();
            assertThat(ids.subList(0, 3)).isNotEqualTo(List.of("r1", "r2", "r3"));
        }
    }

    @Test
    void aPairHasTheSameWinnerWithEveryProvider() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            Map<String, String> openAi = new TreeMap<>();
            client.control()
                    .output(client.control().run(Client.chats(40)))
                    .forEach(line -> openAi.put(
                            line.path("custom_id").stringValue(),
                            line.path("response")
                                    .path("body")
                                    .path("choices")
                                    .path(0)
                                    .path("message")
                                    .path("content")
                                    .stringValue()));
            Map<String, String> anthropic = new TreeMap<>();
            client.results(client.run(MessagesClient.requests(40)))
                    .forEach(line -> anthropic.put(
                            line.path("custom_id").stringValue(),
                            line.path("result")
                                    .path("message")
                                    .path("content")
                                    .path(0)
                                    .path("text")
                                    .stringValue()));

            assertThat(anthropic).isEqualTo(openAi);
            assertThat(anthropic.values().stream().distinct()).hasSize(2);
        }
    }

    @Test
    void anAnswerThatRunsOutOfTokensSaysSo() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            JsonNode message = client.results(client.run(MessagesClient.request(
                            "a",
                            Json.object().put("model", "claude-haiku-4-5").put("max_tokens", 3),
                            Client.prompt("One", "Two"))))
                    .getFirst()
                    .path("result")
                    .path("message");

            assertThat(message.path("stop_reason").stringValue()).isEqualTo("max_tokens");
            assertThat(message.path("usage").path("output_tokens").intValue()).isEqualTo(3);
            assertThat(message.path("content").path(0).path("text").stringValue())
                    .hasSize(12);
        }
    }

    @Test
    void newerModelsThinkUnaskedAndKeepItToThemselves() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            JsonNode message = client.results(client.run(MessagesClient.request(
                            "a", Json.object().put("model", "claude-opus-5-5"), Client.prompt("One", "Two"))))
                    .getFirst()
                    .path("result")
                    .path("message");

            assertThat(message.path("content").path(0).path("type").stringValue())
                    .isEqualTo("thinking");
            assertThat(message.path("content").path(0).path("thinking").stringValue())
                    .isEmpty();
            assertThat(message.path("content").path(0).path("signature").stringValue())
                    .isNotEmpty();
            assertThat(message.path("usage")
                            .path("output_tokens_details")
                            .path("thinking_tokens")
                            .intValue())
                    .isPositive();
        }
    }

    @Test
    void requestsFailInTheProvidersWays() throws Exception {
        try (MessagesClient client = MessagesClient.start(data, "--error-rate", "0.9")) {
            JsonNode batch = client.run(MessagesClient.requests(100));

            List<JsonNode> errored = client.results(batch).stream()
                    .filter(line -> type(line).equals("errored"))
                    .toList();
            assertThat(batch.path("request_counts").path("errored").intValue()).isEqualTo(errored.size());
            assertThat(errored)
                    .extracting(line -> line.path("result")
                            .path("error")
                            .path("error")
                            .path("type")
                            .stringValue())
                    .contains("api_error", "rate_limit_error", "timeout_error", "overloaded_error")
                    .doesNotContain("invalid_request_error");
        }
    }

    @Test
    void aCanceledBatchKeepsWhatWasDone() throws Exception {
        try (MessagesClient client = MessagesClient.start(data, "--batch-seconds", "1000")) {
            String id = client.open(MessagesClient.requests(100));
            client.control().post("/_simulator/advance", "{\"seconds\":500}");
            Thread.sleep(300);

            JsonNode canceling = client.post("/" + id + "/cancel", "").json();
            assertThat(status(canceling)).isEqualTo("canceling");
            assertThat(canceling.path("request_counts").toString()).isEqualTo(counts(100, 0, 0, 0, 0));
            assertThat(time(canceling, "cancel_initiated_at")).isAfter(time(canceling, "created_at"));
            assertThat(client.post("/" + id + "/cancel", "").status()).isEqualTo(200);
            client.control().settle();

            JsonNode ended = client.batch(id);
            long done = client.results(ended).stream()
                    .filter(line -> type(line).equals("succeeded"))
                    .count();
            assertThat(done).isBetween(30L, 70L);
            assertThat(ended.path("request_counts").toString()).isEqualTo(counts(0, done, 0, 100 - done, 0));
            assertThat(client.post("/" + id + "/cancel", "").status()).isEqualTo(400);
        }
    }

    @Test
    void onlyAnEndedBatchCanBeDeleted() throws Exception {
        try (MessagesClient client = MessagesClient.start(data, "--batch-seconds", "1000")) {
            String id = client.open(MessagesClient.request("a"));
            assertThat(client.delete(id).error().path("message").stringValue())
                    .isEqualTo("In progress batches cannot be deleted. Consider canceling the batch instead.");
            client.control().settle();

            assertThat(client.delete(id).json().toString())
                    .isEqualTo("{\"id\":\"" + id + "\",\"type\":\"message_batch_deleted\"}");
            assertThat(client.get("/" + id).status()).isEqualTo(404);
        }
        try (MessagesClient client = MessagesClient.start(data)) {
            assertThat(client.get("").json().path("data").size()).isZero();
        }
    }

    @Test
    void resultsAreArchivedAfterTwentyNineDays() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            String id = client.run(MessagesClient.request("a")).path("id").stringValue();
            client.control().post("/_simulator/advance", "{\"seconds\":" + 29 * 24 * 3600 + "}");

            assertThat(client.batch(id).path("archived_at").isString()).isTrue();
            assertThat(client.get("/" + id + "/results").status()).isEqualTo(404);
        }
    }

    @Test
    void everythingSurvivesARestart() throws Exception {
        String id;
        try (MessagesClient client = MessagesClient.start(data, "--batch-seconds", "1000")) {
            client.control().faults("{\"action\":\"lines_missing\",\"lines\":1}");
            id = client.open(MessagesClient.requests(10));
            client.control().post("/_simulator/advance", "{\"seconds\":500}");
        }
        try (MessagesClient client = MessagesClient.start(data, "--batch-seconds", "1000")) {
            assertThat(status(client.batch(id))).isEqualTo("in_progress");
            client.control().settle();

            assertThat(client.results(client.batch(id))).hasSize(9);
            assertThat(client.control().journal("create")).hasSize(1);
        }
    }

    @Test
    void theJournalTellsApiNumberAndFirstId() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            String id = client.open(MessagesClient.requests(3));

            JsonNode line = client.control().journal("create").getFirst();
            assertThat(line.path("api").stringValue()).isEqualTo("anthropic");
            assertThat(line.path("id").stringValue()).isEqualTo(id).startsWith("msgbatch_");
            assertThat(line.path("requests").intValue()).isEqualTo(3);
            assertThat(line.path("custom_id").stringValue()).isEqualTo("r1");
            assertThat(line.toString()).doesNotContain("Text one");
        }
    }

    @Test
    void aQueueThatIsFullRefusesTheCreateUntilItIsFree() throws Exception {
        try (MessagesClient client =
                MessagesClient.start(data, "--batch-seconds", "20", "--max-queued-requests", "15")) {
            assertThat(client.create(MessagesClient.requests(10)).status()).isEqualTo(200);
            Client.Reply full = client.create(MessagesClient.requests(6));
            assertThat(full.status()).isEqualTo(429);
            assertThat(full.error().path("type").stringValue()).isEqualTo("rate_limit_error");
            assertThat(full.response().headers().firstValue("retry-after")).contains("20");
            assertThat(client.control().journal("create")).hasSize(1);

            assertThat(client.create(MessagesClient.requests(5)).status()).isEqualTo(200);
            client.control().settle();
            assertThat(client.create(MessagesClient.requests(6)).status()).isEqualTo(200);
        }
    }

    @Test
    void anotherUsersBatchLiesAmongOurs() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            client.control()
                    .post(
                            "/_simulator/foreign-batch",
                            "{\"api\":\"anthropic\",\"requests\":4,\"custom_ids\":\"ours-\"}");
            client.control().post("/_simulator/foreign-batch", "{\"api\":\"anthropic\"}");
            client.control().settle();

            JsonNode list = client.get("").json().path("data");
            assertThat(client.results(list.path(0)))
                    .extracting(line -> line.path("custom_id").stringValue())
                    .containsExactly("request-1", "request-2", "request-3");
            assertThat(client.results(list.path(1)))
                    .hasSize(4)
                    .allMatch(line -> line.path("custom_id").stringValue().startsWith("ours-"));
            assertThat(client.control().journal("foreign")).hasSize(2);
            assertThat(client.control().get("/v1/batches").json().path("data").size())
                    .isZero();
        }
    }

    @Test
    void aRuleMayBeForOneApiAndOneBatchOnly() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            client.control()
                    .faults("{\"api\":\"anthropic\",\"operation\":\"create\",\"custom_id_prefix\":\"b\","
                            + "\"action\":\"status\",\"status\":529}");

            assertThat(client.control()
                            .create(client.control().file(Client.chat("b")), Map.of())
                            .status())
                    .isEqualTo(200);
            assertThat(client.create(MessagesClient.request("a1")).status()).isEqualTo(200);
            Client.Reply struck = client.create(MessagesClient.request("b1"));
            assertThat(struck.status()).isEqualTo(529);
            assertThat(struck.error().path("type").stringValue()).isEqualTo("overloaded_error");
            assertThat(client.create(MessagesClient.request("b2")).status()).isEqualTo(200);
        }
    }

    @Test
    void aDropAfterTheCreateLeavesABatchWithoutAnAnswer() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            client.control().faults("{\"operation\":\"create\",\"action\":\"drop_after\"}");

            assertThatThrownBy(() -> client.create(MessagesClient.request("a"))).isInstanceOf(IOException.class);
            assertThat(client.control().journal("create")).hasSize(1);
            assertThat(client.get("").json().path("data").size()).isEqualTo(1);
        }
    }

    @Test
    void aDownloadMayBreakOff() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            JsonNode batch = client.run(MessagesClient.requests(10));
            client.control().faults("{\"operation\":\"download\",\"file\":\"output\",\"action\":\"truncate\"}");

            assertThatThrownBy(() -> client.results(batch)).isInstanceOf(IOException.class);
            assertThat(client.results(batch)).hasSize(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "all_lines_fail"})
    void everyLineMayFail(String action) throws Exception {
        JsonNode batch =
                runWith("{\"action\":\"" + action + "\",\"code\":\"billing_error\",\"message\":\"No funds.\"}");

        assertThat(status(batch)).isEqualTo("ended");
        assertThat(batch.path("request_counts").toString()).isEqualTo(counts(0, 0, 10, 0, 0));
        try (MessagesClient client = MessagesClient.start(data)) {
            assertThat(client.results(batch))
                    .hasSize(10)
                    .allMatch(line -> line.path("result")
                            .path("error")
                            .path("error")
                            .path("type")
                            .stringValue()
                            .equals("billing_error"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"expire", "cancel"})
    void aBatchMayEndEarlyWithPartOfItsResults(String action) throws Exception {
        JsonNode batch = runWith("{\"action\":\"" + action + "\",\"fraction\":0.5}");

        JsonNode counts = batch.path("request_counts");
        assertThat(status(batch)).isEqualTo("ended");
        assertThat(counts.path("succeeded").intValue()).isBetween(1, 9);
        assertThat(counts.path(action.equals("expire") ? "expired" : "canceled").intValue())
                .isEqualTo(10 - counts.path("succeeded").intValue());
    }

    @Test
    void aBatchMayBeStuckAndCanceled() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            client.control().faults("{\"action\":\"stuck\"}");
            String id = client.open(MessagesClient.request("a"));
            client.control().post("/_simulator/advance", "{\"seconds\":100000}");
            Thread.sleep(100);
            assertThat(status(client.batch(id))).isEqualTo("in_progress");

            client.post("/" + id + "/cancel", "");
            for (int i = 0; i < 500 && !status(client.batch(id)).equals("ended"); i++) {
                Thread.sleep(10);
            }
            assertThat(client.batch(id).path("request_counts").path("canceled").intValue()
                            + client.batch(id)
                                    .path("request_counts")
                                    .path("succeeded")
                                    .intValue())
                    .isEqualTo(1);
        }
    }

    @Test
    void aStatusMayBeUnknownOrGoBack() throws Exception {
        try (MessagesClient client = MessagesClient.start(data, "--batch-seconds", "100")) {
            client.control()
                    .faults(
                            "{\"action\":\"unknown_status\",\"status\":\"paused\"}",
                            "{\"action\":\"regressing_status\"}");
            String id = client.open(MessagesClient.requests(2));
            assertThat(status(client.batch(id))).isEqualTo("paused");
            client.control().settle();

            JsonNode back = client.batch(id);
            assertThat(status(back)).isEqualTo("in_progress");
            assertThat(back.path("results_url").isNull()).isTrue();
            assertThat(back.path("request_counts").toString()).isEqualTo(counts(2, 0, 0, 0, 0));
            assertThat(status(client.batch(id))).isEqualTo("ended");
        }
    }

    @Test
    void aBatchMayVanish() throws Exception {
        try (MessagesClient client = MessagesClient.start(data)) {
            client.control().faults("{\"action\":\"vanish\",\"after\":1}");
            String id = client.run(MessagesClient.request("a")).path("id").stringValue();

            assertThat(client.get("/" + id).status()).isEqualTo(404);
            assertThat(client.get("/" + id + "/results").status()).isEqualTo(404);
            assertThat(client.get("").json().path("data").size()).isZero();
        }
    }

    @Test
    void theResultsUrlMayBeMissingOrBlank() throws Exception {
        assertThat(runWith("{\"action\":\"output_null\"}").path("results_url").isNull())
                .isTrue();
        assertThat(runWith("{\"action\":\"output_blank_id\"}")
                        .path("results_url")
                        .stringValue())
                .isEmpty();
    }

    @Test
    void countsMayBeOdd() throws Exception {
        assertThat(runWith("{\"action\":\"odd_counts\"}").path("request_counts").toString())
                .isEqualTo(counts(0, 0, 0, 0, 0));
        assertThat(runWith("{\"action\":\"odd_counts\",\"counts\":\"strings\"}")
                        .path("request_counts")
                        .path("succeeded")
                        .stringValue())
                .isEqualTo("10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "output_empty 0 0",
                "lines_missing 9 9",
                "lines_doubled 11 10",
                "lines_foreign 10 10",
                "lines_malformed 10 9",
                "lines_status_zero 10 10"
            })
    void resultLinesMayBeSpoiled(String given) throws Exception {
        String[] words = given.split(" ", -1);
        try (MessagesClient client = MessagesClient.start(data)) {
            client.control().faults("{\"action\":\"" + words[0] + "\"}");
            JsonNode batch = client.run(MessagesClient.requests(10));

            List<String> lines = client.lines(batch);
            assertThat(lines).hasSize(Integer.parseInt(words[1]));
            assertThat(lines.stream().filter(line -> line.endsWith("}}")).distinct())
                    .hasSize(Integer.parseInt(words[2]));
            assertThat(lines.stream().anyMatch(line -> line.contains("\"foreign-1\"")))
                    .isEqualTo(words[0].equals("lines_foreign"));
            assertThat(lines.stream().anyMatch(line -> line.contains("\"message\":null")))
                    .isEqualTo(words[0].equals("lines_status_zero"));
            assertThat(batch.path("request_counts").path("succeeded").intValue())
                    .isEqualTo(10);
        }
    }
}
