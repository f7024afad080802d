package io.pairbatch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.anthropic.MessagesClient;
import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.gemini.GeminiClient;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.LineReader;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The simulator as a separate process, with less memory than the data that passes through it.
@Tag("long")
class ProcessTest {

    private static final int REQUESTS = 25_000;
    private static final int MESSAGES = 30_000;
    private static final long HEAP = 48L << 20;
    private static final String FILLER = "The quick brown fox jumps over the lazy dog again. ".repeat(20);

    @TempDir
    Path data = Path.of("");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void filesLargerThanTheHeapPassThroughIt() throws Exception {
        Path input = bigInput();
        assertThat(Files.size(input)).isGreaterThan(HEAP);
        Process process = start("-Xmx48m", "--batch-seconds", "0");
        try {
            URI base = baseUrl(process);
            JsonNode file = Json.MAPPER.readTree(upload(base, input));
            assertThat(file.path("bytes").longValue()).isEqualTo(Files.size(input));
            String body = Client.createBody(file.path("id").stringValue(), Client.CHAT, Map.of())
                    .toString();
            String id = Json.MAPPER
                    .readTree(send(base, "/v1/batches", BodyPublishers.ofString(body), "application/json"))
                    .path("id")
                    .stringValue();
            JsonNode batch = ended(base, id);

            assertThat(batch.path("status").stringValue()).isEqualTo("completed");
            assertThat(lines(base, batch, "output_file_id") + lines(base, batch, "error_file_id"))
                    .isEqualTo(REQUESTS);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void bodiesLargerThanTheHeapPassThroughIt() throws Exception {
        Path body = bigBody();
        assertThat(Files.size(body)).isGreaterThan(HEAP);
        Files.createFile(data.resolve("qualities.jsonl"));
        Process process = start("-Xmx48m", "--batch-seconds", "0");
        try {
            URI base = baseUrl(process);
            String path = "/v1/messages/batches";
            JsonNode batch = Json.MAPPER.readTree(send(base, path, BodyPublishers.ofFile(body), "application/json"));
            assertThat(batch.path("request_counts").path("processing").intValue())
                    .isEqualTo(MESSAGES);
            String id = batch.path("id").stringValue();
            for (int i = 0;
                    i < 600 && !Json.text(batch, "processing_status", "").equals("ended");
                    i++) {
                Thread.sleep(100);
                batch = Json.MAPPER.readTree(
                        http.send(request(base, path + "/" + id).build(), BodyHandlers.ofString())
                                .body());
            }

            assertThat(count(base, path + "/" + id + "/results")).isEqualTo(MESSAGES);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void uploadsLargerThanTheHeapPassThroughIt() throws Exception {
        Path input = data.resolve("contents.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(input)) {
            for (int i = 0; i < MESSAGES; i++) {
                String prompt = Client.prompt("Text " + i + ". " + FILLER, "Text " + (i + 1) + ". " + FILLER);
                out.write(GeminiClient.line("0123456789abcdef-" + i, prompt, "") + "\n");
            }
        }
        assertThat(Files.size(input)).isGreaterThan(HEAP);
        Files.createFile(data.resolve("qualities.jsonl"));
        Process process = start("-Xmx48m", "--batch-seconds", "0");
        try {
            URI base = baseUrl(process);
            JsonNode batch = runContents(base, input);

            String output = "/download/v1beta/"
                    + batch.path("response").path("responsesFile").stringValue();
            assertThat(count(base, output + ":download?alt=media&key=sk-simulator"))
                    .isEqualTo(MESSAGES);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private JsonNode runContents(URI base, Path input) throws Exception {
        HttpRequest.Builder start = request(base, "/upload/v1beta/files?key=sk-simulator")
                .header("X-Goog-Upload-Protocol", "resumable")
                .header("X-Goog-Upload-Command", "start")
                .header("X-Goog-Upload-Header-Content-Length", Long.toString(Files.size(input)))
                .header("X-Goog-Upload-Header-Content-Type", "application/jsonl");
        String url = http.send(start.POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString())
                .headers()
                .firstValue("x-goog-upload-url")
                .orElseThrow();
        HttpRequest.Builder chunk = HttpRequest.newBuilder(URI.create(url))
                .header("X-Goog-Upload-Command", "upload, finalize")
                .header("X-Goog-Upload-Offset", "0");
        JsonNode file = Json.MAPPER.readTree(
                http.send(chunk.POST(BodyPublishers.ofFile(input)).build(), BodyHandlers.ofString())
                        .body());
        String body = GeminiClient.createBody(file.path("file").path("name").stringValue(), "big")
                .toString();
        String create = "/v1beta/models/gemini-3.8-flash:batchGenerateContent?key=sk-simulator";
        JsonNode batch = Json.MAPPER.readTree(send(base, create, BodyPublishers.ofString(body), "application/json"));
        String path = "/v1beta/" + batch.path("name").stringValue() + "?key=sk-simulator";
        for (int i = 0; i < 600 && !batch.has("done"); i++) {
            Thread.sleep(100);
            batch = Json.MAPPER.readTree(http.send(request(base, path).build(), BodyHandlers.ofString())
                    .body());
        }
        return batch;
    }

    private Path bigBody() throws IOException {
        Path body = data.resolve("big.json");
        try (BufferedWriter out = Files.newBufferedWriter(body)) {
            for (int i = 0; i < MESSAGES; i++) {
                String prompt = Client.prompt("Text " + i + ". " + FILLER, "Text " + (i + 1) + ". " + FILLER);
                out.write(i == 0 ? "{\"requests\":[" : ",\n");
                out.write(MessagesClient.request(
                        "0123456789abcdef-" + i, Json.object().put("model", "claude-haiku-4-5"), prompt));
            }
            out.write("]}");
        }
        return body;
    }

    private Path bigInput() throws IOException {
        Path input = data.resolve("big.jsonl");
        Path qualities = data.resolve("qualities.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(input);
                BufferedWriter known = Files.newBufferedWriter(qualities)) {
            for (int i = 0; i < REQUESTS; i++) {
                String first = "Text " + i + ". " + FILLER;
                String second = "Text " + (i + 1) % REQUESTS + ". " + FILLER;
                out.write(Client.chat("r" + i, "gpt-4.1", Client.prompt(first, second), "") + "\n");
                if (i < 5_000) {
                    known.write(Json.object().put("text", first).put("quality", i) + "\n");
                }
            }
        }
        return input;
    }

    private Process start(String heap, String... options) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                "io.pairbatch.simulator.SimulatorCommand",
                "--data",
                data.resolve("provider").toString(),
                "--qualities",
                data.resolve("qualities.jsonl").toString(),
                "--ready-file",
                data.resolve("ready").toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private URI baseUrl(Process process) throws IOException {
        BufferedReader reader =
                new BufferedReader(new java.io.InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = String.valueOf(reader.readLine());
        assertThat(line).matches("listening on http://127\\.0\\.0\\.1:\\d+");
        assertThat(line).endsWith(" " + Files.readString(data.resolve("ready")));
        return URI.create(line.substring("listening on ".length()));
    }

    private String upload(URI base, Path input) throws Exception {
        String head = String.join(
                "\r\n",
                "--xyz",
                "Content-Disposition: form-data; name=\"purpose\"",
                "",
                "batch",
                "--xyz",
                "Content-Disposition: form-data; name=\"file\"; filename=\"big.jsonl\"",
                "",
                "");
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(head),
                BodyPublishers.ofFile(input),
                BodyPublishers.ofString("\r\n--xyz--\r\n"));
        return send(base, "/v1/files", body, "multipart/form-data; boundary=xyz");
    }

    private String send(URI base, String path, BodyPublisher body, String type) throws Exception {
        HttpRequest request =
                request(base, path).header("Content-Type", type).POST(body).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private static HttpRequest.Builder request(URI base, String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer sk-simulator")
                .header("anthropic-version", "2026-10-21");
    }

    private JsonNode ended(URI base, String id) throws Exception {
        JsonNode batch = Json.object();
        for (int i = 0; i < 600 && !Batch.TERMINAL.contains(Json.text(batch, "status", "")); i++) {
            Thread.sleep(100);
            batch = Json.MAPPER.readTree(
                    http.send(request(base, "/v1/batches/" + id).build(), BodyHandlers.ofString())
                            .body());
        }
        return batch;
    }

    private long lines(URI base, JsonNode batch, String member) throws Exception {
        return count(base, "/v1/files/" + batch.path(member).stringValue() + "/content");
    }

    private long count(URI base, String path) throws Exception {
        try (InputStream in = http.send(request(base, path).build(), BodyHandlers.ofInputStream())
                .body()) {
            LineReader reader = new LineReader(in);
            long lines = 0;
            while (reader.next()) {
                lines++;
            }
            return lines;
        }
    }
}
