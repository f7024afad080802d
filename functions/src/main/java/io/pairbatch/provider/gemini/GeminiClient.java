package io.pairbatch.provider.gemini;

import io.pairbatch.job.RetryableException;
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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.node.ObjectNode;

/// Gemini's Files and Batch APIs in file mode (https://ai.google.dev/gemini-api/docs/batch-api, .../files).
///
/// Requests are never sent inline: the provider would give all answers back, twice, with each look at the batch.
public final class GeminiClient implements BatchProvider {

    private static final int PAGE = 100;
    private static final String BATCHES = "batches/";
    private static final JsonFactory JSON = new JsonFactory();

    private final ProviderHttp http;
    private final String version;
    private final GeminiUpload upload;

    /// A client that makes each safe call up to `attempts` times (`openai_max_retries`).
    ///
    /// @param version the part of every path that names the API's version, such as `v1beta`
    public GeminiClient(URI baseUrl, String key, int attempts, String version) {
        this(baseUrl, key, attempts, version, Network.trusting(Trust.USUAL));
    }

    /// As the other one, over `network`.
    public GeminiClient(URI baseUrl, String key, int attempts, String version, Network network) {
        this.http = new ProviderHttp(baseUrl, Map.of("x-goog-api-key", key), attempts, new GeminiErrors(), network);
        this.version = version;
        this.upload = new GeminiUpload(http, baseUrl, version, attempts);
    }

    /// Gemini keeps uploaded files for 48 hours.
    @Override
    public Duration fileLife() {
        return Duration.ofHours(40);
    }

    @Override
    public Duration window() {
        return Gemini.WINDOW;
    }

    /// A batch that expired, failed or was cancelled has no answers (https://ai.google.dev/gemini-api/docs/batch-api).
    @Override
    public boolean givesPartOfABatch() {
        return false;
    }

    @Override
    public String upload(String fileName, long bytes, Body body) throws RefusedException {
        return upload.send(fileName, bytes, body);
    }

    /// The display name, the only field of a batch that we choose, is our submission's token.
    @Override
    public CreateOutcome create(NewBatch batch, Duration timeout) {
        ObjectNode body = ProviderHttp.JSON.createObjectNode();
        ObjectNode inner = body.putObject("batch");
        inner.put("display_name", GeminiOperations.displayName(batch.metadata().getOrDefault(TOKEN, "")));
        inner.putObject("input_config").put("file_name", batch.fileId());
        HttpRequest request =
                http.post(model(batch.model()) + ":batchGenerateContent", timeout, ProviderHttp.body(body));
        return http.create(request, answer -> {
            String name = answer.path("name").asString("");
            return name.isEmpty() ? answer.path("id").asString("") : name;
        });
    }

    @Override
    public LiveAnswer ask(LiveRequest request, Duration timeout) {
        ByteBuffer body = request.object("request");
        return http.ask(
                http.post(model(request.model()) + ":generateContent", timeout, ProviderHttp.body(body)),
                answer -> GeminiAnswers.read(ProviderHttp.wrapped("{\"response\":", answer, "}")));
    }

    private String model(String name) {
        String model = name.startsWith("models/") ? name.substring(7) : name;
        return "/" + version + "/models/" + ProviderHttp.encode(model);
    }

    @Override
    public BatchStatus retrieve(String batchId) throws RefusedException {
        try (Answer answer = open("/" + version + "/" + path(batch(batchId)))) {
            JsonParser json = answer.json();
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new RetryableException("the provider's batch is none", null);
            }
            BatchStatus status = GeminiOperations.read(json);
            if (status.id().isEmpty()) {
                throw new RetryableException("the provider's batch has no name", null);
            }
            return status;
        } catch (RefusedException e) {
            if (e.status() == 404 && e.kind() == RefusedException.Kind.NOT_FOUND) {
                return BatchStatus.gone(batchId, "NOT_FOUND");
            }
            throw ProviderHttp.withProvidersWords(e);
        } catch (IOException | JacksonException e) {
            throw new RetryableException("the provider's answer broke off or is no JSON", e);
        }
    }

    /// No order is documented, so every page is read.
    @Override
    public void list(Instant since, BatchVisitor visitor) throws RefusedException {
        BatchList.read(this::page, false, since, visitor);
    }

    private @Nullable String page(String token, BatchVisitor visitor) throws RefusedException {
        String path = "/" + version + "/batches?pageSize=" + PAGE
                + (token.isEmpty() ? "" : "&pageToken=" + ProviderHttp.encode(token));
        try (Answer answer = open(path)) {
            String next = GeminiPage.read(answer.json(), visitor);
            return next.isEmpty() ? null : next;
        } catch (IOException | JacksonException e) {
            throw new RetryableException("the provider's list broke off or is no JSON", e);
        }
    }

    /// Only this path serves the file: its name is too long for `files/…` without `download`. The answers of a batch
    /// that somebody else has sent inline stand in the batch: they are counted first, and read in a second look.
    @Override
    public InputStream download(String fileId) throws RefusedException {
        if (fileId.startsWith(BATCHES)) {
            return inline(fileId);
        }
        return http.download("/download/" + version + "/" + path(fileId) + ":download?alt=media");
    }

    /// The file that a batch wrote cannot be deleted: its name is longer than this call accepts
    /// (https://github.com/googleapis/python-genai/issues/1759).
    @Override
    public Removal deleteFile(String fileId) throws RefusedException {
        return http.delete("/" + version + "/" + path(fileId));
    }

    /// Its file of answers stays until Google removes it.
    @Override
    public Removal deleteBatch(String batchId) throws RefusedException {
        return http.delete("/" + version + "/" + path(batch(batchId)));
    }

    @Override
    public Removal cancel(String batchId) throws RefusedException {
        return http.cancel("/" + version + "/" + path(batch(batchId)) + ":cancel", "{}");
    }

    private InputStream inline(String batchId) throws RefusedException {
        String path = "/" + version + "/" + path(batchId);
        long total;
        try (Answer answer = open(path)) {
            total = InlineAnswers.count(answer.json());
        } catch (IOException | JacksonException e) {
            throw new RetryableException("the provider's batch broke off or is no JSON", e);
        }
        Answer answer = open(path);
        try {
            return InlineAnswers.of(answer::close, answer.json(), total);
        } catch (IOException | JacksonException e) {
            try (answer) {
                throw new RetryableException("the provider's batch broke off or is no JSON", e);
            } catch (IOException closing) {
                throw new RetryableException("the provider's batch broke off", closing);
            }
        }
    }

    private static String batch(String batchId) {
        return batchId.contains("/") ? batchId : BATCHES + batchId;
    }

    private static String path(String name) {
        return Arrays.stream(name.split("/", -1)).map(ProviderHttp::encode).collect(Collectors.joining("/"));
    }

    private Answer open(String path) throws RefusedException {
        ProviderHttp.Exchange exchange = http.open(path);
        return new Answer(exchange, JSON.createParser(ObjectReadContext.empty(), exchange.stream()));
    }

    private record Answer(ProviderHttp.Exchange exchange, JsonParser json) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            exchange.close();
        }
    }
}
