package io.pairbatch.provider.gemini;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider.Body;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.http.ProviderHttp;
import io.pairbatch.provider.http.ProviderHttp.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Google's resumable upload (https://ai.google.dev/gemini-api/docs/files): a start that names the size, then chunks,
/// the last of which finalizes. After a chunk whose answer was lost, the provider is asked how much has arrived, and
/// the upload continues from there. Each chunk is a request of its own, so none is started without enough time. Buffers
/// one chunk.
final class GeminiUpload {

    /// A multiple of 256 KiB, as Google wants of every chunk but the last.
    static final int CHUNK = 8 << 20;

    private static final String STATUS = "X-Goog-Upload-Status";
    /// Whether or not the body is in the provider's own words.
    private static final int NOT_FOUND = 404;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CHUNK_TIMEOUT = Duration.ofMinutes(2);

    /// Looks at a file that is not ready yet; with the pauses between them about half a minute at most.
    private static final int LOOKS = 6;

    private static final String NOT_READY = "the provider has not got the uploaded file ready yet";

    private final ProviderHttp http;
    private final URI baseUrl;
    private final String version;
    private final int attempts;

    GeminiUpload(ProviderHttp http, URI baseUrl, String version, int attempts) {
        this.http = http;
        this.baseUrl = baseUrl;
        this.version = version;
        this.attempts = attempts;
    }

    /// Uploads a file of exactly `bytes` bytes and waits until a batch can be made of it.
    ///
    /// @return `files/…`
    String send(String fileName, long bytes, Body body) throws RefusedException {
        for (int attempt = 1; ; attempt++) {
            try (Chunks chunks = new Chunks(body, bytes)) {
                return ready(send(start(fileName, bytes), chunks));
            } catch (Lost lost) {
                if (attempt >= attempts) {
                    throw new RetryableException("the provider lost the upload: " + lost.getMessage(), lost);
                }
            } catch (IOException e) {
                throw new RetryableException("the file to upload cannot be read", e);
            }
        }
    }

    private URI start(String fileName, long bytes) throws RefusedException, Lost, IOException {
        ObjectNode body = ProviderHttp.JSON.createObjectNode();
        body.putObject("file").put("display_name", fileName);
        HttpRequest request = http.request("/upload/" + version + "/files", START_TIMEOUT)
                .header("X-Goog-Upload-Protocol", "resumable")
                .header("X-Goog-Upload-Command", "start")
                .header("X-Goog-Upload-Header-Content-Length", Long.toString(bytes))
                .header("X-Goog-Upload-Header-Content-Type", "application/jsonl")
                .header("Content-Type", "application/json")
                .POST(ProviderHttp.body(body))
                .build();
        try (Exchange answer = http.repeated(request)) {
            String url = answer.header("X-Goog-Upload-URL");
            if (url.isEmpty()) {
                throw new Lost("it named no address to upload to");
            }
            return ours(url);
        }
    }

    /// What goes to the upload's address carries the key and the texts: it must be where the deployment says that the
    /// provider is.
    private URI ours(String url) throws RefusedException {
        try {
            URI uri = URI.create(url);
            if (baseUrl.getScheme().equalsIgnoreCase(uri.getScheme())
                    && baseUrl.getHost().equalsIgnoreCase(uri.getHost())
                    && port(baseUrl) == port(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw foreign();
        }
        throw foreign();
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
    }

    private static RefusedException foreign() {
        return new RefusedException(
                Kind.REQUEST,
                200,
                null,
                "the provider wants the file uploaded to another host; nothing was sent there");
    }

    private String send(URI url, Chunks chunks) throws RefusedException, Lost, IOException {
        long offset = 0;
        for (int failures = 0; ; ) {
            int length = chunks.moveTo(offset);
            try (Exchange answer = http.once(chunk(url, chunks, offset, length))) {
                String status = answer.header(STATUS);
                if (status.equals("final")) {
                    return name(answer);
                }
                offset += length;
                if (!status.equals("active") || offset == chunks.total()) {
                    throw new Lost("its upload is `" + status + "` at byte " + offset);
                }
                failures = 0;
            } catch (RefusedException e) {
                throw lostUnlessKey(e);
            } catch (RetryableException e) {
                if (++failures >= attempts) {
                    throw e;
                }
                http.pause(failures, String.valueOf(e.getMessage()));
                Received received = received(url);
                if (received.file() != null) {
                    return received.file();
                }
                offset = received.bytes();
                if (offset < 0 || offset > chunks.total()) {
                    throw new Lost("it has got " + offset + " bytes of " + chunks.total());
                }
            }
        }
    }

    private HttpRequest chunk(URI url, Chunks chunks, long offset, int length) {
        boolean last = offset + length == chunks.total();
        return http.requestAt(url, CHUNK_TIMEOUT)
                .header("X-Goog-Upload-Command", last ? "upload, finalize" : "upload")
                .header("X-Goog-Upload-Offset", Long.toString(offset))
                .POST(BodyPublishers.ofByteArray(chunks.buffer(), chunks.begin(), length))
                .build();
    }

    /// What the provider has got.
    ///
    /// @param file the file's name when the upload is through, else null
    private record Received(long bytes, @Nullable String file) {}

    private Received received(URI url) throws RefusedException, Lost, IOException {
        HttpRequest query = http.requestAt(url, START_TIMEOUT)
                .header("X-Goog-Upload-Command", "query")
                .POST(BodyPublishers.noBody())
                .build();
        try (Exchange answer = http.repeated(query, status -> status / 100 == 2 || status == NOT_FOUND)) {
            if (answer.status() == NOT_FOUND) {
                throw new Lost("it does not know the upload any more");
            }
            return switch (answer.header(STATUS)) {
                case "active" -> new Received(Long.parseLong(answer.header("X-Goog-Upload-Size-Received")), null);
                case "final" -> new Received(0, name(answer));
                default -> throw new Lost("its upload is `" + answer.header(STATUS) + "`");
            };
        } catch (NumberFormatException e) {
            throw new Lost("it does not say how much has come");
        } catch (RefusedException e) {
            throw lostUnlessKey(e);
        }
    }

    /// An upload that the provider no longer knows, or refuses to continue, is started again.
    private static Lost lostUnlessKey(RefusedException e) throws RefusedException {
        if (e.kind() == Kind.KEY) {
            throw e;
        }
        return new Lost(e.describe());
    }

    private static String name(Exchange answer) throws Lost {
        String name = ProviderHttp.object(answer).path("file").path("name").asString("");
        if (name.isEmpty()) {
            throw new Lost("the file has no name");
        }
        return name;
    }

    /// The provider checks a file before it can be used; for text this takes almost no time.
    private String ready(String name) throws RefusedException, Lost {
        for (int look = 1; look <= LOOKS; look++) {
            JsonNode file = file(name);
            switch (file.path("state").asString("")) {
                case "PROCESSING", "STATE_UNSPECIFIED" -> http.pause(look, NOT_READY);
                case "FAILED" -> {
                    String why = file.path("error").path("message").asString("the provider could not read the file");
                    throw new RefusedException(Kind.REQUEST, 200, "FAILED", why);
                }
                default -> {
                    return name;
                }
            }
        }
        throw new RetryableException(NOT_READY, null);
    }

    private JsonNode file(String name) throws RefusedException, Lost {
        try {
            return http.get("/" + version + "/" + name);
        } catch (RefusedException e) {
            throw lostUnlessKey(e);
        }
    }

    /// This upload cannot be finished; a new one may be.
    private static final class Lost extends Exception {

        private static final long serialVersionUID = 1L;

        Lost(String message) {
            super(message);
        }
    }

    /// The file as chunks, in order, with steps back.
    private static final class Chunks implements AutoCloseable {

        private final Body body;
        private final long total;
        private final byte[] buffer;
        private InputStream in;
        private long start;
        private int filled;
        private int begin;

        Chunks(Body body, long total) throws IOException {
            this.body = body;
            this.total = total;
            this.buffer = new byte[(int) Math.min(CHUNK, total)];
            this.in = body.open();
        }

        long total() {
            return total;
        }

        byte[] buffer() {
            return buffer;
        }

        /// Where in the buffer the chunk begins.
        int begin() {
            return begin;
        }

        /// Makes the buffer hold the bytes from `offset` on.
        ///
        /// @param offset from 0 to the file's size
        /// @return how many bytes the chunk has: 0 when all of them are behind `offset`
        int moveTo(long offset) throws IOException {
            if (offset < start) {
                in.close();
                in = body.open();
                in.skipNBytes(offset);
                start = offset;
                filled = 0;
            }
            while (offset >= start + filled && start + filled < total) {
                start += filled;
                read((int) Math.min(buffer.length, total - start));
            }
            begin = (int) (offset - start);
            return filled - begin;
        }

        private void read(int length) throws IOException {
            filled = in.readNBytes(buffer, 0, length);
            boolean tooLong = start + length == total && in.read() >= 0;
            if (filled < length || tooLong) {
                throw new IOException("the file does not have the " + total + " bytes that it should have");
            }
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
