package io.pairbatch.provider.openai;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.http.ProviderHttp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's Files and Batches APIs (https://platform.openai.com/docs/api-reference/batch).
public final class OpenAiClient implements BatchProvider {

    private static final int PAGE = 100;
    /// Newest first is observed, not documented: a list that is out of order by more than this is read to its end.
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(8);

    private final ProviderHttp http;

    /// A client that makes each safe call up to `attempts` times (`openai_max_retries`).
    public OpenAiClient(URI baseUrl, String key, int attempts) {
        this.http = new ProviderHttp(baseUrl, Map.of("Authorization", "Bearer " + key), attempts, new OpenAiErrors());
    }

    /// OpenAI keeps uploaded batch files for 30 days.
    @Override
    public Duration fileLife() {
        return Duration.ofDays(25);
    }

    @Override
    public String upload(String fileName, long bytes, Body body) throws RefusedException {
        String boundary =
                "pairbatch-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--"
                        + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/jsonl\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        HttpRequest request = http.request("/files", UPLOAD_TIMEOUT)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> concatenated(head, body, tail)),
                        head.length + bytes + tail.length))
                .build();
        return id(ProviderHttp.object(http.repeated(request)));
    }

    private static InputStream concatenated(byte[] head, Body body, byte[] tail) {
        try {
            return new SequenceInputStream(java.util.Collections.enumeration(
                    List.of(new ByteArrayInputStream(head), body.open(), new ByteArrayInputStream(tail))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CreateOutcome create(NewBatch batch, Duration timeout) {
        ObjectNode body = ProviderHttp.JSON.createObjectNode();
        body.put("input_file_id", batch.fileId());
        body.put("endpoint", batch.endpoint());
        body.put("completion_window", "24h");
        ObjectNode metadata = body.putObject("metadata");
        batch.metadata().forEach(metadata::put);
        HttpRequest request = http.request("/batches", timeout)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(ProviderHttp.JSON.writeValueAsString(body)))
                .build();
        return http.create(request, answer -> answer.path("id").asString(""));
    }

    @Override
    public BatchStatus retrieve(String batchId) throws RefusedException {
        try {
            return OpenAiBatches.status(http.get("/batches/" + ProviderHttp.encode(batchId)));
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.NOT_FOUND) {
                return OpenAiBatches.gone(batchId);
            }
            throw ProviderHttp.inOwnWords(e);
        }
    }

    @Override
    public void list(Instant since, BatchVisitor visitor) throws RefusedException {
        String after = null;
        Instant oldest = Instant.MAX;
        boolean newestFirst = true;
        while (true) {
            String path = "/batches?limit=" + PAGE + (after == null ? "" : "&after=" + ProviderHttp.encode(after));
            JsonNode page = http.get(path);
            BatchStatus last = null;
            for (JsonNode node : entries(page)) {
                last = entry(node);
                newestFirst &= oldest.equals(Instant.MAX) || !last.createdAt().isAfter(oldest.plus(DISORDER));
                oldest = last.createdAt().isBefore(oldest) ? last.createdAt() : oldest;
                if (!last.createdAt().isBefore(since) && !visitor.visit(last)) {
                    return;
                }
            }
            if (last == null
                    || !hasMore(page)
                    || (newestFirst && last.createdAt().isBefore(since))) {
                return;
            }
            if (last.id().equals(after)) {
                throw new RetryableException("the provider's list gives the same page again", null);
            }
            after = last.id();
        }
    }

    /// What is no list proves nothing absent.
    private static JsonNode entries(JsonNode page) {
        if (!page.path("data").isArray()) {
            throw new RetryableException("the provider's list of batches is none", null);
        }
        return page.path("data");
    }

    private static BatchStatus entry(JsonNode node) {
        BatchStatus batch = OpenAiBatches.status(node);
        if (batch.id().isEmpty() || batch.createdAt().equals(Instant.EPOCH)) {
            throw new RetryableException("the provider's list has a batch without an id or a time", null);
        }
        return batch;
    }

    private static boolean hasMore(JsonNode page) {
        return page.path("has_more").asBoolean(page.path("data").size() >= PAGE);
    }

    @Override
    public InputStream download(String fileId) throws RefusedException {
        try {
            return http.open("/files/" + ProviderHttp.encode(fileId) + "/content").stream();
        } catch (RefusedException e) {
            throw ProviderHttp.inOwnWords(e);
        }
    }

    private static String id(JsonNode object) {
        String id = object.path("id").asString("");
        if (id.isEmpty()) {
            throw new IllegalStateException("the provider's answer has no id");
        }
        return id;
    }
}
