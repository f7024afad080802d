package io.pairbatch.provider.anthropic;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.LiveRequest;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.http.BatchList;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.ProviderHttp;
import io.pairbatch.provider.http.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Anthropic's Message Batches API (https://platform.claude.com/docs/en/api/messages/batches).
public final class AnthropicClient implements BatchProvider {

    private static final String MESSAGES = "/v1/messages";
    private static final String BATCHES = MESSAGES + "/batches";
    private static final int PAGE = 100;

    private final ProviderHttp http;

    /// A client that makes each safe call up to `attempts` times (`openai_max_retries`).
    ///
    /// @param baseUrl without `/v1`
    /// @param version the API version, such as `2023-06-01`
    public AnthropicClient(URI baseUrl, String key, String version, int attempts) {
        this(baseUrl, key, version, attempts, Network.trusting(Trust.USUAL));
    }

    /// As the other one, over `network`.
    public AnthropicClient(URI baseUrl, String key, String version, int attempts, Network network) {
        this.http = new ProviderHttp(
                baseUrl,
                Map.of("x-api-key", key, "anthropic-version", version),
                attempts,
                new AnthropicErrors(),
                network);
    }

    /// The requests go with the create.
    @Override
    public boolean takesFiles() {
        return false;
    }

    /// For ever: there are no files.
    @Override
    public Duration fileLife() {
        return Duration.ofDays(36_500);
    }

    /// A batch has no metadata.
    @Override
    public Evidence evidence() {
        return Evidence.REQUEST_IDS;
    }

    @Override
    public String upload(String fileName, long bytes, Body body) {
        throw new UnsupportedOperationException("Anthropic takes no files");
    }

    /// The JDK's timeout runs while the body is sent, which is up to 256 MB here.
    @Override
    public Duration createTimeout(long bytes) {
        return BatchProvider.uploadTime(bytes);
    }

    @Override
    public CreateOutcome create(NewBatch batch, Duration timeout) {
        try (RequestsBody body = new RequestsBody(batch.body().open(), batch.bytes())) {
            HttpRequest request = http.post(
                    BATCHES,
                    timeout,
                    BodyPublishers.fromPublisher(
                            BodyPublishers.ofInputStream(() -> body), RequestsBody.length(batch.bytes())));
            CreateOutcome outcome =
                    http.create(request, answer -> answer.path("id").asString(""));
            return outcome instanceof CreateOutcome.InDoubt doubt && !body.isReadToItsEnd()
                    ? notSent(doubt.reason())
                    : outcome;
        } catch (IOException e) {
            return notSent(String.valueOf(e.getMessage()));
        }
    }

    /// Half a body is no request: whatever broke the connection, there is no batch.
    private static CreateOutcome notSent(String trouble) {
        return new CreateOutcome.Refused(
                new RefusedException(
                        RefusedException.Kind.LATER, 0, "not_sent", "the requests were not sent whole: " + trouble),
                Duration.ZERO);
    }

    @Override
    public LiveAnswer ask(LiveRequest request, Duration timeout) {
        ByteBuffer body = request.object("params");
        return http.ask(
                http.post(MESSAGES, timeout, ProviderHttp.body(body)),
                answer -> AnthropicAnswers.read(
                        ProviderHttp.wrapped("{\"result\":{\"type\":\"succeeded\",\"message\":", answer, "}}")));
    }

    @Override
    public BatchStatus retrieve(String batchId) throws RefusedException {
        try {
            return AnthropicBatches.status(http.get(path(batchId)));
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.NOT_FOUND) {
                return BatchStatus.gone(batchId, "not_found");
            }
            throw ProviderHttp.withProvidersWords(e);
        }
    }

    @Override
    public void list(Instant since, BatchVisitor visitor) throws RefusedException {
        BatchList.read(this::page, true, since, visitor);
    }

    private @Nullable String page(String after, BatchVisitor visitor) throws RefusedException {
        JsonNode answer = http.get(
                BATCHES + "?limit=" + PAGE + (after.isEmpty() ? "" : "&after_id=" + ProviderHttp.encode(after)));
        JsonNode batches = answer.path("data");
        String last = BatchList.show(batches, AnthropicBatches::status, visitor);
        return answer.path("has_more").asBoolean(batches.size() >= PAGE) ? last : null;
    }

    /// The results of a batch, by the batch's id. The address in the provider's answer is not used: the key would go
    /// there, whoever owns it.
    @Override
    public InputStream download(String fileId) throws RefusedException {
        return http.download(path(fileId) + "/results");
    }

    /// With its requests and results; only one that has ended.
    @Override
    public Removal deleteBatch(String batchId) throws RefusedException {
        return http.delete(path(batchId));
    }

    @Override
    public Removal cancel(String batchId) throws RefusedException {
        return http.cancel(path(batchId) + "/cancel", "");
    }

    private static String path(String batchId) {
        return BATCHES + "/" + ProviderHttp.encode(batchId);
    }
}
