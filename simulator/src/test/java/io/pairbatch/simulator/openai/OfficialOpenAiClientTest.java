package io.pairbatch.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.core.http.HttpResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchCreateParams.CompletionWindow;
import com.openai.models.batches.BatchCreateParams.Endpoint;
import com.openai.models.batches.BatchError;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.responses.Response;
import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The provider's own Java client works with the simulator and accepts every response.
@SuppressWarnings("NullAway.Init")
class OfficialOpenAiClientTest {

    @TempDir
    Path data = Path.of("");

    private Client client;
    private OpenAIClient official;

    @BeforeEach
    void start() throws IOException {
        client = Client.start(data);
        official = official("sk-simulator");
    }

    private OpenAIClient official(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(client.simulator().baseUrl() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        official.close();
        client.close();
    }

    private FileObject upload(String... lines) throws IOException {
        Path input = data.resolve("input.jsonl");
        Files.write(input, List.of(lines));
        return official.files()
                .create(FileCreateParams.builder()
                        .purpose(FilePurpose.BATCH)
                        .file(input)
                        .build());
    }

    private com.openai.models.batches.Batch create(FileObject file, Endpoint endpoint) {
        return official.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(file.id())
                        .endpoint(endpoint)
                        .completionWindow(CompletionWindow._24H)
                        .metadata(BatchCreateParams.Metadata.builder()
                                .putAdditionalProperty("segment", JsonValue.from("000001"))
                                .build())
                        .build());
    }

    private String onlyBody(com.openai.models.batches.Batch batch) throws Exception {
        try (HttpResponse response =
                official.files().content(batch.outputFileId().orElseThrow())) {
            String line = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
            return Json.MAPPER.readTree(line).path("response").path("body").toString();
        }
    }

    @Test
    void itUploadsCreatesRetrievesAndDownloads() throws Exception {
        Batch created = create(upload(Client.chat("a")), Endpoint.V1_CHAT_COMPLETIONS);
        client.settle();
        Batch batch = official.batches().retrieve(created.id());

        assertThat(batch.isValid()).isTrue();
        assertThat(batch.status()).isEqualTo(com.openai.models.batches.Batch.Status.COMPLETED);
        assertThat(batch.requestCounts().orElseThrow().completed()).isEqualTo(1);
        assertThat(batch.usage().orElseThrow().totalTokens()).isPositive();
        ChatCompletion answer = ObjectMappers.jsonMapper().readValue(onlyBody(batch), ChatCompletion.class);
        assertThat(answer.validate().choices().getFirst().message().content().orElseThrow())
                .startsWith("<BETTER_SAMPLE>");
    }

    @Test
    void itReadsResponses() throws Exception {
        String line = Client.responses(
                "a",
                "gpt-5.1",
                Client.prompt("One", "Two"),
                ",\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}");
        Batch created = create(upload(line), Endpoint.V1_RESPONSES);
        client.settle();

        Response answer = ObjectMappers.jsonMapper()
                .readValue(onlyBody(official.batches().retrieve(created.id())), Response.class)
                .validate();

        assertThat(answer.output()).hasSize(2);
        assertThat(answer.output().getFirst().asReasoning().summary()).hasSize(1);
        assertThat(answer.output()
                        .getLast()
                        .asMessage()
                        .content()
                        .getFirst()
                        .asOutputText()
                        .text())
                .startsWith("<BETTER_SAMPLE>");
    }

    @Test
    void itListsBatchesAndFilesToTheirEnd() throws Exception {
        FileObject file = upload(Client.chat("a"));
        for (int i = 0; i < 25; i++) {
            create(file, Endpoint.V1_CHAT_COMPLETIONS);
        }

        assertThat(official.batches().list().autoPager().stream()).hasSize(25).allMatch(batch -> batch.isValid());
        assertThat(official.files().list().autoPager().stream()).contains(file).allMatch(FileObject::isValid);
    }

    @Test
    void itReadsTheErrorsOfAFailedBatch() throws Exception {
        Batch created = create(upload("{"), Endpoint.V1_CHAT_COMPLETIONS);
        client.settle();

        BatchError error = official.batches()
                .retrieve(created.id())
                .errors()
                .orElseThrow()
                .data()
                .orElseThrow()
                .getFirst();
        assertThat(error.code()).contains("invalid_json_line");
        assertThat(error.line()).contains(1L);
    }

    @Test
    void itCancels() throws Exception {
        client.close();
        client = Client.start(data, "--batch-seconds", "1000");
        official.close();
        official = official("sk-simulator");
        Batch created = create(upload(Client.chat("a")), Endpoint.V1_CHAT_COMPLETIONS);

        assertThat(official.batches().cancel(created.id()).status())
                .isEqualTo(com.openai.models.batches.Batch.Status.CANCELLING);
    }

    @Test
    void itDeletesFiles() throws Exception {
        FileObject file = upload(Client.chat("a"));

        assertThat(official.files().delete(file.id()).deleted()).isTrue();
        assertThatThrownBy(() -> official.files().retrieve(file.id())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> official.files().delete(file.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void itDeletesWhatABatchWroteAndTheBatchStays() throws Exception {
        Batch created = create(upload(Client.chat("a")), Endpoint.V1_CHAT_COMPLETIONS);
        client.settle();
        String output = official.batches().retrieve(created.id()).outputFileId().orElseThrow();

        assertThat(official.files().delete(output).deleted()).isTrue();
        assertThatThrownBy(() -> official.files().content(output)).isInstanceOf(NotFoundException.class);
        assertThat(official.batches().retrieve(created.id()).outputFileId()).contains(output);
    }

    private void advance(long seconds) throws Exception {
        client.post("/_simulator/advance", "{\"seconds\":" + seconds + "}");
    }

    @Test
    void itSaysWhenFilesExpire() throws Exception {
        Path input = Files.writeString(data.resolve("expiring.jsonl"), Client.chat("a") + "\n");
        FileObject file = official.files()
                .create(FileCreateParams.builder()
                        .purpose(FilePurpose.BATCH)
                        .file(input)
                        .expiresAfter(FileCreateParams.ExpiresAfter.builder()
                                .seconds(604_800)
                                .build())
                        .build());
        assertThat(file.expiresAt().orElseThrow() - file.createdAt()).isEqualTo(604_800);
        Batch created = official.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(file.id())
                        .endpoint(Endpoint.V1_CHAT_COMPLETIONS)
                        .completionWindow(CompletionWindow._24H)
                        .outputExpiresAfter(BatchCreateParams.OutputExpiresAfter.builder()
                                .seconds(86_400)
                                .build())
                        .build());
        client.settle();
        String output = official.batches().retrieve(created.id()).outputFileId().orElseThrow();
        FileObject written = official.files().retrieve(output);
        assertThat(written.expiresAt().orElseThrow() - written.createdAt()).isEqualTo(86_400);

        advance(86_400);
        assertThatThrownBy(() -> official.files().content(output)).isInstanceOf(NotFoundException.class);
        advance(604_800);
        assertThatThrownBy(() -> official.files().retrieve(file.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void itKnowsTheRefusals() {
        OpenAIClient stranger = official("sk-wrong");
        try {
            assertThatThrownBy(() -> stranger.batches().list())
                    .isInstanceOfSatisfying(
                            UnauthorizedException.class,
                            e -> assertThat(e.code()).contains("invalid_api_key"));
        } finally {
            stranger.close();
        }
    }
}
