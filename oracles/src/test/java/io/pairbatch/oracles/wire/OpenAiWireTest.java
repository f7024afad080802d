package io.pairbatch.oracles.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIException;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchListParams;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.responses.ResponseCreateParams;
import io.pairbatch.oracles.wire.RecordingServer.Answer;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Our OpenAI client and `openai-java`, with the same batch (https://platform.openai.com/docs/api-reference/batch).
@SuppressWarnings("NullAway.Init")
class OpenAiWireTest {

    private static final String FILE = """
            {"id":"file-1","object":"file","bytes":9,"created_at":1790000000,"filename":"batch_01_input.jsonl",\
            "purpose":"batch","status":"processed"}""";

    @TempDir
    Path folder = Path.of("");

    private RecordingServer server;
    private BatchProvider ours;
    private OpenAIClient sdk;

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
        ours = new OpenAiClient(
                OpenAiService.of(OpenAiService.OPENAI), server.base().resolve("/v1"), "sk-test", 3);
        sdk = OpenAIOkHttpClient.builder()
                .baseUrl(server.base() + "/v1")
                .apiKey("sk-test")
                .build();
        server.on("POST /v1/files", FILE);
        server.on("POST /v1/batches", batch("batch_3"));
        server.on("GET /v1/batches/batch_3", batch("batch_3"));
        server.on("GET /v1/batches", OpenAiWireTest::page);
        server.on("POST /v1/batches/batch_3/cancel", batch("batch_3"));
        server.on("DELETE /v1/files/file-2", "{\"id\":\"file-2\",\"object\":\"file\",\"deleted\":true}");
        server.on("GET /v1/files/file-2/content", call -> new Answer(200, Map.of(), "{}\n"));
    }

    @AfterEach
    void stop() {
        sdk.close();
        server.close();
    }

    private static String batch(String id) {
        return """
                {"id":"%s","object":"batch","endpoint":"/v1/responses","errors":null,"input_file_id":"file-1",\
                "completion_window":"24h","status":"completed","output_file_id":"file-2","error_file_id":null,\
                "created_at":1790000000,"request_counts":{"total":2,"completed":2,"failed":0},"metadata":{}}""".formatted(id);
    }

    private static Answer page(Call call) {
        boolean first = call.query().get("after") == null;
        return Answer.json("""
                {"object":"list","data":[%s],"first_id":"%s","last_id":"%s","has_more":%s}""".formatted(
                        first ? batch("batch_3") + "," + batch("batch_2") : batch("batch_1"),
                        first ? "batch_3" : "batch_1",
                        first ? "batch_2" : "batch_1",
                        first));
    }

    private static NewBatch newBatch() {
        return new NewBatch(
                "file-1",
                "gpt-5.1",
                "/v1/responses",
                Map.of(BatchProvider.TOKEN, "0a1b2c3d-000001-00ff", "course", "7b"),
                2,
                9,
                InputStream::nullInputStream);
    }

    private void createBySdk() {
        sdk.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId("file-1")
                        .endpoint(BatchCreateParams.Endpoint.V1_RESPONSES)
                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                        .outputExpiresAfter(BatchCreateParams.OutputExpiresAfter.builder()
                                .seconds(2_592_000)
                                .build())
                        .metadata(BatchCreateParams.Metadata.builder()
                                .putAdditionalProperty(BatchProvider.TOKEN, JsonValue.from("0a1b2c3d-000001-00ff"))
                                .putAdditionalProperty("course", JsonValue.from("7b"))
                                .build())
                        .build());
    }

    @Test
    void aBatchsLifecycleIsTheSameOnTheWire() throws Exception {
        Path input = Files.writeString(folder.resolve("batch_01_input.jsonl"), "{\"a\":\"\u05e9\r\n--\"}\n");
        Comparison wire = new Comparison();
        wire.calls(
                "upload",
                server.during(() ->
                        ours.upload("batch_01_input.jsonl", Files.size(input), () -> Files.newInputStream(input))),
                server.during(() -> sdk.files()
                        .create(FileCreateParams.builder()
                                .purpose(FilePurpose.BATCH)
                                .expiresAfter(FileCreateParams.ExpiresAfter.builder()
                                        .seconds(604_800)
                                        .build())
                                .file(input)
                                .build())));
        wire.calls(
                "create",
                server.during(() -> ours.create(newBatch(), Duration.ofSeconds(10))),
                server.during(this::createBySdk));
        wire.calls(
                "retrieve",
                server.during(() -> ours.retrieve("batch_3")),
                server.during(() -> sdk.batches().retrieve("batch_3")));
        wire.calls(
                "list",
                server.during(() -> ours.list(Instant.EPOCH, batch -> true)),
                server.during(() -> sdk.batches()
                        .list(BatchListParams.builder().limit(100).build())
                        .autoPager()
                        .forEach(batch -> assertThat(batch.id()).isNotEmpty())));
        wire.calls("download", server.during(() -> ours.download("file-2").close()), server.during(() -> {
            try (HttpResponse response = sdk.files().content("file-2")) {
                assertThat(response.body().readAllBytes()).hasSize(3);
            }
        }));
        wire.calls(
                "cancel",
                server.during(() -> ours.cancel("batch_3")),
                server.during(() -> sdk.batches().cancel("batch_3")));
        wire.calls(
                "delete",
                server.during(() -> ours.deleteFile("file-2")),
                server.during(() -> sdk.files().delete("file-2")));
        wire.assertOnly("openai");
    }

    /// The requests of a batch are those of the API that each line names; the SDK sends them to that API.
    @Test
    void theLinesAreTheSameRequests() throws Exception {
        Comparison wire = new Comparison();
        chat(wire, "gpt-4.1", "\"model\": \"gpt-4.1\"", chat("gpt-4.1").temperature(0));
        chat(
                wire,
                "gpt-4.1 with thoughts",
                "\"model\": \"gpt-4.1\", \"include_thoughts\": true",
                chat("gpt-4.1").temperature(0));
        chat(
                wire,
                "all options on chat",
                """
                "model": "gpt-4o-mini", "temperature": 0.123456789, "top_p": 0.95, "logprobs": true""",
                chat("gpt-4o-mini").temperature(0.123456789).topP(0.95).logprobs(true));
        chat(wire, "gpt-5-mini", "\"model\": \"gpt-5-mini\"", chat("gpt-5-mini"));
        chat(
                wire,
                "gpt-5.1 none",
                "\"model\": \"gpt-5.1\", \"reasoning\": \"none\"",
                chat("gpt-5.1").temperature(0));
        chat(
                wire,
                "unknown model",
                "\"model\": \"gpt-next\", \"top_p\": 1",
                chat("gpt-next").topP(1));
        responses(
                wire,
                "gpt-5-mini with thoughts",
                "\"model\": \"gpt-5-mini\", \"include_thoughts\": true",
                responses("gpt-5-mini")
                        .reasoning(
                                reasoning("low").summary(Reasoning.Summary.AUTO).build()));
        responses(
                wire,
                "gpt-5-mini none",
                "\"model\": \"gpt-5-mini\", \"reasoning\": \"none\"",
                responses("gpt-5-mini").reasoning(reasoning("minimal").build()));
        responses(
                wire,
                "gpt-5.1 none with thoughts",
                "\"model\": \"gpt-5.1\", \"reasoning\": \"none\", \"include_thoughts\": true",
                responses("gpt-5.1")
                        .reasoning(reasoning("none")
                                .summary(Reasoning.Summary.AUTO)
                                .build())
                        .temperature(0));
        responses(
                wire,
                "gpt-5.2 high",
                "\"model\": \"gpt-5.2-2025-12-11\", \"reasoning\": \"high\"",
                responses("gpt-5.2-2025-12-11").reasoning(reasoning("high").build()));
        responses(
                wire,
                "o3 high",
                "\"model\": \"o3\", \"endpoint\": \"responses\", \"reasoning\": \"high\"",
                responses("o3").reasoning(reasoning("high").build()));
        responses(
                wire,
                "all options on responses",
                """
                "model": "gpt-4.1", "endpoint": "responses", "temperature": 0.5, "top_p": 0.9""",
                responses("gpt-4.1").temperature(0.5).topP(0.9));
        wire.assertOnly("openai-lines");
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(Requests.PROMPT);
    }

    private static ResponseCreateParams.Builder responses(String model) {
        return ResponseCreateParams.builder().model(model).input(Requests.PROMPT);
    }

    private static Reasoning.Builder reasoning(String effort) {
        return Reasoning.builder().effort(ReasoningEffort.of(effort));
    }

    private void chat(Comparison wire, String name, String fields, ChatCompletionCreateParams.Builder params)
            throws Exception {
        server.on("POST /v1/chat/completions", "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[]}");
        line(wire, name, fields, () -> sdk.chat().completions().create(params.build()));
    }

    private void responses(Comparison wire, String name, String fields, ResponseCreateParams.Builder params)
            throws Exception {
        server.on("POST /v1/responses", "{\"id\":\"r\",\"object\":\"response\",\"output\":[]}");
        line(wire, name, fields, () -> sdk.responses().create(params.build()));
    }

    private void line(Comparison wire, String name, String fields, RecordingServer.Action sent) throws Exception {
        JsonNode line = Call.JSON.readTree(Requests.line("\"backend\": \"openai\", " + fields, 7));
        Call call = server.during(sent).getFirst();
        assertThat(line.path("method").asString() + " " + line.path("url").asString())
                .isEqualTo(call.line());
        wire.json(name, "body", line.path("body"), call.json());
    }

    @Test
    void anUnansweredCreateIsSentOnce() throws Exception {
        server.on("POST /v1/batches", call -> Answer.dropped());
        assertThat(server.during(() -> assertThat(ours.create(newBatch(), Duration.ofSeconds(10)))
                        .isInstanceOf(CreateOutcome.InDoubt.class)))
                .hasSize(1);
    }

    @Test
    void theSdkRepeatsSuchACreate() throws Exception {
        server.on("POST /v1/batches", call -> Answer.dropped());
        assertThat(server.during(() -> assertThatThrownBy(this::createBySdk).isInstanceOf(OpenAIException.class)))
                .hasSize(3);
    }
}
