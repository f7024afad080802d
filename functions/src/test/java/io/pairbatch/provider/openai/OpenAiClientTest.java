package io.pairbatch.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a gateway or a half-written answer must never be taken for: the provider's word that there is no batch.
class OpenAiClientTest {

    private static final Instant SINCE = Instant.ofEpochSecond(1000);

    private int status = 200;
    private String body = "";
    private HttpServer server;
    private OpenAiClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        client = new OpenAiClient(OpenAiService.of(OpenAiService.OPENAI), base, "key", 1);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"data\": null, \"has_more\": false}",
                "{\"data\": [{\"status\": \"in_progress\"}], \"has_more\": false}",
                "{\"data\": [{\"id\": \"batch_1\", \"status\": \"in_progress\"}], \"has_more\": false}"
            })
    void anAnswerThatIsNoListIsAnOutageNotAnEmptyList(String answer) {
        body = answer;
        assertThatThrownBy(() -> client.list(SINCE, batch -> true)).isInstanceOf(RetryableException.class);
    }

    @Test
    void aListInAnotherOrderIsReadToItsEnd() throws Exception {
        body = """
                {"data": [{"id": "old", "created_at": 500}, {"id": "new", "created_at": 1500}], "has_more": false}""";
        List<String> seen = new ArrayList<>();
        client.list(SINCE, batch -> seen.add(batch.id()));
        assertThat(seen).containsExactly("new");
    }

    @Test
    void aBatchIsGoneOnlyInTheProvidersOwnWords() throws Exception {
        status = 404;
        body = "<html>no route</html>";
        assertThatThrownBy(() -> client.retrieve("batch_1")).isInstanceOf(RetryableException.class);
        body = "{\"error\": {\"message\": \"No batch found\"}}";
        assertThat(client.retrieve("batch_1").state()).isEqualTo(BatchState.GONE);
    }
}
