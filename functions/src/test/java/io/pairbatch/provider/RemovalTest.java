package io.pairbatch.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.anthropic.AnthropicClient;
import io.pairbatch.provider.gemini.GeminiClient;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is asked of each provider when something is to be deleted or stopped, and what its answers are taken for.
class RemovalTest {

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String body = "{}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private BatchProvider client(String name) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return switch (name) {
            case "anthropic" -> new AnthropicClient(base, "k", "2023-06-01", 1);
            case "gemini" -> new GeminiClient(base, "k", 1, "v1beta");
            default -> new OpenAiClient(OpenAiService.of(name), base.resolve("/v1"), "k", 1);
        };
    }

    private void answer(int code, String json) {
        status = code;
        body = json;
    }

    @ParameterizedTest
    @CsvSource({
        "openai,    file-1,   DELETE /v1/files/file-1",
        "azure,     file-1,   DELETE /v1/files/file-1",
        "mistral,   file-1,   DELETE /v1/files/file-1",
        "gemini,    files/f1, DELETE /v1beta/files/f1",
    })
    void aFileIsDeletedByItsId(String provider, String id, String call) throws Exception {
        assertThat(client(provider).deleteFile(id)).isEqualTo(Removal.DONE);
        assertThat(asked).containsExactly(call);
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic, msgbatch_1, DELETE /v1/messages/batches/msgbatch_1",
        "gemini,    batches/b1, DELETE /v1beta/batches/b1",
        "gemini,    b1,         DELETE /v1beta/batches/b1",
        "mistral,   b1,         DELETE /v1/batch/jobs/b1",
    })
    void aBatchIsDeletedByItsId(String provider, String id, String call) throws Exception {
        assertThat(client(provider).deleteBatch(id)).isEqualTo(Removal.DONE);
        assertThat(asked).containsExactly(call);
    }

    @ParameterizedTest
    @CsvSource({"openai", "azure", "groq", "together", "generic"})
    void nothingIsAskedWhereBatchesCannotBeDeleted(String service) throws Exception {
        assertThat(client(service).deleteBatch("batch_1")).isEqualTo(Removal.NOT_POSSIBLE);
        assertThat(asked).isEmpty();
    }

    @Test
    void anthropicHasNoFiles() throws Exception {
        assertThat(client("anthropic").deleteFile("file_1")).isEqualTo(Removal.NOT_POSSIBLE);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "openai,    batch_1,    POST /v1/batches/batch_1/cancel",
        "mistral,   b1,         POST /v1/batch/jobs/b1/cancel",
        "anthropic, msgbatch_1, POST /v1/messages/batches/msgbatch_1/cancel",
        "gemini,    batches/b1, POST /v1beta/batches/b1:cancel",
    })
    void aBatchIsAskedToStop(String provider, String id, String call) throws Exception {
        assertThat(client(provider).cancel(id)).isEqualTo(Removal.DONE);
        assertThat(asked).containsExactly(call);
    }

    @Test
    void whatIsNotThereAnyMoreIsGone() throws Exception {
        answer(404, "{\"error\":{\"message\":\"No such File object: f\",\"type\":\"invalid_request_error\"}}");
        assertThat(client("openai").deleteFile("f")).isEqualTo(Removal.GONE);
        answer(404, "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"no\"}}");
        assertThat(client("anthropic").deleteBatch("b")).isEqualTo(Removal.GONE);
        answer(404, "{\"error\":{\"code\":404,\"message\":\"no\",\"status\":\"NOT_FOUND\"}}");
        assertThat(client("gemini").deleteBatch("b")).isEqualTo(Removal.GONE);
        answer(403, """
                {"error":{"code":403,"message":"You do not have permission to access the File f or it may not exist.",\
                "status":"PERMISSION_DENIED"}}""");
        assertThat(client("gemini").deleteFile("files/f")).isEqualTo(Removal.GONE);
    }

    @Test
    void whatAProviderDoesNotDoToThisOneIsNotPossible() throws Exception {
        answer(400, "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"in progress\"}}");
        assertThat(client("anthropic").deleteBatch("b")).isEqualTo(Removal.NOT_POSSIBLE);
        answer(409, "{\"error\":{\"message\":\"it has ended\",\"type\":\"invalid_request_error\"}}");
        assertThat(client("openai").cancel("b")).isEqualTo(Removal.NOT_POSSIBLE);
        answer(400, """
                {"error":{"code":400,"message":"* DeleteFileRequest.name: File ID (name excluding 'files/') cannot be \
                more than 40 characters.","status":"INVALID_ARGUMENT"}}""");
        assertThat(client("gemini").deleteFile("files/batch-x")).isEqualTo(Removal.NOT_POSSIBLE);
    }

    @Test
    void aGatewaysNotFoundAndAnOutageProveNothing() {
        answer(404, "<html>no such page</html>");
        assertThatThrownBy(() -> client("openai").deleteFile("f")).isInstanceOf(RetryableException.class);
        answer(503, "");
        assertThatThrownBy(() -> client("anthropic").deleteBatch("b")).isInstanceOf(RetryableException.class);
    }

    @Test
    void aRefusedKeyIsToldToTheCaller() {
        answer(
                401,
                "{\"error\":{\"message\":\"wrong\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}");
        assertThatThrownBy(() -> client("openai").deleteFile("f"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(RefusedException.Kind.KEY));
    }
}
