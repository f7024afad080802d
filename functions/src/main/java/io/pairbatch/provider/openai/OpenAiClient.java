package io.pairbatch.provider.openai;

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
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's Files and Batches APIs (https://platform.openai.com/docs/api-reference/batch), and the services that speak
/// them with the differences that [OpenAiService] lists.
public final class OpenAiClient implements BatchProvider {

    private final OpenAiService service;
    private final OpenAiBatches batches;
    private final ProviderHttp http;

    /// A client that makes each safe call up to `attempts` times (`openai_max_retries`).
    public OpenAiClient(OpenAiService service, URI baseUrl, String key, int attempts) {
        this(service, baseUrl, key, attempts, Network.trusting(Trust.USUAL));
    }

    /// As the other one, over `network`.
    public OpenAiClient(OpenAiService service, URI baseUrl, String key, int attempts, Network network) {
        this.service = service;
        this.batches = new OpenAiBatches(service);
        this.http = new ProviderHttp(
                baseUrl,
                Map.of(service.auth().header(), service.auth().prefix() + key),
                attempts,
                new OpenAiErrors(service.errorBody()),
                network);
    }

    @Override
    public Duration fileLife() {
        return service.upload().life();
    }

    /// A batch that does not fit into the queue fails its validation.
    @Override
    public boolean refusesAfterCreate() {
        return true;
    }

    @Override
    public Duration leastInterval() {
        return service.leastInterval();
    }

    @Override
    public String upload(String fileName, long bytes, Body body) throws RefusedException {
        return new OpenAiUpload(service.upload(), http).send(fileName, bytes, body);
    }

    @Override
    public CreateOutcome create(NewBatch batch, Duration timeout) {
        OpenAiService.Create create = service.create();
        ObjectNode body = ProviderHttp.JSON.createObjectNode();
        if (create.fileList()) {
            body.putArray(create.file()).add(batch.fileId());
        } else {
            body.put(create.file(), batch.fileId());
        }
        body.put("endpoint", batch.endpoint());
        create.fields().forEach(body::set);
        if (create.model()) {
            body.put("model", batch.model());
        }
        if (create.metadata()) {
            ObjectNode metadata = body.putObject("metadata");
            batch.metadata().forEach(metadata::put);
        }
        return http.create(
                http.post(create.path(), timeout, ProviderHttp.body(body)),
                answer -> OpenAiBatches.id(answer.at(create.created())));
    }

    /// The base URL ends with the version that a line's path begins with.
    @Override
    public LiveAnswer ask(LiveRequest request, Duration timeout) {
        ByteBuffer body = request.object("body");
        return http.ask(
                http.post(
                        request.endpoint().replaceFirst("^/v1", ""),
                        timeout,
                        service.modelInBody() ? ProviderHttp.body(body) : withModel(request, body)),
                answer -> OpenAiAnswers.read(
                        ProviderHttp.wrapped("{\"response\":{\"status_code\":200,\"body\":", answer, "}}")));
    }

    /// Where a batch names the model for all its requests, a request that is sent alone names it itself.
    private static BodyPublisher withModel(LiveRequest request, ByteBuffer body) {
        String head = "{\"model\":" + ProviderHttp.JSON.writeValueAsString(request.model()) + ",";
        byte[] rest = new byte[body.remaining() - 1];
        body.get(1, rest);
        return BodyPublishers.ofByteArrays(List.of(head.getBytes(StandardCharsets.UTF_8), rest));
    }

    @Override
    public BatchStatus retrieve(String batchId) throws RefusedException {
        try {
            return batches.status(http.get(path(service.retrieve(), batchId)));
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.NOT_FOUND) {
                return BatchStatus.gone(batchId, "not_found");
            }
            throw ProviderHttp.withProvidersWords(e);
        }
    }

    /// Newest first is observed, not documented.
    @Override
    public void list(Instant since, BatchVisitor visitor) throws RefusedException {
        BatchList.read(this::page, true, since, visitor);
    }

    private @Nullable String page(String cursor, BatchVisitor visitor) throws RefusedException {
        OpenAiService.Listing listing = service.listing();
        String query = listing.paging().name().toLowerCase(Locale.ROOT) + "=" + ProviderHttp.encode(cursor);
        String separator = listing.path().contains("?") ? "&" : "?";
        JsonNode answer = http.get(listing.path() + (cursor.isEmpty() ? "" : separator + query));
        JsonNode batches = answer.at(listing.items());
        String last = BatchList.show(batches, this.batches::status, visitor);
        boolean full = batches.size() >= listing.page();
        return switch (listing.paging()) {
            case AFTER -> !last.isEmpty() && answer.path("has_more").asBoolean(full) ? last : null;
            case CURSOR -> {
                String next = answer.path("paging").path("next_cursor").asString("");
                yield last.isEmpty() || next.isEmpty() ? null : next;
            }
            case PAGE -> full ? String.valueOf(cursor.isEmpty() ? 1 : Integer.parseInt(cursor) + 1) : null;
            case NONE -> null;
        };
    }

    @Override
    public InputStream download(String fileId) throws RefusedException {
        return http.download(path(service.content(), fileId));
    }

    @Override
    public Removal deleteFile(String fileId) throws RefusedException {
        return http.delete(path(service.deleteFile(), fileId));
    }

    /// OpenAI keeps its batches; they hold only ids, counts and metadata.
    @Override
    public Removal deleteBatch(String batchId) throws RefusedException {
        String path = service.deleteBatch();
        return path == null ? Removal.NOT_POSSIBLE : http.delete(path(path, batchId));
    }

    @Override
    public Removal cancel(String batchId) throws RefusedException {
        return http.cancel(path(service.cancel(), batchId), "");
    }

    private static String path(String template, String id) {
        return template.replace("{id}", ProviderHttp.encode(id));
    }
}
