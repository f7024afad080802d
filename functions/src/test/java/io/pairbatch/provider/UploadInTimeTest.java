package io.pairbatch.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.gemini.GeminiClient;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Transport;
import io.pairbatch.provider.http.Transport.Reply;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.testing.SettableClock;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Uploads have the time that their function has left, and no more. Time passes in the test's clock only.
class UploadInTimeTest {

    private static final URI BASE = URI.create("http://provider.example");
    private static final Duration FUNCTION = Duration.ofMinutes(10);
    private static final int CHUNK = 8 << 20;

    private final SettableClock clock = new SettableClock();
    private final Deadline deadline = new Deadline(clock.instant().plus(FUNCTION), clock);
    private final List<HttpRequest> sent = new ArrayList<>();

    private Network network(Transport transport) {
        return new Network(transport, clock::advance, new Random(1)).until(deadline);
    }

    private BatchProvider openAi(Transport transport) {
        return new OpenAiClient(OpenAiService.of("openai"), BASE, "k", 3, network(transport));
    }

    private Reply hangs(HttpRequest request) throws IOException {
        sent.add(request);
        clock.advance(request.timeout().orElseThrow());
        throw new HttpTimeoutException("request timed out");
    }

    private static Reply answer(String body, Map<String, List<String>> headers) {
        return new Reply(
                200,
                HttpHeaders.of(headers, (name, value) -> true),
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static BatchProvider.Body body(int bytes) {
        return () -> new ByteArrayInputStream(new byte[bytes]);
    }

    @Test
    void anUploadMayLastAsLongAsItsFunctionButForWhatTheStepKeeps() {
        clock.advance(Duration.ofSeconds(50));
        BatchProvider openAi = openAi((request, connection, end) -> hangs(request));
        assertThatThrownBy(() -> openAi.upload("f.jsonl", 1000, body(1000)))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessageStartingWith("the provider did not serve /files: HttpTimeoutException");
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().timeout()).hasValue(Duration.ofMinutes(9));
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void anUploadIsRepeatedOnlyWhenItsSizeFitsIntoTheRest() throws Exception {
        int bytes = 200_000_000;
        BatchProvider openAi = openAi((request, connection, end) -> {
            sent.add(request);
            clock.advance(Duration.ofSeconds(200));
            throw new IOException("connection reset");
        });
        assertThatThrownBy(() -> openAi.upload("f.jsonl", bytes, body(0)))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessageContaining("connection reset; there was no time left for more");
        assertThat(sent).as("230 s are needed, and 200 s are left after two").hasSize(2);
    }

    /// Each chunk takes a minute here; the file would need ten, and the function has five of them left.
    @Test
    void aResumableUploadBeginsNoChunkThatNoTimeIsLeftFor() {
        clock.advance(Duration.ofMinutes(5));
        GeminiClient gemini = new GeminiClient(BASE, "k", 3, "v1beta", network((request, connection, end) -> {
            sent.add(request);
            if (request.uri().getPath().endsWith("/files")) {
                return answer("{}", Map.of("X-Goog-Upload-URL", List.of(BASE + "/up")));
            }
            Duration timeout = request.timeout().orElseThrow();
            if (timeout.toSeconds() < 60) {
                clock.advance(timeout);
                throw new HttpTimeoutException("request timed out");
            }
            clock.advance(Duration.ofMinutes(1));
            return answer("", Map.of("X-Goog-Upload-Status", List.of("active")));
        }));
        assertThatThrownBy(() -> gemini.upload("f.jsonl", 10L * CHUNK, body(10 * CHUNK)))
                .isExactlyInstanceOf(RetryableException.class)
                .hasMessageContaining("no time left");
        assertThat(sent.stream()
                        .map(r -> r.headers().firstValue("X-Goog-Upload-Offset").orElse("")))
                .startsWith("", "0", String.valueOf(CHUNK), String.valueOf(2 * CHUNK), String.valueOf(3 * CHUNK))
                .hasSize(6);
        assertThat(deadline.left()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theTimeThatAnUploadNeedsGrowsWithItsSize() {
        assertThat(BatchProvider.uploadTime(0)).isEqualTo(Duration.ofSeconds(30));
        assertThat(BatchProvider.uploadTime(200_000_000)).isEqualTo(Duration.ofSeconds(230));
    }
}
