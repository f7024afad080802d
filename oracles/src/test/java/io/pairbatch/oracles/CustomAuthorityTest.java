package io.pairbatch.oracles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.anthropic.AnthropicClient;
import io.pairbatch.provider.gemini.GeminiClient;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Trust;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.simulator.Simulator;
import io.pairbatch.standins.ThrowAwayCa;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Providers with a certificate of a private authority.
class CustomAuthorityTest {

    private static ThrowAwayCa ca;

    @TempDir
    Path folder;

    @BeforeAll
    static void make(@TempDir Path folder) throws IOException, InterruptedException {
        ca = ThrowAwayCa.make(folder, "ip:127.0.0.1");
    }

    private static List<BatchProvider> clients(URI base, Trust trust) {
        String key = "sk-simulator";
        return List.of(
                new OpenAiClient(OpenAiService.of("openai"), URI.create(base + "/v1"), key, 1, Network.trusting(trust)),
                new AnthropicClient(base, key, "2023-06-01", 1, Network.trusting(trust)),
                new GeminiClient(base, key, 1, "v1beta", Network.trusting(trust)));
    }

    private Simulator start(ThrowAwayCa authority) throws IOException {
        List<String> tls = authority.options();
        return Simulator.start(
                "--data", folder.resolve("data").toString(), tls.get(0), tls.get(1), tls.get(2), tls.get(3));
    }

    @Test
    void aServerOfATrustedAuthorityIsAccepted() throws Exception {
        try (Simulator simulator = start(ca)) {
            Trust trust = Trust.and(Trust.compact(Files.readString(ca.certificate())));

            for (BatchProvider client : clients(simulator.baseUrl(), trust)) {
                client.list(Instant.EPOCH, batch -> true);
            }
            byte[] line = "{}\n".getBytes(StandardCharsets.UTF_8);
            String file = clients(simulator.baseUrl(), trust)
                    .getLast()
                    .upload("batch_01_input.jsonl", line.length, () -> new ByteArrayInputStream(line));
            assertThat(file).startsWith("files/");
        }
    }

    @Test
    void aServerOfAnUnknownAuthorityCannotBeReached() throws Exception {
        try (Simulator simulator = start(ca)) {
            for (BatchProvider client : clients(simulator.baseUrl(), Trust.USUAL)) {
                assertThatThrownBy(() -> client.list(Instant.EPOCH, batch -> true))
                        .isInstanceOf(RetryableException.class)
                        .hasMessageContaining("it cannot be reached, for its certificate is not accepted")
                        .hasMessageContaining("unable to find valid certification path");
            }
        }
    }

    @Test
    void anotherHostsCertificateIsNotAccepted() throws Exception {
        ThrowAwayCa elsewhere = ThrowAwayCa.make(folder, "dns:elsewhere.example");
        try (Simulator simulator = start(elsewhere)) {
            Trust trust = Trust.and(Files.readString(elsewhere.certificate()));

            for (BatchProvider client : clients(simulator.baseUrl(), trust)) {
                assertThatThrownBy(() -> client.list(Instant.EPOCH, batch -> true))
                        .isInstanceOf(RetryableException.class)
                        .hasMessageContaining("its certificate is not accepted")
                        .hasMessageContaining("127.0.0.1");
            }
        }
    }
}
