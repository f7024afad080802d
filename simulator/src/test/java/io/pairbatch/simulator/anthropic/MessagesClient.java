package io.pairbatch.simulator.anthropic;

import io.pairbatch.simulator.Client;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A plain HTTP client of one simulator's Message Batches API; `control` is for the rest of the simulator.
public record MessagesClient(Client control) implements AutoCloseable {

    static final String PATH = "/v1/messages/batches";

    static MessagesClient start(Path data, String... options) throws IOException {
        return new MessagesClient(Client.start(data, options));
    }

    HttpRequest.Builder http(String path) {
        return HttpRequest.newBuilder(URI.create(control.simulator().baseUrl() + path))
                .timeout(Duration.ofSeconds(30))
                .header("x-api-key", "sk-simulator")
                .header("anthropic-version", "2023-06-01");
    }

    Client.Reply get(String path) throws IOException, InterruptedException {
        return control.send(http(PATH + path));
    }

    Client.Reply delete(String id) throws IOException, InterruptedException {
        return control.send(http(PATH + "/" + id).DELETE());
    }

    Client.Reply post(String path, String body) throws IOException, InterruptedException {
        return control.send(http(PATH + path).POST(BodyPublishers.ofString(body)));
    }

    Client.Reply create(String... requests) throws IOException, InterruptedException {
        return post("", "{\"requests\":[" + String.join(",", requests) + "]}");
    }

    /// Creates a batch and returns its ID.
    String open(String... requests) throws IOException, InterruptedException {
        return create(requests).json().path("id").stringValue();
    }

    /// Creates and settles; returns the ended batch.
    JsonNode run(String... requests) throws IOException, InterruptedException {
        String id = open(requests);
        control.settle();
        return batch(id);
    }

    JsonNode batch(String id) throws IOException, InterruptedException {
        return get("/" + id).json();
    }

    /// The lines of a batch's results, unparsed.
    List<String> lines(JsonNode batch) throws IOException, InterruptedException {
        return get("/" + batch.path("id").stringValue() + "/results")
                .response()
                .body()
                .lines()
                .toList();
    }

    /// The results, sorted by custom_id.
    List<JsonNode> results(JsonNode batch) throws IOException, InterruptedException {
        return lines(batch).stream()
                .map(Json.MAPPER::readTree)
                .sorted(Comparator.comparing(line -> line.path("custom_id").stringValue()))
                .toList();
    }

    /// A request with a prompt and 2,048 tokens, overridden by `params`; a null removes a member.
    public static String request(String customId, ObjectNode params, String prompt) {
        ObjectNode all = Json.object().put("max_tokens", 2048);
        all.putArray("messages").addObject().put("role", "user").put("content", prompt);
        params.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                all.remove(entry.getKey());
            } else {
                all.set(entry.getKey(), entry.getValue());
            }
        });
        return Json.object().put("custom_id", customId).set("params", all).toString();
    }

    public static String request(String customId) {
        return request(
                customId,
                Json.object().put("model", "claude-haiku-4-5"),
                Client.prompt("Text one of " + customId, "Text two of " + customId));
    }

    /// `count` requests with the custom_ids r1, r2, …
    static String[] requests(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> request("r" + i)).toArray(String[]::new);
    }

    @Override
    public void close() throws IOException {
        control.close();
    }
}
