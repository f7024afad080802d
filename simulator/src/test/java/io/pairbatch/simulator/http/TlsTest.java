package io.pairbatch.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The simulator behind HTTPS.
class TlsTest {

    private static ThrowAwayCa ca = new ThrowAwayCa(Path.of(""));

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void make(@TempDir Path folder) throws IOException, InterruptedException {
        ca = ThrowAwayCa.make(folder, "ip:127.0.0.1");
    }

    private static Simulator start(Path data, List<String> options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--data", data.toString()));
        all.addAll(options);
        return Simulator.start(all.toArray(String[]::new));
    }

    private static HttpRequest upload(Simulator simulator) {
        return HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/upload/v1beta/files"))
                .header("x-goog-api-key", "sk-simulator")
                .header("X-Goog-Upload-Protocol", "resumable")
                .header("X-Goog-Upload-Command", "start")
                .header("X-Goog-Upload-Header-Content-Length", "2")
                .header("X-Goog-Upload-Header-Content-Type", "application/jsonl")
                .POST(BodyPublishers.ofString("{}"))
                .build();
    }

    @Test
    void whoTrustsTheAuthorityIsAnswered() throws Exception {
        try (Simulator simulator = start(folder, ca.options());
                HttpClient http =
                        HttpClient.newBuilder().sslContext(ca.trusting()).build()) {
            assertThat(simulator.baseUrl()).hasScheme("https");

            HttpResponse<String> answer = http.send(upload(simulator), BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-goog-upload-url").orElseThrow())
                    .startsWith(simulator.baseUrl() + "/upload/v1beta/files?upload_id=");
        }
    }

    @Test
    void whoDoesNotTrustItTurnsAway() throws Exception {
        try (Simulator simulator = start(folder, ca.options());
                HttpClient http = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> http.send(upload(simulator), BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void filesThatAreNoCertificateOrKeyAreRefused() throws Exception {
        Path encrypted = Files.writeString(folder.resolve("x.key"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
        String certificate = ca.options().get(1);

        assertThatThrownBy(() -> start(folder, ca.options().subList(0, 2)))
                .hasMessageContaining("--tls-key and --tls-certificate must be used together");
        assertThatThrownBy(() ->
                        start(folder, List.of("--tls-certificate", certificate, "--tls-key", encrypted.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no unencrypted PKCS#8 key");
        assertThatThrownBy(() -> start(
                        folder,
                        List.of(
                                "--tls-certificate",
                                encrypted.toString(),
                                "--tls-key",
                                ca.options().get(3))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("x.key");
    }
}
