package io.pairbatch.oracles.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.errors.GenAiIOException;
import com.google.genai.types.BatchJobSource;
import com.google.genai.types.Content;
import com.google.genai.types.CreateBatchJobConfig;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HarmBlockThreshold;
import com.google.genai.types.HarmCategory;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.InlinedRequest;
import com.google.genai.types.ListBatchJobsConfig;
import com.google.genai.types.Part;
import com.google.genai.types.SafetySetting;
import com.google.genai.types.Schema;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.ThinkingLevel;
import com.google.genai.types.Type;
import com.google.genai.types.UploadFileConfig;
import io.pairbatch.oracles.wire.RecordingServer.Answer;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.gemini.GeminiClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Our Gemini client and `google-genai`, with the same batch (https://ai.google.dev/gemini-api/docs/batch-api).
@SuppressWarnings("NullAway.Init")
class GeminiWireTest {

    private static final int CHUNK = 8 << 20;
    private static final String MODEL = "gemini-3-flash-preview";
    private static final String CREATE = "POST /v1beta/models/" + MODEL + ":batchGenerateContent";
    private static final String UPLOADED = """
            {"file":{"name":"files/in","state":"ACTIVE","uri":"https://x/files/in","mimeType":"application/jsonl"}}""";

    @TempDir
    Path folder = Path.of("");

    private RecordingServer server;
    private BatchProvider ours;
    private Client sdk;

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
        ours = new GeminiClient(server.base(), "test-key", 3, "v1beta");
        sdk = sdk(HttpOptions.builder());
        server.on(
                "POST /upload/v1beta/files",
                call -> new Answer(
                        200,
                        Map.of("X-Goog-Upload-URL", server.base() + "/sessions/1", "X-Goog-Upload-Status", "active"),
                        ""));
        server.on("POST /sessions/1", GeminiWireTest::uploaded);
        server.on("GET /v1beta/files/in", "{\"name\":\"files/in\",\"state\":\"ACTIVE\"}");
        server.on(CREATE, batch("batches/b3"));
        server.on("GET /v1beta/batches/b3", batch("batches/b3"));
        server.on("POST /v1beta/batches/b3:cancel", "{}");
        server.on("DELETE /v1beta/batches/b3", "{}");
        server.on("DELETE /v1beta/files/in", "{}");
        server.on(
                "GET /v1beta/batches",
                call -> Answer.json(
                        call.query().get("pageToken") == null
                                ? "{\"operations\":[" + batch("batches/b3") + "],\"nextPageToken\":\"a+b/c=\"}"
                                : "{\"operations\":[" + batch("batches/b1") + "]}"));
        for (String path : List.of("/download/v1beta/files/out:download", "/v1beta/files/out:download")) {
            server.on("GET " + path, call -> new Answer(200, Map.of(), "{}\n"));
        }
    }

    private Client sdk(HttpOptions.Builder options) {
        return Client.builder()
                .apiKey("test-key")
                .httpOptions(options.baseUrl(server.base().toString()).build())
                .build();
    }

    @AfterEach
    void stop() {
        sdk.close();
        server.close();
    }

    private static Answer uploaded(Call call) {
        boolean last = call.headers().getOrDefault("x-goog-upload-command", "").contains("finalize");
        return new Answer(200, Map.of("X-Goog-Upload-Status", last ? "final" : "active"), last ? UPLOADED : "");
    }

    private static String batch(String name) {
        return """
                {"name":"%s","done":true,"metadata":{"@type":"type.googleapis.com/google.ai.generativelanguage.v1main.\
                GenerateContentBatch","model":"models/gemini-3-flash-preview","displayName":"d","state":\
                "BATCH_STATE_SUCCEEDED","createTime":"2026-11-22T10:00:00Z","name":"%s","batchStats":{"requestCount":\
                "2","successfulRequestCount":"2"}},"response":{"responsesFile":"files/out"}}""".formatted(name, name);
    }

    private static NewBatch newBatch() {
        return new NewBatch(
                "files/in",
                MODEL,
                "",
                Map.of(BatchProvider.TOKEN, "0a1b2c3d-000001-00ff"),
                2,
                9,
                InputStream::nullInputStream);
    }

    private void createBySdk() {
        sdk.batches.create(
                MODEL,
                BatchJobSource.builder().fileName("files/in").build(),
                CreateBatchJobConfig.builder()
                        .displayName("pairbatch 0a1b2c3d-000001-00ff")
                        .build());
    }

    private void upload(Path input) throws Exception {
        ours.upload("batch_01_input.jsonl", Files.size(input), () -> Files.newInputStream(input));
    }

    private void uploadBySdk(Path input) {
        sdk.files.upload(
                input.toFile(),
                UploadFileConfig.builder()
                        .displayName("batch_01_input.jsonl")
                        .mimeType("application/jsonl")
                        .build());
    }

    /// A file with this many bytes, whose chunks are all different.
    private Path file(int bytes) throws IOException {
        Path own = Files.createDirectories(folder.resolve(Integer.toString(bytes)));
        String lines =
                IntStream.range(0, bytes / 8 + 1).mapToObj("%07d\n"::formatted).collect(Collectors.joining());
        return Files.writeString(own.resolve("batch_01_input.jsonl"), lines.substring(0, bytes));
    }

    @Test
    void aBatchsLifecycleIsTheSameOnTheWire() throws Exception {
        Path input = file(1000);
        Path big = file(CHUNK + 1000);
        Comparison wire = new Comparison();
        wire.calls("upload", server.during(() -> upload(input)), server.during(() -> uploadBySdk(input)));
        wire.calls("upload in chunks", server.during(() -> upload(big)), server.during(() -> uploadBySdk(big)));
        wire.calls(
                "create",
                server.during(() -> ours.create(newBatch(), Duration.ofSeconds(10))),
                server.during(this::createBySdk));
        wire.calls(
                "retrieve",
                server.during(() -> ours.retrieve("batches/b3")),
                server.during(() -> sdk.batches.get("batches/b3", null)));
        wire.calls(
                "list",
                server.during(() -> ours.list(Instant.EPOCH, batch -> true)),
                server.during(() -> sdk.batches
                        .list(ListBatchJobsConfig.builder().pageSize(100).build())
                        .forEach(job -> assertThat(job.name()).isPresent())));
        wire.calls(
                "download",
                server.during(() -> ours.download("files/out").close()),
                server.during(() ->
                        sdk.files.download("files/out", folder.resolve("out").toString(), null)));
        wire.calls(
                "cancel",
                server.during(() -> ours.cancel("batches/b3")),
                server.during(() -> sdk.batches.cancel("batches/b3", null)));
        wire.calls(
                "delete a batch",
                server.during(() -> ours.deleteBatch("batches/b3")),
                server.during(() -> sdk.batches.delete("batches/b3", null)));
        wire.calls(
                "delete a file",
                server.during(() -> ours.deleteFile("files/in")),
                server.during(() -> sdk.files.delete("files/in", null)));
        wire.assertOnly("gemini");
    }

    /// After an exact multiple of its chunk size, the SDK reads -1 bytes and uses that as the length of the last chunk.
    @Test
    void aMultipleOfEightMebibytesIsUploadedCorrectlyByOurs() throws Exception {
        Path input = file(2 * CHUNK);
        assertThat(server.during(() -> upload(input)))
                .filteredOn(call -> call.path().equals("/sessions/1"))
                .extracting(call -> call.headers().get("x-goog-upload-command"))
                .containsExactly("upload", "upload, finalize");
        assertThatThrownBy(() -> uploadBySdk(input)).isInstanceOf(IllegalArgumentException.class);
    }

    /// The SDK turns its flat configuration into requests in the same format as the lines of a file.
    @Test
    void theLinesAreTheSameRequests() throws Exception {
        Cases cases = new Cases();
        cases.add("flash", "\"model\": \"gemini-3-flash-preview\"", config().thinkingConfig(level("LOW", false)));
        cases.add(
                "flash minimal with thoughts",
                """
                "model": "gemini-3-flash-preview", "thinking_level": "minimal", "include_thoughts": true,
                "temperature": 0.2, "top_p": 0.95, "top_k": 40, "max_output_tokens": 512""",
                config().thinkingConfig(level("MINIMAL", true))
                        .temperature(0.2f)
                        .topP(0.95f)
                        .topK(40f)
                        .maxOutputTokens(512));
        cases.add(
                "pro medium is high",
                "\"model\": \"gemini-3-pro-preview\", \"thinking_level\": \"medium\"",
                config().thinkingConfig(level("HIGH", false)));
        cases.add(
                "3.1 pro medium",
                "\"model\": \"gemini-3.1-pro-preview\", \"thinking_level\": \"medium\"",
                config().thinkingConfig(level("MEDIUM", false)));
        cases.add(
                "2.5 flash",
                "\"model\": \"gemini-2.5-flash\"",
                config().thinkingConfig(ThinkingConfig.builder().includeThoughts(false)));
        cases.add(
                "2.5 flash with a budget",
                "\"model\": \"gemini-2.5-flash\", \"thinking_budget\": 1000, \"include_thoughts\": true",
                config().thinkingConfig(
                                ThinkingConfig.builder().includeThoughts(true).thinkingBudget(1000)));
        cases.add("2.0 does not think", "\"model\": \"gemini-2.0-flash\"", config());
        cases.add(
                "documented fields",
                """
                "model": "gemini-2.0-flash", "candidate_count": 1, "stop_sequences": ["x"], "seed": 7,
                "presence_penalty": 0.5, "frequency_penalty": -0.5, "response_logprobs": true, "logprobs": 3,
                "system_instruction": "be \\u00e9xact",
                "safety_settings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]""",
                config().candidateCount(1)
                        .stopSequences("x")
                        .seed(7)
                        .presencePenalty(0.5f)
                        .frequencyPenalty(-0.5f)
                        .responseLogprobs(true)
                        .logprobs(3)
                        .systemInstruction(Content.builder().parts(Part.fromText("be \u00e9xact")))
                        .safetySettings(SafetySetting.builder()
                                .category(HarmCategory.Known.HARM_CATEGORY_HARASSMENT)
                                .threshold(HarmBlockThreshold.Known.BLOCK_NONE)));
        cases.add(
                "schema",
                """
                "model": "gemini-2.0-flash", "response_mime_type": "text/x.enum",
                "response_schema": {"type": "STRING", "enum": ["SAMPLE_1", "SAMPLE_2"]}""",
                config().responseMimeType("text/x.enum")
                        .responseSchema(Schema.builder().type(Type.Known.STRING).enum_("SAMPLE_1", "SAMPLE_2")));
        cases.add(
                "JSON schema",
                """
                "model": "gemini-2.0-flash", "response_mime_type": "application/json",
                "response_json_schema": {"type": "string"}""",
                config().responseMimeType("application/json").responseJsonSchema(Map.of("type", "string")));
        cases.compare().assertOnly("gemini-lines");
    }

    private static GenerateContentConfig.Builder config() {
        return GenerateContentConfig.builder();
    }

    private static ThinkingConfig.Builder level(String level, boolean thoughts) {
        return ThinkingConfig.builder().thinkingLevel(new ThinkingLevel(level)).includeThoughts(thoughts);
    }

    private final class Cases {

        private final List<String> names = new ArrayList<>();
        private final List<JsonNode> lines = new ArrayList<>();
        private final List<InlinedRequest> requests = new ArrayList<>();

        void add(String name, String fields, GenerateContentConfig.Builder config) throws IOException {
            names.add(name);
            lines.add(Call.JSON.readTree(Requests.line("\"backend\": \"gemini\", " + fields, names.size())));
            requests.add(InlinedRequest.builder()
                    .contents(Content.builder().role("user").parts(Part.fromText(Requests.PROMPT)))
                    .config(config)
                    .metadata(Map.of("key", Requests.TOKEN + "-" + names.size()))
                    .build());
        }

        Comparison compare() throws Exception {
            JsonNode sent = server.during(() -> sdk.batches.create(
                            MODEL,
                            BatchJobSource.builder().inlinedRequests(requests).build(),
                            CreateBatchJobConfig.builder().displayName("d").build()))
                    .getFirst()
                    .json()
                    .at("/batch/inputConfig/requests/requests");
            assertThat(sent).hasSize(names.size());
            Comparison wire = new Comparison();
            for (int i = 0; i < names.size(); i++) {
                assertThat(lines.get(i).path("key"))
                        .isEqualTo(sent.path(i).path("metadata").path("key"));
                wire.json(
                        names.get(i),
                        "request",
                        lines.get(i).path("request"),
                        sent.path(i).path("request"));
            }
            return wire;
        }
    }

    @Test
    void anUnansweredCreateIsSentOnce() throws Exception {
        server.on(CREATE, call -> Answer.dropped());
        assertThat(server.during(() -> assertThat(ours.create(newBatch(), Duration.ofSeconds(10)))
                        .isInstanceOf(CreateOutcome.InDoubt.class)))
                .hasSize(1);
    }

    /// As often as by default; only its pauses, a quarter of a minute in total, are shorter here.
    @Test
    void theSdkRepeatsSuchACreate() throws Exception {
        server.on(CREATE, call -> Answer.dropped());
        sdk.close();
        sdk = sdk(HttpOptions.builder()
                .retryOptions(HttpRetryOptions.builder().initialDelay(0.01).maxDelay(0.02)));
        assertThat(server.during(() -> assertThatThrownBy(this::createBySdk).isInstanceOf(GenAiIOException.class)))
                .hasSize(5);
    }
}
