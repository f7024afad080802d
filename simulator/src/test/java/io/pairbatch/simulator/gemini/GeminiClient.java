package io.pairbatch.simulator.gemini;

import static java.util.Objects.requireNonNull;

import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A plain HTTP client of one simulator's Gemini API.
public final class GeminiClient implements AutoCloseable {

    public static final String MODEL = "gemini-2.5-flash";

    private final Client client;

    private GeminiClient(Client client) {
        this.client = client;
    }

    static GeminiClient start(Path data, String... options) throws IOException {
        return new GeminiClient(Client.start(data, options));
    }

    Client common() {
        return client;
    }

    URI baseUrl() {
        return client.simulator().baseUrl();
    }

    HttpRequest.Builder bare(String path) {
        return HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : baseUrl() + path))
                .timeout(Duration.ofSeconds(30));
    }

    HttpRequest.Builder request(String path) {
        return bare(path).header("x-goog-api-key", "sk-simulator");
    }

    Client.Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request);
    }

    Client.Reply get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    Client.Reply delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    Client.Reply post(String path, String json) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    /// The start of an upload with the announced `length` and `type`.
    HttpRequest.Builder start(String body, String length, String type) {
        return request("/upload/v1beta/files")
                .header("X-Goog-Upload-Protocol", "resumable")
                .header("X-Goog-Upload-Command", "start")
                .header("X-Goog-Upload-Header-Content-Length", length)
                .header("X-Goog-Upload-Header-Content-Type", type)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    /// The URL of a new upload.
    String session(long length) throws IOException, InterruptedException {
        Client.Reply started =
                send(start("{\"file\":{\"display_name\":\"input\"}}", Long.toString(length), "application/jsonl"));
        return started.response().headers().firstValue("x-goog-upload-url").orElseThrow();
    }

    /// A command to an upload; its URL needs no key.
    Client.Reply command(String url, String command, long offset, byte[] bytes)
            throws IOException, InterruptedException {
        return send(bare(url)
                .header("X-Goog-Upload-Command", command)
                .header("X-Goog-Upload-Offset", Long.toString(offset))
                .POST(BodyPublishers.ofByteArray(bytes)));
    }

    /// Uploads lines and returns the file's name.
    String file(String... lines) throws IOException, InterruptedException {
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        JsonNode answer =
                command(session(bytes.length), "upload, finalize", 0, bytes).json();
        return answer.path("file").path("name").stringValue();
    }

    Client.Reply create(String model, String file, String displayName) throws IOException, InterruptedException {
        return post(
                "/v1beta/models/" + model + ":batchGenerateContent",
                createBody(file, displayName).toString());
    }

    public static ObjectNode createBody(String file, String displayName) {
        ObjectNode body = Json.object();
        body.putObject("batch")
                .put("display_name", displayName)
                .putObject("input_config")
                .put("file_name", file);
        return body;
    }

    /// Uploads and creates; returns the operation's name.
    String open(String... lines) throws IOException, InterruptedException {
        return create(MODEL, file(lines), "test").json().path("name").stringValue();
    }

    /// Uploads, creates and settles; returns the ended operation.
    JsonNode run(String... lines) throws IOException, InterruptedException {
        return runOn(MODEL, lines);
    }

    JsonNode runOn(String model, String... lines) throws IOException, InterruptedException {
        String name = create(model, file(lines), "test").json().path("name").stringValue();
        client.settle();
        return batch(name);
    }

    JsonNode batch(String name) throws IOException, InterruptedException {
        return get("/v1beta/" + name).json();
    }

    static String state(JsonNode batch) {
        return batch.path("metadata").path("state").stringValue();
    }

    Client.Reply download(JsonNode batch) throws IOException, InterruptedException {
        String file =
                requireNonNull(batch.path("response").path("responsesFile").asString());
        return get("/download/v1beta/" + file + ":download?alt=media");
    }

    List<String> lines(JsonNode batch) throws IOException, InterruptedException {
        return download(batch).response().body().lines().toList();
    }

    List<JsonNode> output(JsonNode batch) throws IOException, InterruptedException {
        return lines(batch).stream()
                .map(Json.MAPPER::readTree)
                .map(JsonNode.class::cast)
                .toList();
    }

    /// A request line; `more` is added to the request.
    public static String line(String key, String prompt, String more) {
        return "{\"key\":\"" + key + "\",\"request\":{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":"
                + Json.MAPPER.writeValueAsString(prompt) + "}]}]" + more + "}}";
    }

    public static String line(String key) {
        return line(key, Client.prompt("Text one of " + key, "Text two of " + key), "");
    }

    /// `count` request lines with the keys r1, r2, …
    static String[] lines(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> line("r" + i)).toArray(String[]::new);
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
