package io.pairbatch.oracles.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Metadata;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.ThinkingConfigAdaptive;
import com.anthropic.models.messages.ThinkingConfigBetweenTools;
import com.anthropic.models.messages.ThinkingConfigDisabled;
import com.anthropic.models.messages.batches.BatchCreateParams;
import com.anthropic.models.messages.batches.BatchCreateParams.Request.Params;
import com.anthropic.models.messages.batches.BatchListParams;
import com.anthropic.models.messages.batches.MessageBatchIndividualResponse;
import io.pairbatch.oracles.wire.RecordingServer.Answer;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.anthropic.AnthropicClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Our Anthropic client and `anthropic-java`, with the same batch
/// (https://platform.claude.com/docs/en/api/messages/batches).
@SuppressWarnings("NullAway.Init")
class AnthropicWireTest {

    private static final String BATCHES = "/v1/messages/batches";

    private RecordingServer server;
    private BatchProvider ours;
    private com.anthropic.client.AnthropicClient sdk;

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
        ours = new AnthropicClient(server.base(), "sk-test", "2023-06-01", 3);
        sdk = AnthropicOkHttpClient.builder()
                .baseUrl(server.base().toString())
                .apiKey("sk-test")
                .build();
        server.on("POST " + BATCHES, batch("msgbatch_3"));
        server.on("GET " + BATCHES + "/msgbatch_3", batch("msgbatch_3"));
        server.on("POST " + BATCHES + "/msgbatch_3/cancel", batch("msgbatch_3"));
        server.on("DELETE " + BATCHES + "/msgbatch_3", "{\"id\":\"msgbatch_3\",\"type\":\"message_batch_deleted\"}");
        server.on("GET " + BATCHES, this::page);
        server.on("GET " + BATCHES + "/msgbatch_3/results", """
                {"custom_id":"0a1b2c3d-7","result":{"type":"expired"}}
                """);
    }

    @AfterEach
    void stop() {
        sdk.close();
        server.close();
    }

    private String batch(String id) {
        return """
                {"id":"%s","type":"message_batch","processing_status":"ended","request_counts":{"processing":0,\
                "succeeded":2,"errored":0,"canceled":0,"expired":0},"created_at":"2026-11-22T10:00:00Z",\
                "expires_at":"2026-11-23T10:00:00Z","ended_at":"2026-11-22T11:00:00Z","archived_at":null,\
                "cancel_initiated_at":null,"results_url":"%s/v1/messages/batches/%s/results"}""".formatted(id, server.base(), id);
    }

    private Answer page(Call call) {
        boolean first = call.query().get("after_id") == null;
        return Answer.json("""
                {"data":[%s],"first_id":"%s","last_id":"%s","has_more":%s}""".formatted(
                        first ? batch("msgbatch_3") + "," + batch("msgbatch_2") : batch("msgbatch_1"),
                        first ? "msgbatch_3" : "msgbatch_1",
                        first ? "msgbatch_2" : "msgbatch_1",
                        first));
    }

    private static NewBatch newBatch(String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        return new NewBatch(
                "",
                "claude-sonnet-4-5",
                "",
                Map.of(BatchProvider.TOKEN, "0a1b2c3d-000001-00ff"),
                lines.lines().count(),
                bytes.length,
                () -> new ByteArrayInputStream(bytes));
    }

    private void createBySdk(List<BatchCreateParams.Request> requests) {
        sdk.messages()
                .batches()
                .create(BatchCreateParams.builder().requests(requests).build());
    }

    private static Params.Builder params(String model, long maxTokens) {
        return Params.builder()
                .model(model)
                .maxTokens(maxTokens)
                .addUserMessageOfContentBlockParams(List.of(ContentBlockParam.ofText(
                        TextBlockParam.builder().text(Requests.PROMPT).build())));
    }

    private static BatchCreateParams.Request request(long row, Params.Builder params) {
        return BatchCreateParams.Request.builder()
                .customId(Requests.TOKEN + "-" + row)
                .params(params.build())
                .build();
    }

    @Test
    void aBatchsLifecycleIsTheSameOnTheWire() throws Exception {
        String fields =
                "\"backend\": \"anthropic\", \"model\": \"claude-opus-4-8\", \"max_tokens\": 900, \"reasoning\": \"enabled\"";
        String lines = Requests.line(fields, 7) + Requests.line(fields, 8);
        Comparison wire = new Comparison();
        wire.calls(
                "create",
                server.during(() -> ours.create(newBatch(lines), Duration.ofSeconds(10))),
                server.during(() -> createBySdk(List.of(request(7, adaptive()), request(8, adaptive())))));
        wire.calls(
                "retrieve",
                server.during(() -> ours.retrieve("msgbatch_3")),
                server.during(() -> sdk.messages().batches().retrieve("msgbatch_3")));
        wire.calls(
                "list",
                server.during(() -> ours.list(Instant.EPOCH, batch -> true)),
                server.during(() -> sdk.messages()
                        .batches()
                        .list(BatchListParams.builder().limit(100).build())
                        .autoPager()
                        .forEach(batch -> assertThat(batch.id()).isNotEmpty())));
        wire.calls("results", server.during(() -> ours.download("msgbatch_3").close()), server.during(() -> {
            try (StreamResponse<MessageBatchIndividualResponse> lineByLine =
                    sdk.messages().batches().resultsStreaming("msgbatch_3")) {
                assertThat(lineByLine.stream()).hasSize(1);
            }
        }));
        wire.calls(
                "cancel",
                server.during(() -> ours.cancel("msgbatch_3")),
                server.during(() -> sdk.messages().batches().cancel("msgbatch_3")));
        wire.calls(
                "delete",
                server.during(() -> ours.deleteBatch("msgbatch_3")),
                server.during(() -> sdk.messages().batches().delete("msgbatch_3")));
        wire.assertOnly("anthropic");
    }

    private static Params.Builder adaptive() {
        return params("claude-opus-4-8", 900)
                .thinking(ThinkingConfigAdaptive.builder().build());
    }

    /// One batch with one request for each set of options.
    @Test
    void theLinesAreTheSameRequests() throws Exception {
        Cases cases = new Cases();
        cases.add("defaults", "\"model\": \"claude-sonnet-4-5\"", params("claude-sonnet-4-5", 768));
        cases.add(
                "enabled",
                "\"model\": \"claude-sonnet-4-5\", \"reasoning\": \"enabled\"",
                params("claude-sonnet-4-5", 2048).enabledThinking(1024));
        cases.add("budget", """
                "model": "claude-opus-4-6", "include_thoughts": true, "max_tokens": 5000,
                "thinking_budget_tokens": 3000""", params("claude-opus-4-6", 5000).enabledThinking(3000));
        cases.add("all options", """
                "model": "claude-sonnet-4-20250514", "temperature": 0.5, "top_p": 0.9, "top_k": 40,
                "max_tokens": 100""", params("claude-sonnet-4-20250514", 100));
        cases.add(
                "adaptive with thoughts",
                "\"model\": \"claude-opus-4-8\", \"include_thoughts\": true",
                params("claude-opus-4-8", 2048)
                        .thinking(ThinkingConfigAdaptive.builder()
                                .display(ThinkingConfigAdaptive.Display.SUMMARIZED)
                                .build()));
        cases.add(
                "thinking disabled",
                "\"model\": \"claude-sonnet-5\"",
                params("claude-sonnet-5", 768)
                        .thinking(ThinkingConfigDisabled.builder().build()));
        cases.add(
                "thinking between tools",
                "\"model\": \"claude-sonnet-5-5\"",
                params("claude-sonnet-5-5", 768)
                        .thinking(ThinkingConfigBetweenTools.builder().build()));
        cases.add(
                "documented fields",
                """
                "model": "claude-opus-5-5", "stop_sequences": ["x"], "system": "be \\u00e9xact",
                "metadata": {"user_id": "u"}, "service_tier": "standard_only", "inference_geo": "us",
                "output_config": {"effort": "xhigh"}, "cache_control": {"type": "ephemeral"}""",
                params("claude-opus-5-5", 2048)
                        .stopSequences(List.of("x"))
                        .system("be \u00e9xact")
                        .metadata(Metadata.builder().userId("u").build())
                        .serviceTier(Params.ServiceTier.STANDARD_ONLY)
                        .inferenceGeo("us")
                        .outputConfig(OutputConfig.builder()
                                .effort(OutputConfig.Effort.XHIGH)
                                .build())
                        .cacheControl(CacheControlEphemeral.builder().build()));
        cases.add(
                "system as blocks",
                """
                "model": "claude-fable-5-1", "system": [{"type": "text", "text": "s"}]""",
                params("claude-fable-5-1", 2048)
                        .systemOfTextBlockParams(
                                List.of(TextBlockParam.builder().text("s").build())));
        cases.add("at the SDK's version", """
                "model": "claude-opus-4-5", "anthropic_version": "2026-10-21", "include_thoughts": true""", params("claude-opus-4-5", 2048).enabledThinking(1024));
        cases.compare().assertOnly("anthropic-lines");
    }

    private final class Cases {

        private final List<String> names = new ArrayList<>();
        private final StringBuilder lines = new StringBuilder();
        private final List<BatchCreateParams.Request> requests = new ArrayList<>();

        void add(String name, String fields, Params.Builder params) throws IOException {
            names.add(name);
            lines.append(Requests.line("\"backend\": \"anthropic\", " + fields, names.size()));
            requests.add(AnthropicWireTest.request(names.size(), params));
        }

        Comparison compare() throws Exception {
            Call mine = server.during(() -> ours.create(newBatch(lines.toString()), Duration.ofSeconds(10)))
                    .getFirst();
            Call theirs = server.during(() -> createBySdk(requests)).getFirst();
            Comparison wire = new Comparison();
            for (int i = 0; i < names.size(); i++) {
                wire.json(names.get(i), "request", sent(mine, i), sent(theirs, i));
            }
            return wire;
        }

        private JsonNode sent(Call call, int index) {
            assertThat(call.json().path("requests")).hasSize(names.size());
            return call.json().path("requests").path(index);
        }
    }

    @Test
    void anUnansweredCreateIsSentOnce() throws Exception {
        server.on("POST " + BATCHES, call -> Answer.dropped());
        assertThat(server.during(() -> assertThat(ours.create(newBatch("{}\n"), Duration.ofSeconds(10)))
                        .isInstanceOf(CreateOutcome.InDoubt.class)))
                .hasSize(1);
    }

    @Test
    void theSdkRepeatsSuchACreate() throws Exception {
        server.on("POST " + BATCHES, call -> Answer.dropped());
        assertThat(server.during(() -> assertThatThrownBy(
                                () -> createBySdk(List.of(request(7, params("claude-sonnet-4-5", 768)))))
                        .isInstanceOf(AnthropicException.class)))
                .hasSize(3);
    }
}
