package io.pairbatch.simulator.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Usage;
import com.anthropic.models.messages.batches.BatchCreateParams;
import com.anthropic.models.messages.batches.BatchListParams;
import com.anthropic.models.messages.batches.MessageBatch;
import com.anthropic.models.messages.batches.MessageBatchIndividualResponse;
import com.anthropic.models.messages.batches.MessageBatchResult;
import io.pairbatch.simulator.Client;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The provider's own Java client works with the simulator and accepts every response.
@SuppressWarnings("NullAway.Init")
class OfficialAnthropicClientTest {

    @TempDir
    Path data = Path.of("");

    private Client client;
    private AnthropicClient official;

    @BeforeEach
    void start() throws IOException {
        restart();
    }

    private void restart(String... options) throws IOException {
        client = Client.start(data, options);
        official = official("sk-simulator");
    }

    private AnthropicClient official(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(client.simulator().baseUrl().toString())
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

    private static BatchCreateParams.Request request(String customId, String model, long thinking) {
        BatchCreateParams.Request.Params.Builder params = BatchCreateParams.Request.Params.builder()
                .model(model)
                .maxTokens(2048)
                .addUserMessage(Client.prompt("Text one of " + customId, "Text two of " + customId));
        if (thinking > 0) {
            params.enabledThinking(thinking);
        }
        return BatchCreateParams.Request.builder()
                .customId(customId)
                .params(params.build())
                .build();
    }

    private MessageBatch create(BatchCreateParams.Request... requests) {
        return official.messages()
                .batches()
                .create(BatchCreateParams.builder().requests(List.of(requests)).build());
    }

    /// The results, sorted by custom_id.
    private List<MessageBatchResult> results(String id) {
        try (StreamResponse<MessageBatchIndividualResponse> stream =
                official.messages().batches().resultsStreaming(id)) {
            return stream.stream()
                    .sorted(Comparator.comparing(line -> line.validate().customId()))
                    .map(MessageBatchIndividualResponse::result)
                    .toList();
        }
    }

    @Test
    void itCreatesRetrievesAndReadsTheResults() throws Exception {
        MessageBatch created = create(request("a", "claude-haiku-4-5", 0), request("b", "claude-sonnet-4-5", 1024))
                .validate();
        assertThat(created.createdAt().plusHours(24)).isEqualTo(created.expiresAt());
        assertThat(created.requestCounts().processing()).isEqualTo(2);
        client.settle();

        MessageBatch batch =
                official.messages().batches().retrieve(created.id()).validate();
        assertThat(batch.processingStatus()).isEqualTo(MessageBatch.ProcessingStatus.ENDED);
        assertThat(batch.requestCounts().succeeded()).isEqualTo(2);
        assertThat(batch.requestCounts().processing()).isZero();
        assertThat(batch.endedAt().orElseThrow()).isAfterOrEqualTo(batch.createdAt());
        assertThat(batch.resultsUrl())
                .contains(client.simulator().baseUrl() + "/v1/messages/batches/" + batch.id() + "/results");
        List<MessageBatchResult> results = results(batch.id());
        Message plain = results.getFirst().asSucceeded().message();
        assertThat(plain.model().asString()).isEqualTo("claude-haiku-4-5-20251001");
        assertThat(plain.stopReason()).contains(StopReason.END_TURN);
        assertThat(plain.content())
                .singleElement()
                .satisfies(block -> assertThat(block.asText().text()).startsWith("<BETTER_SAMPLE>"));
        assertThat(plain.usage().serviceTier()).contains(Usage.ServiceTier.BATCH);
        assertThat(plain.usage().inputTokens()).isPositive();
        assertThat(plain.usage().outputTokens()).isPositive();
        Message thought = results.getLast().asSucceeded().message();
        assertThat(thought.content().getFirst().asThinking().thinking()).isNotBlank();
        assertThat(thought.content().getFirst().asThinking().signature()).isNotBlank();
        assertThat(thought.content().getLast().asText().text()).startsWith("<BETTER_SAMPLE>");
    }

    @Test
    void itReadsErrors() throws Exception {
        MessageBatch created = create(request("a", "claude-unheard-of", 0), request("b", "claude-haiku-4-5", 512));
        client.settle();

        List<MessageBatchResult> results = results(created.id());
        assertThat(results.getFirst()
                        .asErrored()
                        .error()
                        .error()
                        .asNotFoundError()
                        .message())
                .isEqualTo("model: claude-unheard-of");
        assertThat(results.getLast()
                        .asErrored()
                        .error()
                        .error()
                        .asInvalidRequestError()
                        .message())
                .contains("budget_tokens");
        assertThat(official.messages()
                        .batches()
                        .retrieve(created.id())
                        .requestCounts()
                        .errored())
                .isEqualTo(2);
    }

    @Test
    void itListsToTheEndNewestFirst() {
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            created.addFirst(create(request("a", "claude-haiku-4-5", 0)).id());
        }

        assertThat(official.messages().batches().list().autoPager().stream()
                        .map(batch -> batch.validate().id()))
                .isEqualTo(created);
        assertThat(official.messages()
                        .batches()
                        .list(BatchListParams.builder()
                                .beforeId(created.get(5))
                                .limit(3)
                                .build())
                        .data())
                .extracting(MessageBatch::id)
                .isEqualTo(created.subList(2, 5));
    }

    @Test
    void itCancels() throws Exception {
        stop();
        restart("--batch-seconds", "1000");
        MessageBatch created = create(request("a", "claude-haiku-4-5", 0));

        MessageBatch canceling =
                official.messages().batches().cancel(created.id()).validate();
        assertThat(canceling.processingStatus()).isEqualTo(MessageBatch.ProcessingStatus.CANCELING);
        assertThat(canceling.cancelInitiatedAt().orElseThrow())
                .isCloseTo(canceling.createdAt(), org.assertj.core.api.Assertions.within(Duration.ofMinutes(1)));
        client.settle();

        assertThat(results(created.id()).getFirst().isCanceled()).isTrue();
        assertThat(official.messages()
                        .batches()
                        .retrieve(created.id())
                        .requestCounts()
                        .canceled())
                .isEqualTo(1);
    }

    @Test
    void itReadsExpiredLines() throws Exception {
        client.faults("{\"api\":\"anthropic\",\"action\":\"expire\",\"fraction\":0}");
        MessageBatch created = create(request("a", "claude-haiku-4-5", 0));
        client.settle();

        assertThat(results(created.id()).getFirst().isExpired()).isTrue();
    }

    @Test
    void itDeletes() throws Exception {
        MessageBatch created = create(request("a", "claude-haiku-4-5", 0));
        client.settle();

        assertThat(official.messages().batches().delete(created.id()).validate().id())
                .isEqualTo(created.id());
        assertThatThrownBy(() -> official.messages().batches().retrieve(created.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> results(created.id())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> official.messages().batches().delete(created.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void itCannotDeleteABatchThatRuns() throws Exception {
        stop();
        restart("--batch-seconds", "1000");
        MessageBatch created = create(request("a", "claude-haiku-4-5", 0));

        assertThatThrownBy(() -> official.messages().batches().delete(created.id()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("In progress batches cannot be deleted");
    }

    @Test
    void itKnowsTheRefusals() {
        AnthropicClient stranger = official("sk-wrong");
        try {
            assertThatThrownBy(() -> stranger.messages().batches().list())
                    .isInstanceOfSatisfying(
                            UnauthorizedException.class,
                            e -> assertThat(e.headers().values("request-id")).hasSize(1));
            assertThatThrownBy(() -> create(request("a b", "claude-haiku-4-5", 0)))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("requests.0.custom_id: String should match pattern");
        } finally {
            stranger.close();
        }
    }
}
