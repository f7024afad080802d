package io.pairbatch.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.Simulator;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Azure's version of OpenAI's API (`--service azure`).
class AzureTest {

    private static final Map<String, String> TWO_WEEKS =
            Map.of("purpose", "batch", "expires_after.seconds", "1209600", "expires_after.anchor", "created_at");

    @TempDir
    Path data = Path.of("");

    private Client start(String... options) throws Exception {
        String[] all = new String[options.length + 2];
        System.arraycopy(options, 0, all, 2, options.length);
        all[0] = "--service";
        all[1] = "azure";
        return Client.start(data, all);
    }

    @Test
    void onlyTheApiKeyHeaderLetsIn() throws Exception {
        try (Client client = start()) {
            assertThat(client.get("/v1/batches").status()).isEqualTo(200);
            URI batches = URI.create(client.simulator().baseUrl() + "/openai/v1/batches");
            Client.Reply bearer =
                    client.send(HttpRequest.newBuilder(batches).header("Authorization", "Bearer sk-simulator"));
            assertThat(bearer.status()).isEqualTo(401);
            assertThat(bearer.error().path("code").asString("")).isEqualTo("401");
            URI elsewhere = URI.create(client.simulator().baseUrl() + "/v1/batches");
            assertThat(client.send(HttpRequest.newBuilder(elsewhere).header("api-key", "sk-simulator"))
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void aCleanBatchHasAnEmptyErrorFile() throws Exception {
        try (Client client = start()) {
            JsonNode batch = client.run(Client.chats(3));
            assertThat(batch.path("status").asString("")).isEqualTo("Completed");
            assertThat(client.output(batch)).hasSize(3);
            assertThat(batch.path("error_file_id").asString("")).isNotEmpty();
            assertThat(client.get("/v1/files/" + batch.path("error_file_id").stringValue() + "/content")
                            .response()
                            .body())
                    .isEmpty();
        }
    }

    @Test
    void timesAreTextsAndCountsComeLate() throws Exception {
        try (Client client = start("--batch-seconds", "1000")) {
            String id = client.create(client.file(Client.chats(2)), Map.of("a", "b"))
                    .json()
                    .path("id")
                    .stringValue();
            JsonNode batch = client.batch(id);
            assertThat(batch.path("status").asString("")).isEqualTo("Validating");
            assertThat(batch.path("request_counts").isNull()).isTrue();
            assertThat(batch.path("expires_at").isNull()).isTrue();
            assertThat(batch.path("metadata").path("a").asString("")).isEqualTo("b");
            assertThat(Instant.parse(batch.path("created_at").stringValue())).isAfter("2020-01-01T00:00:00Z");
            client.settle();
            assertThat(client.batch(id).path("request_counts").path("completed").intValue())
                    .isEqualTo(2);
            assertThat(client.get("/v1/batches")
                            .json()
                            .path("data")
                            .path(0)
                            .path("status")
                            .asString(""))
                    .isEqualTo("Completed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/responses, gpt-4.1, url_mismatch",
        "GET, /v1/chat/completions, gpt-4.1, invalid_request",
        "POST, /v1/chat/completions, gpt-4o, model_mismatch",
        "POST, /v1/chat/completions, no-such-deployment, model_not_found"
    })
    void validationHasCodesOfItsOwn(String method, String url, String model, String code) throws Exception {
        try (Client client = start()) {
            String other = Client.chat("r2", model, "Prompt", "")
                    .replace("\"POST\"", "\"" + method + "\"")
                    .replace("/v1/chat/completions", url);
            JsonNode batch = client.run(Client.chat("r1"), other);
            assertThat(batch.path("status").asString("")).isEqualTo("Failed");
            assertThat(batch.path("errors").path("data").path(0).path("code").asString(""))
                    .isEqualTo(code);
        }
    }

    @Test
    void aByteOrderMarkIsNoJson() throws Exception {
        try (Client client = start()) {
            JsonNode batch = client.run("\uFEFF" + Client.chat("r1"));
            assertThat(batch.path("errors").path("data").path(0).path("code").asString(""))
                    .isEqualTo("invalid_json_line");
        }
    }

    @Test
    void filesMayExpireAfterTwoWeeksToAMonth() throws Exception {
        try (Client client = start()) {
            JsonNode file =
                    client.upload(TWO_WEEKS, "x.jsonl", Client.chat("r1")).json();
            assertThat(file.path("expires_at").longValue()
                            - file.path("created_at").longValue())
                    .isEqualTo(1_209_600);
            assertThat(client.uploadAs("batch", "x.jsonl", "{}")
                            .json()
                            .path("expires_at")
                            .isNull())
                    .isTrue();
            Map<String, String> day =
                    Map.of("purpose", "batch", "expires_after.seconds", "86400", "expires_after.anchor", "created_at");
            assertThat(client.upload(day, "x.jsonl", "{}").status()).isEqualTo(400);
            Map<String, String> openAis = Map.of("purpose", "batch", "expires_after[seconds]", "1209600");
            assertThat(client.upload(openAis, "x.jsonl", "{}").status()).isEqualTo(400);
        }
    }

    @Test
    void aResourceHoldsFiveHundredFilesThatDoNotExpire() throws Exception {
        try (Client client = start()) {
            for (int i = 0; i < 500; i++) {
                assertThat(client.uploadAs("batch", "x.jsonl", "{}").status()).isEqualTo(200);
            }
            assertThat(client.uploadAs("batch", "x.jsonl", "{}").status()).isEqualTo(400);
            assertThat(client.upload(TWO_WEEKS, "x.jsonl", "{}").status()).isEqualTo(200);
        }
    }

    @Test
    void aServiceThatIsNotPlayedIsRefused() {
        assertThatThrownBy(() -> Simulator.start("--data", data.toString(), "--service", "groq"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--service is groq; expected is openai or azure.");
    }
}
