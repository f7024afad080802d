package io.pairbatch.simulator;

import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A plain HTTP client of one simulator.
public final class Client implements AutoCloseable {

    public static final String CHAT = "/v1/chat/completions";
    static final String RESPONSES = "/v1/responses";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /// A response with its body as JSON.
    public record Reply(int status, HttpResponse<String> response) {

        public JsonNode json() {
            return Json.MAPPER.readTree(response.body());
        }

        public JsonNode error() {
            return json().path("error");
        }
    }

    private final Simulator simulator;
    private final boolean azure;

    Client(Simulator simulator) {
        this(simulator, false);
    }

    private Client(Simulator simulator, boolean azure) {
        this.simulator = simulator;
        this.azure = azure;
    }

    /// Starts a simulator without delay and without random failures.
    public static Client start(Path data, String... options) throws IOException {
        List<String> all = new java.util.ArrayList<>(List.of(
                "--data", data.toString(), "--batch-seconds", "0", "--error-rate", "0", "--missing-tag-rate", "0"));
        // The last value of an option counts.
        for (int i = 0; i < options.length; i++) {
            int known = all.indexOf(options[i]);
            if (known >= 0) {
                all.subList(known, known + 2).clear();
            }
        }
        all.addAll(List.of(options));
        return new Client(Simulator.start(all.toArray(String[]::new)), all.contains("azure"));
    }

    public Simulator simulator() {
        return simulator;
    }

    public HttpRequest.Builder request(String path) {
        String root = azure && path.startsWith("/v1") ? "/openai" : "";
        return HttpRequest.newBuilder(URI.create(simulator.baseUrl() + root + path))
                .timeout(Duration.ofSeconds(30))
                .header(azure ? "api-key" : "Authorization", azure ? "sk-simulator" : "Bearer sk-simulator");
    }

    public Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
        return new Reply(response.statusCode(), response);
    }

    public Reply get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    public Reply delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    public Reply post(String path, String json) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    public Reply uploadAs(String purpose, String filename, String content) throws IOException, InterruptedException {
        return upload(Map.of("purpose", purpose), filename, content);
    }

    public Reply upload(Map<String, String> fields, String filename, String content)
            throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder();
        new TreeMap<>(fields)
                .forEach((name, value) -> body.append("--xyz\r\nContent-Disposition: form-data; name=\"")
                        .append(name)
                        .append("\"\r\n\r\n")
                        .append(value)
                        .append("\r\n"));
        body.append("--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
                .append(filename)
                .append("\"\r\nContent-Type: application/jsonl\r\n\r\n")
                .append(content)
                .append("\r\n--xyz--\r\n");
        return send(request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=xyz")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    /// Uploads lines for a batch and returns the file's ID.
    public String file(String... lines) throws IOException, InterruptedException {
        Reply reply = uploadAs("batch", "input.jsonl", String.join("\n", lines) + "\n");
        return reply.json().path("id").stringValue();
    }

    public Reply create(String file, Map<String, String> metadata) throws IOException, InterruptedException {
        return create(file, CHAT, metadata);
    }

    public Reply create(String file, String endpoint, Map<String, String> metadata)
            throws IOException, InterruptedException {
        return post("/v1/batches", createBody(file, endpoint, metadata).toString());
    }

    public static ObjectNode createBody(String file, String endpoint, Map<String, String> metadata) {
        ObjectNode body = Json.object()
                .put("input_file_id", file)
                .put("endpoint", endpoint)
                .put("completion_window", "24h");
        body.set("metadata", Json.MAPPER.valueToTree(metadata));
        return body;
    }

    /// Uploads, creates and settles; returns the ended batch.
    public JsonNode run(String... lines) throws IOException, InterruptedException {
        String endpoint = lines.length > 0 && lines[0].contains(RESPONSES) ? RESPONSES : CHAT;
        String id = create(file(lines), endpoint, Map.of()).json().path("id").stringValue();
        settle();
        return batch(id);
    }

    public JsonNode batch(String id) throws IOException, InterruptedException {
        return get("/v1/batches/" + id).json();
    }

    public void settle() throws IOException, InterruptedException {
        post("/_simulator/settle", "{}");
    }

    public void faults(String... rules) throws IOException, InterruptedException {
        Reply reply = post("/_simulator/faults", "[" + String.join(",", rules) + "]");
        if (reply.status() != 200) {
            throw new IllegalArgumentException(reply.response().body());
        }
    }

    /// The lines of one of a batch's files; none if the batch has no such file.
    public List<String> lines(JsonNode batch, String member) throws IOException, InterruptedException {
        String id = batch.path(member).asString("");
        return id.isEmpty()
                ? List.of()
                : get("/v1/files/" + id + "/content").response().body().lines().toList();
    }

    public ArrayNode output(JsonNode batch) throws IOException, InterruptedException {
        return parsed(lines(batch, "output_file_id"));
    }

    public ArrayNode errors(JsonNode batch) throws IOException, InterruptedException {
        return parsed(lines(batch, "error_file_id"));
    }

    private static ArrayNode parsed(List<String> lines) {
        ArrayNode parsed = Json.MAPPER.createArrayNode();
        lines.forEach(line -> parsed.add(Json.MAPPER.readTree(line)));
        return parsed;
    }

    public List<JsonNode> journal(String operation) throws IOException, InterruptedException {
        return get("/_simulator/journal")
                .response()
                .body()
                .lines()
                .map(Json.MAPPER::readTree)
                .filter(line -> line.path("op").asString("").equals(operation))
                .toList();
    }

    /// A request line for chat completions; `more` is added to the body.
    public static String chat(String customId, String model, String prompt, String more) {
        return "{\"custom_id\":\"" + customId
                + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\""
                + model + "\",\"messages\":[{\"role\":\"user\",\"content\":"
                + Json.MAPPER.writeValueAsString(prompt) + "}]" + more + "}}";
    }

    public static String chat(String customId) {
        return chat(customId, "gpt-4.1", prompt("Text one of " + customId, "Text two of " + customId), "");
    }

    public static String responses(String customId, String model, String prompt, String more) {
        return "{\"custom_id\":\"" + customId
                + "\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":{\"model\":\"" + model + "\",\"input\":"
                + Json.MAPPER.writeValueAsString(prompt) + more + "}}";
    }

    /// `count` request lines with the custom_ids r1, r2, …
    public static String[] chats(int count) {
        return java.util.stream.IntStream.rangeClosed(1, count)
                .mapToObj(i -> chat("r" + i))
                .toArray(String[]::new);
    }

    public static String prompt(String first, String second) {
        return "You are a judge.\n\n### SAMPLE_1\n" + first + "\n\n### SAMPLE_2\n" + second
                + "\n\nAnswer with <BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE> or <BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>.";
    }

    @Override
    public void close() throws IOException {
        simulator.close();
    }
}
