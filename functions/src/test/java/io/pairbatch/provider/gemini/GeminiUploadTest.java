package io.pairbatch.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.gemini.GeminiServer.Fault;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The provider gets the file's bytes, each once, whatever breaks on the way.
class GeminiUploadTest {

    private static final int CHUNK = GeminiUpload.CHUNK;
    private static final String ACTIVE = "{\"name\": \"files/abc\", \"state\": \"ACTIVE\"}";

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private GeminiServer server;
    private GeminiClient client;

    @BeforeEach
    void start() throws IOException {
        server = new GeminiServer();
        server.willAnswer(200, ACTIVE);
        client = new GeminiClient(server.base(), "secret", 3, "v1beta");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "-1,1", "0,1", "1,1", "0,2", "77,2"})
    void aFileOfAnySizeArrivesWhole(int more, int chunks) throws Exception {
        byte[] file = bytes(chunks * CHUNK + more);
        assertThat(client.upload("batch_01_input.jsonl", file.length, () -> body(file)))
                .isEqualTo("files/abc");
        assertThat(server.file.toByteArray()).isEqualTo(file);
        assertThat(opened).hasValue(1);
        assertThat(server.requests).containsExactly("POST /upload/v1beta/files", "GET /v1beta/files/abc");
        assertThat(server.keys).containsOnly("secret");
        assertThat(server.chunks).hasSize(Math.max(1, (file.length + CHUNK - 1) / CHUNK));
        assertThat(server.chunks.getLast()).startsWith("upload, finalize ");
        assertThat(server.chunks.subList(0, server.chunks.size() - 1))
                .allMatch(chunk -> chunk.startsWith("upload ") && chunk.endsWith("+" + CHUNK));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOO_MUCH")
    void aBrokenChunkGoesOnWhereItBroke(Fault fault) throws Exception {
        byte[] file = bytes(2 * CHUNK + 300_000);
        server.faults.addAll(List.of(Fault.NONE, fault));
        assertThat(client.upload("f", file.length, () -> body(file))).isEqualTo("files/abc");
        assertThat(server.file.toByteArray()).isEqualTo(file);
    }

    @ParameterizedTest
    @EnumSource(names = {"HALF", "NO_ANSWER", "UNAVAILABLE"})
    void aBrokenLastChunkGoesOnWhereItBroke(Fault fault) throws Exception {
        byte[] file = bytes(CHUNK + 600_000);
        server.faults.addAll(List.of(Fault.NONE, fault));
        assertThat(client.upload("f", file.length, () -> body(file))).isEqualTo("files/abc");
        assertThat(server.file.toByteArray()).isEqualTo(file);
        assertThat(server.requests).as("no second upload").hasSize(2);
        assertThat(server.chunks).contains("query");
    }

    @Test
    void afterABreakOnlyWhatIsMissingIsSent() throws Exception {
        byte[] file = bytes(CHUNK);
        server.faults.add(Fault.HALF);
        client.upload("f", file.length, () -> body(file));
        assertThat(server.chunks)
                .containsExactly(
                        "upload, finalize 0+" + CHUNK, "query", "upload, finalize " + CHUNK / 2 + "+" + CHUNK / 2);
        assertThat(opened).hasValue(1);
    }

    @Test
    void aProviderThatHasLostWhatItHadIsSentItAgain() throws Exception {
        byte[] file = bytes(2 * CHUNK + 300_000);
        server.faults.addAll(List.of(Fault.NONE, Fault.SET_BACK));
        assertThat(client.upload("f", file.length, () -> body(file))).isEqualTo("files/abc");
        assertThat(server.file.toByteArray()).isEqualTo(file);
        assertThat(server.requests).as("no second upload").hasSize(2);
        assertThat(opened).hasValue(2);
        assertThat(closed).hasValue(2);
    }

    @Test
    void aFileThatHasComeWholeIsOnlyFinalized() throws Exception {
        byte[] file = bytes(1000);
        server.faults.add(Fault.NOT_FINALIZED);
        assertThat(client.upload("f", file.length, () -> body(file))).isEqualTo("files/abc");
        assertThat(server.chunks).containsExactly("upload, finalize 0+1000", "query", "upload, finalize 1000+0");
        assertThat(server.file.toByteArray()).isEqualTo(file);
    }

    @Test
    void anUploadThatHasGotMoreThanThereIsIsBegunAnew() throws Exception {
        byte[] file = bytes(1000);
        server.faults.add(Fault.TOO_MUCH);
        assertThat(client.upload("f", file.length, () -> body(file))).isEqualTo("files/abc");
        assertThat(server.requests)
                .containsExactly("POST /upload/v1beta/files", "POST /upload/v1beta/files", "GET /v1beta/files/abc");
        assertThat(server.file.toByteArray()).isEqualTo(file);
    }

    @Test
    void anUploadIsBegunNoMoreOftenThanAllowed() {
        byte[] file = bytes(1000);
        server.faults.addAll(List.of(Fault.FORGOTTEN, Fault.FORGOTTEN, Fault.FORGOTTEN));
        assertThatThrownBy(() -> client.upload("f", file.length, () -> body(file)))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("lost the upload");
        assertThat(server.requests).hasSize(3);
        assertThat(closed).hasValue(3);
    }

    @Test
    void aChunkThatNeverGetsThroughIsAnOutage() {
        byte[] file = bytes(1000);
        server.faults.addAll(List.of(Fault.HALF, Fault.HALF, Fault.HALF));
        assertThatThrownBy(() -> client.upload("f", file.length, () -> body(file)))
                .isInstanceOf(RetryableException.class);
    }

    @Test
    void noKeyAndNoTextGoesToAnotherHost() throws Exception {
        byte[] file = bytes(10);
        try (GeminiServer stranger = new GeminiServer()) {
            for (String host : List.of(
                    stranger.base().toString(),
                    server.base().toString().replace("http:", "https:"),
                    "http://localhost:" + server.base().getPort(),
                    "no address")) {
                server.uploadTo(host);
                assertThatThrownBy(() -> client.upload("f", file.length, () -> body(file)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("another host");
            }
            assertThat(stranger.requests).isEmpty();
            assertThat(stranger.chunks).isEmpty();
        }
        assertThat(server.chunks).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"999", "1001"})
    void aFileOfAnotherSizeThanAnnouncedIsNotUploaded(int size) {
        byte[] file = bytes(size);
        assertThatThrownBy(() -> client.upload("f", 1000, () -> body(file))).isInstanceOf(RetryableException.class);
        assertThat(server.chunks).isEmpty();
    }

    @Test
    void aFileIsWaitedForUntilItIsReady() throws Exception {
        server.canned.clear();
        server.willAnswer(200, "{\"name\": \"files/abc\", \"state\": \"PROCESSING\"}");
        server.willAnswer(200, ACTIVE);
        client.upload("f", 1, () -> body(bytes(1)));
        assertThat(server.requests)
                .containsExactly("POST /upload/v1beta/files", "GET /v1beta/files/abc", "GET /v1beta/files/abc");
    }

    @Test
    void aFileThatTheProviderCannotReadIsRefused() {
        server.canned.clear();
        server.willAnswer(200, "{\"name\": \"files/abc\", \"state\": \"FAILED\", \"error\": {\"message\": \"bad\"}}");
        assertThatThrownBy(() -> client.upload("f", 1, () -> body(bytes(1))))
                .isInstanceOfSatisfying(RefusedException.class, e -> {
                    assertThat(e.kind()).isEqualTo(RefusedException.Kind.REQUEST);
                    assertThat(e).hasMessage("bad");
                });
    }

    /// Comes in reads of odd lengths, as the bytes of a store do.
    private InputStream body(byte[] file) {
        opened.incrementAndGet();
        return new FilterInputStream(new ByteArrayInputStream(file)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, 65_521));
            }

            @Override
            public void close() throws IOException {
                closed.incrementAndGet();
                super.close();
            }
        };
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
