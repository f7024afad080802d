package io.pairbatch.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A function that was restored from a snapshot has no credentials in its environment.
class CredentialsTest {

    private static final String ADDRESS = "aws.containerCredentialsFullUri";

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = """
                    {"AccessKeyId": "restored", "SecretAccessKey": "s", "Token": "t",
                     "Expiration": "2099-01-01T00:00:00Z"}""".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.setProperty(ADDRESS, "http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        System.clearProperty(ADDRESS);
        server.stop(0);
    }

    @Test
    void theyComeFromTheLocalAddressThen() {
        assertThat(Surroundings.credentials().resolveCredentials().accessKeyId())
                .isEqualTo("restored");
    }
}
