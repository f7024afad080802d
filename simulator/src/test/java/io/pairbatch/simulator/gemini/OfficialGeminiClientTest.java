package io.pairbatch.simulator.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.types.BatchJob;
import com.google.genai.types.BatchJobSource;
import com.google.genai.types.Content;
import com.google.genai.types.CreateBatchJobConfig;
import com.google.genai.types.File;
import com.google.genai.types.FileSource;
import com.google.genai.types.FileState;
import com.google.genai.types.FinishReason;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.InlinedRequest;
import com.google.genai.types.InlinedResponse;
import com.google.genai.types.JobState;
import com.google.genai.types.ListBatchJobsConfig;
import com.google.genai.types.ListFilesConfig;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.ThinkingLevel;
import com.google.genai.types.UploadFileConfig;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Google's own Java client works with the simulator.
@SuppressWarnings("NullAway.Init")
class OfficialGeminiClientTest {

    private static final int SDK_CHUNK = 8 << 20;

    @TempDir
    Path data = Path.of("");

    private GeminiClient client;
    private Client official;

    @BeforeEach
    void start() throws IOException {
        client = GeminiClient.start(data.resolve("provider"));
        official = official("sk-simulator");
    }

    private Client official(String key) {
        return Client.builder()
                .apiKey(key)
                .httpOptions(HttpOptions.builder()
                        .baseUrl(client.baseUrl().toString())
                        .retryOptions(HttpRetryOptions.builder().attempts(1))
                        .build())
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        official.close();
        client.close();
    }

    private void restart(String... options) throws IOException {
        stop();
        client = GeminiClient.start(data.resolve("provider"), options);
        official = official("sk-simulator");
    }

    private File upload(Path input) {
        return official.files.upload(
                input.toFile(),
                UploadFileConfig.builder()
                        .displayName("segment 1")
                        .mimeType("application/jsonl")
                        .build());
    }

    private File upload(String... lines) throws IOException {
        return upload(Files.write(data.resolve("input.jsonl"), List.of(lines)));
    }

    private BatchJob create(String model, BatchJobSource source) {
        return official.batches.create(
                model,
                source,
                CreateBatchJobConfig.builder().displayName("job 1").build());
    }

    private BatchJob create(String model, File file) {
        return create(
                model,
                BatchJobSource.builder().fileName(file.name().orElseThrow()).build());
    }

    @Test
    void itUploadsCreatesRetrievesAndDownloads() throws Exception {
        File file = upload(GeminiClient.lines(3));
        BatchJob created = create("gemini-2.5-flash", file);
        client.common().settle();
        BatchJob ended = official.batches.get(created.name().orElseThrow(), null);

        assertThat(file.state().map(FileState::knownEnum)).contains(FileState.Known.ACTIVE);
        assertThat(file.source().map(FileSource::knownEnum)).contains(FileSource.Known.UPLOADED);
        assertThat(file.sizeBytes()).contains(Files.size(data.resolve("input.jsonl")));
        assertThat(file.expirationTime().orElseThrow())
                .isAfter(file.createTime().orElseThrow());
        assertThat(created.state().map(JobState::knownEnum)).contains(JobState.Known.JOB_STATE_PENDING);
        assertThat(created.displayName()).contains("job 1");
        assertThat(created.model()).contains("models/gemini-2.5-flash");
        assertThat(ended.state().map(JobState::knownEnum)).contains(JobState.Known.JOB_STATE_SUCCEEDED);
        assertThat(ended.endTime()).isPresent();
        assertThat(download(ended)).hasSize(3).allSatisfy(OfficialGeminiClientTest::assertAnswer);
    }

    /// The client reads the whole body at once, so this does not scale; the simulator streams.
    private List<String> download(BatchJob job) throws IOException {
        Path output = data.resolve("output.jsonl");
        official.files.download(job.dest().orElseThrow().fileName().orElseThrow(), output.toString(), null);
        return Files.readAllLines(output);
    }

    private static void assertAnswer(String line) {
        GenerateContentResponse response = GenerateContentResponse.fromJson(
                Json.MAPPER.readTree(line).path("response").toString());
        assertThat(response.text()).startsWith("<BETTER_SAMPLE>");
        assertThat(response.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
        assertThat(response.usageMetadata().orElseThrow().totalTokenCount().orElseThrow())
                .isPositive();
        assertThat(response.modelVersion()).contains("gemini-2.5-flash");
    }

    @Test
    void itSendsInlinedRequestsWithThinkingAndReadsTheAnswers() throws Exception {
        InlinedRequest request = InlinedRequest.builder()
                .contents(Content.fromParts(Part.fromText(prompt())))
                .metadata(Map.of("key", "r1"))
                .config(GenerateContentConfig.builder()
                        .systemInstruction(Content.fromParts(Part.fromText("You judge.")))
                        .temperature(0.5f)
                        .topK(40f)
                        .maxOutputTokens(2000)
                        .thinkingConfig(
                                ThinkingConfig.builder().includeThoughts(true).thinkingLevel(ThinkingLevel.Known.LOW))
                        .build())
                .build();
        BatchJob created = create(
                "gemini-3.1-pro-preview",
                BatchJobSource.builder().inlinedRequests(request).build());
        client.common().settle();

        InlinedResponse answer = official.batches
                .get(created.name().orElseThrow(), null)
                .dest()
                .orElseThrow()
                .inlinedResponses()
                .orElseThrow()
                .getFirst();

        assertThat(answer.metadata()).contains(Map.of("key", "r1"));
        List<Part> parts =
                java.util.Objects.requireNonNull(answer.response().orElseThrow().parts());
        assertThat(parts).hasSize(2);
        assertThat(parts.getFirst().thought()).contains(true);
        assertThat(parts.getLast().thoughtSignature()).isPresent();
        assertThat(answer.response().orElseThrow().text()).startsWith("<BETTER_SAMPLE>");
    }

    private static String prompt() {
        return io.pairbatch.simulator.Client.prompt("One", "Two");
    }

    @Test
    void itReadsTheErrorOfAnInlinedRequest() throws Exception {
        InlinedRequest request = InlinedRequest.builder()
                .contents(Content.fromParts(Part.fromText("P")))
                .config(GenerateContentConfig.builder().temperature(3f).build())
                .build();
        BatchJob created = create(
                "gemini-2.5-flash",
                BatchJobSource.builder().inlinedRequests(request).build());
        client.common().settle();

        InlinedResponse answer = official.batches
                .get(created.name().orElseThrow(), null)
                .dest()
                .orElseThrow()
                .inlinedResponses()
                .orElseThrow()
                .getFirst();

        assertThat(answer.error().orElseThrow().code()).contains(400);
        assertThat(answer.error().orElseThrow().message().orElseThrow()).contains("temperature");
    }

    @Test
    void itUploadsInChunks() throws Exception {
        Path input = data.resolve("big.jsonl");
        Files.writeString(input, GeminiClient.line("a", "x".repeat(SDK_CHUNK + 1000), "") + "\n");

        assertThat(upload(input).sizeBytes()).contains(Files.size(input));
        assertThat(client.common().journal("upload").getFirst().path("lines").intValue())
                .isEqualTo(1);
    }

    /// The client's loop ends with a read of -1 bytes, which it takes as the length of the last chunk.
    @Test
    void itCannotUploadAMultipleOfEightMebibytes() throws Exception {
        Path input = Files.write(data.resolve("even.jsonl"), GeminiClient.bytes(SDK_CHUNK));

        assertThatThrownBy(() -> upload(input)).isInstanceOf(IllegalArgumentException.class);
        assertThat(client.common().journal("upload")).isEmpty();
    }

    @Test
    void itListsBatchesAndFilesToTheirEnd() throws Exception {
        File file = upload(GeminiClient.line("a"));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            names.addFirst(create("gemini-2.5-flash", file).name().orElseThrow());
        }

        List<String> seen = new ArrayList<>();
        official.batches
                .list(ListBatchJobsConfig.builder().pageSize(3).build())
                .forEach(job -> seen.add(job.name().orElseThrow()));
        List<String> files = new ArrayList<>();
        official.files
                .list(ListFilesConfig.builder().pageSize(3).build())
                .forEach(one -> files.add(one.name().orElseThrow()));

        assertThat(seen).isEqualTo(names);
        assertThat(files).containsExactly(file.name().orElseThrow());
    }

    @Test
    void itListsNothing() {
        assertThat(official.batches.list(ListBatchJobsConfig.builder().build())).isEmpty();
    }

    @Test
    void itCancelsAndDeletes() throws Exception {
        restart("--batch-seconds", "1000");
        String name = create("gemini-2.5-flash", upload(GeminiClient.line("a")))
                .name()
                .orElseThrow();

        official.batches.cancel(name, null);
        client.common().settle();
        assertThat(official.batches.get(name, null).state().map(JobState::knownEnum))
                .contains(JobState.Known.JOB_STATE_CANCELLED);
        official.batches.delete(name, null);

        assertThatThrownBy(() -> official.batches.get(name, null))
                .isInstanceOfSatisfying(
                        ClientException.class, e -> assertThat(e.code()).isEqualTo(404));
    }

    @Test
    void itDeletesABatchButNotTheFileOfItsResponses() throws Exception {
        String name = create("gemini-2.5-flash", upload(GeminiClient.line("a")))
                .name()
                .orElseThrow();
        client.common().settle();
        String responses = official.batches
                .get(name, null)
                .dest()
                .flatMap(destination -> destination.fileName())
                .orElseThrow();

        assertThatThrownBy(() -> official.files.delete(responses, null))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        e -> assertThat(e.getMessage()).contains("DeleteFileRequest.name: File ID"));
        official.batches.delete(name, null);
        assertThat(client.get("/download/v1beta/" + responses + ":download?alt=media")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void itReadsAndDeletesFiles() throws Exception {
        File file = upload(GeminiClient.line("a"));
        String name = file.name().orElseThrow();

        assertThat(official.files.get(name, null)).isEqualTo(file);
        official.files.delete(name, null);

        assertThatThrownBy(() -> official.files.get(name, null))
                .isInstanceOfSatisfying(
                        ClientException.class, e -> assertThat(e.status()).isEqualTo("PERMISSION_DENIED"));
    }

    @Test
    void itKnowsTheRefusals() throws Exception {
        File file = upload("{");
        Client stranger = official("sk-wrong");
        try {
            assertThatThrownBy(() ->
                            stranger.batches.list(ListBatchJobsConfig.builder().build()))
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            e -> assertThat(e.getMessage()).contains("API key not valid", "API_KEY_INVALID"));
            assertThatThrownBy(() -> create("gemini-2.5-flash", file))
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            e -> assertThat(e.getMessage()).contains("Error on line 1: invalid JSON"));
            assertThatThrownBy(() -> create("gemini-1.0-mini", file))
                    .isInstanceOfSatisfying(
                            ClientException.class, e -> assertThat(e.status()).isEqualTo("NOT_FOUND"));
        } finally {
            stranger.close();
        }
    }
}
