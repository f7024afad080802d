package io.pairbatch.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AnswerTest {

    private static final String SHORT = "A short text.";
    private static final String LONG = "A longer text that says rather more than the other one.";

    @TempDir
    Path data = Path.of("");

    private String qualities(String... textsAndQualities) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < textsAndQualities.length; i += 2) {
            lines.add(Json.object()
                    .put("text", textsAndQualities[i])
                    .put("quality", Double.parseDouble(textsAndQualities[i + 1]))
                    .toString());
        }
        Path file = data.resolve("qualities.jsonl");
        Files.write(file, lines);
        return file.toString();
    }

    private static String winner(JsonNode line) {
        String content = content(line);
        assertThat(content).matches("<BETTER_SAMPLE>SAMPLE_[12]</BETTER_SAMPLE>");
        return content.replaceAll(".*SAMPLE_([12])<.*", "$1");
    }

    private static String content(JsonNode line) {
        JsonNode body = line.path("response").path("body");
        return body.path("choices").path(0).path("message").path("content").stringValue();
    }

    private static Map<String, String> winners(Client client, String... lines) throws Exception {
        Map<String, String> winners = new TreeMap<>();
        client.output(client.run(lines))
                .forEach(line -> winners.put(line.path("custom_id").stringValue(), winner(line)));
        return winners;
    }

    @Test
    void aChatAnswerHasTheProvidersShape() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode line = client.output(client.run(Client.chat("a"))).path(0);

            assertThat(line.propertyNames()).containsExactly("id", "custom_id", "response", "error");
            assertThat(line.path("id").stringValue()).startsWith("batch_req_");
            assertThat(line.path("error").isNull()).isTrue();
            assertThat(line.path("response").propertyNames()).containsExactly("status_code", "request_id", "body");
            JsonNode body = line.path("response").path("body");
            assertThat(body.path("object").stringValue()).isEqualTo("chat.completion");
            assertThat(body.path("model").stringValue()).isEqualTo("gpt-4.1-2025-04-14");
            assertThat(body.path("choices").path(0).path("finish_reason").stringValue())
                    .isEqualTo("stop");
            assertThat(body.path("choices")
                            .path(0)
                            .path("message")
                            .path("refusal")
                            .isNull())
                    .isTrue();
            JsonNode usage = body.path("usage");
            assertThat(usage.path("total_tokens").intValue())
                    .isEqualTo(usage.path("prompt_tokens").intValue()
                            + usage.path("completion_tokens").intValue());
            assertThat(usage.path("prompt_tokens_details").path("cached_tokens").isNumber())
                    .isTrue();
            assertThat(usage.path("completion_tokens_details")
                            .path("reasoning_tokens")
                            .intValue())
                    .isZero();
        }
    }

    @Test
    void aResponseWithASummaryHasAReasoningItemBeforeItsMessage() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode body = response(client, "gpt-5.1", ",\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}");

            assertThat(body.path("object").stringValue()).isEqualTo("response");
            assertThat(body.path("status").stringValue()).isEqualTo("completed");
            assertThat(body.path("output").path(0).path("type").stringValue()).isEqualTo("reasoning");
            assertThat(body.path("output")
                            .path(0)
                            .path("summary")
                            .path(0)
                            .path("text")
                            .stringValue())
                    .isNotBlank();
            assertThat(body.path("output")
                            .path(1)
                            .path("content")
                            .path(0)
                            .path("text")
                            .stringValue())
                    .startsWith("<BETTER_SAMPLE>");
            assertThat(body.path("usage")
                            .path("output_tokens_details")
                            .path("reasoning_tokens")
                            .intValue())
                    .isPositive();
            assertThat(body.path("usage").path("input_tokens_details").has("cached_tokens"))
                    .isTrue();
        }
    }

    @Test
    void aResponseWithoutASummaryHasAnEmptyReasoningItem() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode output = response(client, "gpt-5-mini", "").path("output");

            assertThat(output.path(0).path("type").stringValue()).isEqualTo("reasoning");
            assertThat(output.path(0).path("summary").size()).isZero();
        }
    }

    @Test
    void aModelThatDoesNotReasonAnswersWithAMessageOnly() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode body = response(client, "gpt-4.1", "");

            assertThat(body.path("output").size()).isEqualTo(1);
            assertThat(body.path("reasoning").path("effort").isNull()).isTrue();
        }
    }

    @Test
    void aResponseThatRunsOutOfTokensIsIncomplete() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode body = response(client, "gpt-5", ",\"max_output_tokens\":20");

            assertThat(body.path("status").stringValue()).isEqualTo("incomplete");
            assertThat(body.path("incomplete_details").path("reason").stringValue())
                    .isEqualTo("max_output_tokens");
        }
    }

    private static JsonNode response(Client client, String model, String more) throws Exception {
        JsonNode batch = client.run(Client.responses("a", model, Client.prompt(SHORT, LONG), more));
        return client.output(batch).path(0).path("response").path("body");
    }

    @Test
    void aChatAnswerThatRunsOutOfTokensSaysSo() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode line = client.output(
                            client.run(Client.chat("a", "gpt-4.1", Client.prompt(SHORT, LONG), ",\"max_tokens\":3")))
                    .path(0);

            assertThat(line.path("response")
                            .path("body")
                            .path("choices")
                            .path(0)
                            .path("finish_reason")
                            .stringValue())
                    .isEqualTo("length");
            assertThat(content(line)).hasSize(12);
        }
    }

    @Test
    void theBetterTextWinsAtEitherPosition() throws Exception {
        try (Client client = Client.start(data, "--noise", "0", "--qualities", qualities(SHORT, "2", LONG, "1"))) {
            assertThat(winners(
                            client,
                            Client.chat("ab", "gpt-4.1", Client.prompt(SHORT, LONG), ""),
                            Client.chat("ba", "gpt-4.1", Client.prompt(LONG, SHORT), "")))
                    .isEqualTo(Map.of("ab", "1", "ba", "2"));
        }
    }

    @Test
    void aStrongPositionBiasBeatsQuality() throws Exception {
        String file = qualities(SHORT, "2", LONG, "1");
        try (Client client = Client.start(data, "--noise", "0", "--position-bias", "9", "--qualities", file)) {
            assertThat(winners(client, Client.chat("ba", "gpt-4.1", Client.prompt(LONG, SHORT), "")))
                    .isEqualTo(Map.of("ba", "1"));
        }
    }

    @Test
    void aTextInsideALongerOneIsNotTakenForASample() throws Exception {
        String whole = "An essay.\n" + LONG + "\nAnd its end.";
        String file = qualities(LONG, "0", whole, "1", SHORT, "2");
        try (Client client = Client.start(data, "--noise", "0", "--qualities", file)) {
            assertThat(winners(client, Client.chat("x", "gpt-4.1", Client.prompt(whole, SHORT), "")))
                    .isEqualTo(Map.of("x", "2"));
        }
    }

    @Test
    void aShortTextInTheInstructionsIsNotTakenForASample() throws Exception {
        String file = qualities("judge", "9", SHORT, "2", LONG, "1");
        try (Client client = Client.start(data, "--noise", "0", "--qualities", file)) {
            assertThat(winners(client, Client.chat("x", "gpt-4.1", Client.prompt(LONG, SHORT), "")))
                    .isEqualTo(Map.of("x", "2"));
        }
    }

    @Test
    void identicalTextsAreTwoSamples() throws Exception {
        String file = qualities(SHORT, "1", LONG, "2");
        try (Client client = Client.start(data, "--noise", "0", "--position-bias", "0.1", "--qualities", file)) {
            assertThat(winners(client, Client.chat("x", "gpt-4.1", Client.prompt(SHORT, SHORT), "")))
                    .isEqualTo(Map.of("x", "1"));
        }
    }

    @Test
    void aPairKeepsItsWinnerUnderAnotherIdModelAndEndpoint() throws Exception {
        try (Client client = Client.start(data)) {
            String[] first = new String[40];
            String[] second = new String[40];
            for (int i = 0; i < 40; i++) {
                String prompt = Client.prompt("First " + i, "Second " + i);
                first[i] = Client.chat(String.format("a%02d", i), "gpt-4.1", prompt, "");
                second[39 - i] = Client.responses(String.format("b%02d", i), "gpt-5.1", prompt, "");
            }
            List<String> chat = new ArrayList<>(winners(client, first).values());
            Map<String, String> other = new TreeMap<>();
            client.output(client.run(second))
                    .forEach(line -> other.put(
                            line.path("custom_id").stringValue(),
                            line.path("response")
                                    .path("body")
                                    .path("output")
                                    .path(0)
                                    .path("content")
                                    .path(0)
                                    .path("text")
                                    .stringValue()
                                    .replaceAll(".*SAMPLE_([12])<.*", "$1")));

            assertThat(chat).isEqualTo(new ArrayList<>(other.values())).contains("1", "2");
        }
    }

    @Test
    void winnersFollowTheLogisticOfTheQualityDifference() throws Exception {
        int n = 2000;
        String[] texts = new String[n * 4];
        String[] lines = new String[n];
        for (int i = 0; i < n; i++) {
            texts[4 * i] = "Strong text number " + i + ".";
            texts[4 * i + 1] = "1";
            texts[4 * i + 2] = "Weak text number " + i + ".";
            texts[4 * i + 3] = "0";
            lines[i] = Client.chat("r" + i, "gpt-4.1", Client.prompt(texts[4 * i], texts[4 * i + 2]), "");
        }
        try (Client client = Client.start(data, "--qualities", qualities(texts))) {
            long ones =
                    winners(client, lines).values().stream().filter("1"::equals).count();

            // 1 / (1 + e^-1) = 0.731; three standard errors are 0.03.
            assertThat((double) ones / n).isCloseTo(0.731, within(0.03));
        }
    }

    @Test
    void someAnswersHaveNoTagAndSomeRequestsFail() throws Exception {
        try (Client client = Client.start(data, "--missing-tag-rate", "0.3", "--error-rate", "0.3")) {
            JsonNode batch = client.run(Client.chats(200));

            List<JsonNode> errors = client.errors(batch).valueStream().toList();
            assertThat(errors).hasSizeBetween(30, 90);
            assertThat(batch.path("request_counts").path("failed").intValue()).isEqualTo(errors.size());
            assertThat(errors)
                    .extracting(
                            line -> line.path("response").path("status_code").intValue(0)
                                    + line.path("error").path("code").asString(""))
                    .containsOnly("500", "429", "0request_timeout");
            assertThat(client.output(batch)
                            .valueStream()
                            .filter(line -> !content(line).contains("<")))
                    .hasSizeBetween(20, 70);
        }
    }

    @Test
    void whetherARequestFailsAtFirstDependsOnItsTextsOnly() throws Exception {
        assertThat(attempts("one", 1)).isEqualTo(attempts("other", 1)).isNotEmpty();
    }

    @Test
    void aPairThatFailedIsDrawnAgainWhenItIsSentAgain() throws Exception {
        List<List<String>> failed = attempts("one", 3);
        assertThat(failed.get(0))
                .containsAll(failed.get(1))
                .hasSizeGreaterThan(failed.get(1).size());
        assertThat(failed.get(1)).containsAll(failed.get(2));
        assertThat(attempts("other", 3)).as("the same seed and attempt").isEqualTo(failed);
    }

    @Test
    void aSimulatorThatIsStartedAgainKnowsWhichPairsHaveFailed() throws Exception {
        List<List<String>> failed = attempts("one", 2);
        assertThat(List.of(attempts("other", 1).getFirst(), attempts("other", 1).getFirst()))
                .isEqualTo(failed);
    }

    /// The requests that fail when the same batch is sent so often.
    private List<List<String>> attempts(String folder, int count) throws Exception {
        try (Client client = Client.start(data.resolve(folder), "--error-rate", "0.5")) {
            List<List<String>> failed = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                failed.add(failed(client));
            }
            return failed;
        }
    }

    private static List<String> failed(Client client) throws Exception {
        return client.errors(client.run(Client.chats(20)))
                .valueStream()
                .map(line -> line.path("custom_id").stringValue())
                .sorted()
                .toList();
    }

    @Test
    void aBatchAddsUpItsUsage() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode batch = client.run(Client.chats(7));

            long tokens = client.output(batch)
                    .valueStream()
                    .mapToLong(line -> line.path("response")
                            .path("body")
                            .path("usage")
                            .path("total_tokens")
                            .longValue())
                    .sum();
            assertThat(batch.path("usage").path("total_tokens").longValue()).isEqualTo(tokens);
        }
    }
}
