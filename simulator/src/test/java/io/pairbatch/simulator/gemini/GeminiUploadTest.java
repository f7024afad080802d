package io.pairbatch.simulator.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.Client;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GeminiUploadTest {

    private static final int STEP = 1 << 18;

    private GeminiClient client;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        client = GeminiClient.start(data);
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void theStartGivesAnAddressOnThisServer() throws Exception {
        HttpResponse<String> started = client.send(
                        client.start("{\"file\":{\"displayName\":\"a\"}}", "5", "application/jsonl"))
                .response();

        assertThat(started.statusCode()).isEqualTo(200);
        assertThat(header(started, "x-goog-upload-status")).isEqualTo("active");
        assertThat(header(started, "x-goog-upload-url")).startsWith(client.baseUrl() + "/upload/v1beta/files?");
        assertThat(header(started, "x-goog-upload-chunk-granularity")).isEqualTo("262144");
    }

    @Test
    void aFileInOneChunkIsDescribed() throws Exception {
        byte[] bytes = GeminiClient.line("a").getBytes(StandardCharsets.UTF_8);

        Client.Reply reply = client.command(client.session(bytes.length), "upload, finalize", 0, bytes);

        assertThat(header(reply.response(), "x-goog-upload-status")).isEqualTo("final");
        JsonNode file = reply.json().path("file");
        assertThat(file.path("name").stringValue()).matches("files/[a-z0-9]{12}");
        assertThat(file.path("displayName").stringValue()).isEqualTo("input");
        assertThat(file.path("mimeType").stringValue()).isEqualTo("application/jsonl");
        assertThat(file.path("sizeBytes").stringValue()).isEqualTo(Integer.toString(bytes.length));
        assertThat(file.path("state").stringValue()).isEqualTo("ACTIVE");
        assertThat(file.path("source").stringValue()).isEqualTo("UPLOADED");
        assertThat(file.path("uri").stringValue())
                .isEqualTo(client.baseUrl() + "/v1beta/" + file.path("name").stringValue());
        String sha256 = HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(new String(
                        Base64.getDecoder().decode(file.path("sha256Hash").stringValue()), StandardCharsets.UTF_8))
                .isEqualTo(sha256);
        assertThat(client.get("/v1beta/" + file.path("name").stringValue()).json())
                .isEqualTo(file);
    }

    @Test
    void chunksAreAppendedInOrder() throws Exception {
        String session = client.session(2L * STEP + 3);

        Client.Reply first = client.command(session, "upload", 0, GeminiClient.bytes(STEP));
        Client.Reply second = client.command(session, "upload", STEP, GeminiClient.bytes(STEP));
        Client.Reply last = client.command(session, "upload, finalize", 2L * STEP, GeminiClient.bytes(3));

        assertThat(header(first.response(), "x-goog-upload-status")).isEqualTo("active");
        assertThat(second.status()).isEqualTo(200);
        assertThat(last.json().path("file").path("sizeBytes").stringValue()).isEqualTo("524291");
    }

    @Test
    void aQuerySaysWhatWasReceived() throws Exception {
        String session = client.session(2L * STEP);
        client.command(session, "upload", 0, GeminiClient.bytes(STEP));

        HttpResponse<String> query =
                client.command(session, "query", 0, new byte[0]).response();

        assertThat(header(query, "x-goog-upload-size-received")).isEqualTo("262144");
        assertThat(header(query, "x-goog-upload-status")).isEqualTo("active");
    }

    @Test
    void anUploadGoesOnAfterABrokenChunk() throws Exception {
        String session = client.session(3L * STEP);
        breakChunk(URI.create(session), 3 * STEP, 2 * STEP + 1000);

        long received = 0;
        for (int i = 0; i < 300 && received == 0; i++) {
            Thread.sleep(10);
            received = Long.parseLong(
                    header(client.command(session, "query", 0, new byte[0]).response(), "x-goog-upload-size-received"));
        }

        assertThat(received).isEqualTo(2L * STEP);
        assertThat(client.command(session, "upload, finalize", received, GeminiClient.bytes(STEP))
                        .json()
                        .path("file")
                        .path("sizeBytes")
                        .stringValue())
                .isEqualTo(Integer.toString(3 * STEP));
    }

    /// Announces more bytes than it sends, then closes the connection.
    private static void breakChunk(URI url, int announced, int sent) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            OutputStream out = socket.getOutputStream();
            String head = "POST " + url.getRawPath() + "?" + url.getRawQuery()
                    + " HTTP/1.1\r\nHost: x\r\nX-Goog-Upload-Command: upload, finalize\r\nX-Goog-Upload-Offset: 0\r\nContent-Length: "
                    + announced + "\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(GeminiClient.bytes(sent));
            out.flush();
        }
    }

    private void assertRefused(Client.Reply reply) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("status").stringValue()).isEqualTo("INVALID_ARGUMENT");
        assertThat(reply.error().path("message").stringValue()).isNotBlank();
    }

    @Test
    void aWrongOffsetIsRefused() throws Exception {
        String session = client.session(10);

        assertRefused(client.command(session, "upload, finalize", 1, GeminiClient.bytes(10)));
        assertThat(client.command(session, "upload, finalize", 0, GeminiClient.bytes(10))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aCrookedChunkIsRefusedAndForgotten() throws Exception {
        String session = client.session(2L * STEP);

        assertRefused(client.command(session, "upload", 0, GeminiClient.bytes(STEP + 1)));
        assertThat(header(client.command(session, "query", 0, new byte[0]).response(), "x-goog-upload-size-received"))
                .isEqualTo("0");
    }

    @Test
    void anUploadCannotEndEarlyOrLate() throws Exception {
        String session = client.session(10);

        assertRefused(client.command(session, "upload, finalize", 0, GeminiClient.bytes(9)));
        assertRefused(client.command(session, "upload, finalize", 0, GeminiClient.bytes(11)));
        assertThat(client.command(session, "upload, finalize", 0, GeminiClient.bytes(10))
                        .status())
                .isEqualTo(200);
        assertRefused(client.command(session, "upload, finalize", 10, new byte[0]));
    }

    @Test
    void startsAreChecked() throws Exception {
        assertRefused(client.send(client.start("{\"file\":{}}", "2147483649", "application/jsonl")));
        assertRefused(client.send(client.start("{\"file\":{}}", "5", "video/mp4")));
        assertRefused(client.send(client.start("{\"file\":{}}", "many", "application/jsonl")));
        assertRefused(client.send(client.start("{\"file\":{\"color\":\"red\"}}", "5", "application/jsonl")));
        assertRefused(client.send(client.start("{\"file\":{\"name\":\"files/A_b\"}}", "5", "application/jsonl")));
        assertRefused(client.post("/upload/v1beta/files", "{}"));
    }

    @Test
    void aFileMayBringItsOwnNameOnce() throws Exception {
        String body = "{\"file\":{\"name\":\"files/my-own-1\"}}";
        String session = header(client.send(client.start(body, "1", "jsonl")).response(), "x-goog-upload-url");
        client.command(session, "upload, finalize", 0, GeminiClient.bytes(1));

        assertThat(client.get("/v1beta/files/my-own-1").status()).isEqualTo(200);
        assertThat(client.send(client.start(body, "1", "jsonl")).status()).isEqualTo(409);
    }

    @Test
    void aFileThatIsGoneIsForbidden() throws Exception {
        String name = client.file(GeminiClient.line("a"));

        assertThat(client.delete("/v1beta/" + name).json().isEmpty()).isTrue();

        Client.Reply reply = client.get("/v1beta/" + name);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.error().path("status").stringValue()).isEqualTo("PERMISSION_DENIED");
    }

    @Test
    void theResponsesFileHasTooLongANameToBeLookedAt() throws Exception {
        JsonNode batch = client.run(GeminiClient.line("a"));
        String file = batch.path("response").path("responsesFile").stringValue();

        Client.Reply reply = client.get("/v1beta/" + file);

        assertThat(file).matches("files/batch-[a-z0-9]{36}");
        assertRefused(reply);
        assertThat(reply.error().path("message").stringValue()).contains("cannot be more than 40 characters");
        assertThat(client.download(batch).status()).isEqualTo(200);
        assertThat(client.get("/download/v1beta/" + file + ":download").status())
                .isEqualTo(400);
    }

    @Test
    void filesAreListedInPages(@TempDir Path data) throws Exception {
        try (GeminiClient fresh = GeminiClient.start(data)) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                names.addFirst(fresh.file(GeminiClient.line("a")));
            }

            JsonNode first = fresh.get("/v1beta/files").json();
            JsonNode second = fresh.get("/v1beta/files?pageToken="
                            + first.path("nextPageToken").stringValue())
                    .json();

            assertThat(first.path("files").size()).isEqualTo(10);
            assertThat(second.path("files")
                            .valueStream()
                            .map(file -> file.path("name").stringValue()))
                    .isEqualTo(names.subList(10, 12));
            assertThat(second.has("nextPageToken")).isFalse();
        }
    }

    @Test
    void filesAreDeletedAfterTwoDays(@TempDir Path data) throws Exception {
        try (GeminiClient fresh = GeminiClient.start(data)) {
            String name = fresh.file(GeminiClient.line("a"));
            fresh.common().post("/_simulator/advance", "{\"seconds\":172700}");
            assertThat(fresh.get("/v1beta/" + name).status()).isEqualTo(200);

            fresh.common().post("/_simulator/advance", "{\"seconds\":200}");

            assertThat(fresh.get("/v1beta/" + name).status()).isEqualTo(403);
            assertThat(fresh.create(GeminiClient.MODEL, name, "late").status()).isEqualTo(404);
        }
    }
}
