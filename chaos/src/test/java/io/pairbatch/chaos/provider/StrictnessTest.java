package io.pairbatch.chaos.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.http.Transport.Connection;
import io.pairbatch.provider.http.Transport.Reply;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What providers refuse, called without a client.
class StrictnessTest {

    private static final String CREATE = "{\"input_file_id\":\"FILE\",\"endpoint\":\"/v1/chat/completions\","
            + "\"completion_window\":\"24h\",\"metadata\":METADATA}";

    private static HttpRequest.Builder request(Rig rig, String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(
                        URI.create(rig.provider.setup().baseUrl() + path))
                .timeout(Duration.ofSeconds(20));
        return switch (rig.provider.backend()) {
            case OPENAI -> builder.header("Authorization", "Bearer " + Rig.KEY);
            case ANTHROPIC -> builder.header("x-api-key", Rig.KEY).header("anthropic-version", "2023-06-01");
            case GEMINI -> builder.header("x-goog-api-key", Rig.KEY);
        };
    }

    private static String said(Rig rig, HttpRequest request) throws IOException {
        Reply reply = rig.provider.send(request, Connection.OWN, Deadline.NONE);
        try (InputStream body = reply.body()) {
            return reply.status() + " " + Json.text(body.readAllBytes());
        }
    }

    private static String posted(Rig rig, String path, String type, String body) throws IOException {
        return said(
                rig,
                request(rig, path)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    @ParameterizedTest
    @EnumSource
    void aRequestWithoutAKeyIsRefused(Backend backend) throws IOException {
        Rig rig = new Rig(backend);
        String path = backend == Backend.OPENAI ? "/batches" : "/v1/messages/batches";
        URI uri = URI.create(rig.provider.setup().baseUrl() + (backend == Backend.GEMINI ? "/v1beta/batches" : path));
        HttpRequest bare =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build();
        assertThat(said(rig, bare)).startsWith(backend == Backend.GEMINI ? "403 " : "401 ");
    }

    @ParameterizedTest
    @EnumSource
    void aRequestToAnotherHostIsAMistake(Backend backend) {
        Rig rig = new Rig(backend);
        HttpRequest astray = HttpRequest.newBuilder(URI.create("https://elsewhere.example/v1/batches"))
                .timeout(Duration.ofSeconds(1))
                .build();
        assertThatThrownBy(() -> rig.provider.send(astray, Connection.POOLED, Deadline.NONE))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aRequestWithoutATimeoutIsAMistake(Backend backend) {
        Rig rig = new Rig(backend);
        HttpRequest endless =
                HttpRequest.newBuilder(rig.provider.setup().baseUrl()).build();
        assertThatThrownBy(() -> rig.provider.send(endless, Connection.POOLED, Deadline.NONE))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownPathIsNotFound(Backend backend) throws IOException {
        Rig rig = new Rig(backend);
        assertThat(said(rig, request(rig, "/v1/nothing").build())).startsWith("404 ");
    }

    @ParameterizedTest
    @EnumSource
    void aBodyMustHaveTheContentTypeJson(Backend backend) throws IOException {
        Rig rig = new Rig(backend);
        String path = switch (backend) {
            case OPENAI -> "/batches";
            case ANTHROPIC -> "/v1/messages/batches";
            case GEMINI -> "/v1beta/models/gemini-2.5-flash:batchGenerateContent";
        };
        assertThat(posted(rig, path, "text/plain", "{}")).startsWith("400 ");
        assertThat(posted(rig, path, "application/json", "{\"a\":1,\"a\":1}")).startsWith("400 ");
        assertThat(posted(rig, path, "application/json", "{} {}")).startsWith("400 ");
    }

    @ParameterizedTest
    @CsvSource({"10,9,Too many", "10,11,Too few"})
    void aBodyMustHaveItsAnnouncedLength(int bytes, int told, String message) {
        Rig rig = new Rig(Backend.OPENAI);
        BodyPublisher wrong = BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[bytes])), told);
        assertThatThrownBy(() -> said(rig, request(rig, "/batches").POST(wrong).build()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(message);
    }

    private static InputStream failing(Throwable thrown) {
        return new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (IOException) thrown;
            }
        };
    }

    @Test
    void aBodyThatCannotBeReadBreaksTheRequest() {
        Rig rig = new Rig(Backend.OPENAI);
        BodyPublisher broken = BodyPublishers.ofInputStream(() -> failing(new IOException("gone")));
        assertThatThrownBy(() -> said(rig, request(rig, "/batches").POST(broken).build()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gone");
    }

    @Test
    void whoeverIsKilledWhileABodyIsReadIsKilled() {
        Rig rig = new Rig(Backend.OPENAI);
        BodyPublisher deadly = BodyPublishers.ofInputStream(() -> failing(new AssertionError("killed")));
        assertThatThrownBy(() -> said(rig, request(rig, "/batches").POST(deadly).build()))
                .isInstanceOf(AssertionError.class)
                .hasMessage("killed");
    }

    @ParameterizedTest
    @CsvSource({
        "{}, 200",
        "null, 200",
        "{\"a\":\"b\"}, 200",
        "{\"a\":1}, 400",
        "[], 400",
        "{\"KEY\":\"b\"}, 400",
        "{\"a\":\"VALUE\"}, 400",
        "MANY, 400"
    })
    void openAiAcceptsMetadataWithinItsLimits(String metadata, String status) throws Exception {
        Rig rig = new Rig(Backend.OPENAI);
        String file = rig.upload(rig.lines(1, 1));
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 17; i++) {
            many.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":\"v\"");
        }
        String text = metadata.replace("KEY", "k".repeat(65))
                .replace("VALUE", "v".repeat(513))
                .replace("MANY", many + "}");
        String body = CREATE.replace("FILE", file).replace("METADATA", text);
        assertThat(posted(rig, "/batches", "application/json", body)).startsWith(status);
    }

    @ParameterizedTest
    @CsvSource({
        "not JSON, invalid_json_line",
        "\"custom_id\":\"c\", ok",
        "\"custom_id\":\"c\"~\"custom_id\":\"c\", duplicate_custom_id",
        "\"custom_id\":7, missing_required_parameter",
        "\"custom_id\":\"c\"~\"custom_id\":\"d\"~X, invalid_json_line"
    })
    void openAiReadsEveryLine(String file, String code) throws Exception {
        Rig rig = new Rig(Backend.OPENAI).course(EveryProviderTest.QUICK);
        StringBuilder lines = new StringBuilder();
        for (String line : file.split("~", -1)) {
            lines.append(
                            line.startsWith("\"")
                                    ? "{" + line + ",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                                            + "{\"model\":\"gpt-4.1\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}}"
                                    : line)
                    .append('\n');
        }
        byte[] bytes = Json.utf8(lines.toString());
        CreateOutcome.Created created = (CreateOutcome.Created) rig.create(rig.upload(bytes), bytes, "t");
        String said = rig.ended(created.batchId()).errorCode();
        assertThat(said == null ? "ok" : said).isEqualTo(code);
    }

    @Test
    void aFormWithoutItsEndIsInvalid() throws IOException {
        Rig rig = new Rig(Backend.OPENAI);
        String form = "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n{}\r\n--b";
        assertThat(posted(rig, "/files", "multipart/form-data; boundary=b", form))
                .startsWith("400 ");
        assertThat(posted(rig, "/files", "multipart/form-data; boundary=b", form + "--\r\n"))
                .startsWith("200 ");
        assertThat(posted(rig, "/files", "multipart/form-data; boundary=c", form + "--\r\n"))
                .startsWith("400 ");
    }

    @ParameterizedTest
    @CsvSource({
        "{\"requests\":[]}, 1 to",
        "{}, Field required",
        "{\"requests\":[{\"custom_id\":\"a b\"|\"params\":{}}]}, match pattern",
        "{\"requests\":[{\"custom_id\":\"a\"}]}, Field required",
        "{\"requests\":[{\"custom_id\":\"a\"|\"params\":{}}]|\"more\":1}, Extra inputs"
    })
    void anthropicChecksIdsAtOnce(String body, String message) throws IOException {
        Rig rig = new Rig(Backend.ANTHROPIC);
        assertThat(posted(rig, "/v1/messages/batches", "application/json", body.replace('|', ',')))
                .startsWith("400 ")
                .contains(message);
    }

    @Test
    void anthropicRequiresItsVersion() throws IOException {
        Rig rig = new Rig(Backend.ANTHROPIC);
        URI uri = URI.create(rig.provider.setup().baseUrl() + "/v1/messages/batches");
        HttpRequest old = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(1))
                .header("x-api-key", Rig.KEY)
                .build();
        assertThat(said(rig, old)).startsWith("400 ").contains("anthropic-version");
    }

    @Test
    void geminiRefusesAFileWithAnInvalidLine() throws Exception {
        Rig rig = new Rig(Backend.GEMINI);
        for (String line : new String[] {
            "{\"key\":\"a\",\"request\":{\"contents\":[],\"temperature\":1}}",
            "{\"key\":\"a\"}",
            "{\"key\":\"a\",\"request\":{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"x\":1}}}",
            "nothing"
        }) {
            byte[] bytes = Json.utf8(line + "\n");
            assertThat(rig.create(rig.upload(bytes), bytes, "t"))
                    .isInstanceOfSatisfying(
                            CreateOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).hasMessageContaining("Error on line 1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsTooLargeIsRefused(Backend backend) {
        Rig rig = new Rig(backend, new Judge(1), new Limits(100, 1000, 10, 100), 1);
        byte[] lines = rig.lines(1, 20);
        if (backend == Backend.ANTHROPIC) {
            assertThat(rig.create("", lines, "t")).isInstanceOf(CreateOutcome.Refused.class);
        } else {
            assertThatThrownBy(() -> rig.upload(lines)).isInstanceOf(io.pairbatch.provider.RefusedException.class);
        }
    }

    @Test
    void anOddBatchOfOurFileIsListedAsSuch() throws Exception {
        Rig rig = new Rig(Backend.OPENAI);
        byte[] lines = rig.lines(1, 3);
        String file = rig.upload(lines);
        Map<String, String> odd = new HashMap<>();
        odd.put(BatchProvider.TOKEN, "");
        odd.put("quote\"", "\\");
        rig.provider.plant(Foreign.of("project", rig.spec.model(), 0).of(file, odd));
        rig.provider.plant(Foreign.of("project", rig.spec.model(), 0).of(file, null));
        assertThat(rig.listed())
                .allSatisfy(batch -> assertThat(batch.inputFileId()).isEqualTo(file))
                .anySatisfy(batch -> assertThat(batch.metadata()).isEqualTo(odd))
                .anySatisfy(batch -> assertThat(batch.metadata()).isEmpty());
        assertThat(rig.provider.batches())
                .allSatisfy(batch -> assertThat(batch.items()).hasSize(3));
    }
}
