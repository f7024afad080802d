package io.pairbatch.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The simulated provider: its faults are ours to set, its journal says what was paid.
///
/// @param baseUrl of the simulator
record Provider(URI baseUrl, Path journal) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /// Ids of the batches that were created for a job, in order of creation.
    List<String> batchesOf(String jobId) {
        return entries("create")
                .filter(e ->
                        jobId.equals(e.path("metadata").path("pairbatch_job").asString("")))
                .map(e -> e.path("id").asString(""))
                .toList();
    }

    long uploads() {
        return entries("upload").count();
    }

    long uploadsOf(String jobId) {
        return entries("upload")
                .filter(e -> e.path("filename").asString("").startsWith(jobId + "-"))
                .count();
    }

    /// How often a fault struck a batch, or a create, whose metadata has `value` under `key`.
    long faultsOf(String key, String value) {
        return entries("fault")
                .filter(e -> value.equals(e.path("metadata").path(key).asString("")))
                .count();
    }

    private Stream<JsonNode> entries(String operation) {
        try {
            return Files.readAllLines(journal).stream()
                    .map(JSON::readTree)
                    .filter(e -> operation.equals(e.path("op").asString("")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Replaces the fault rules (a JSON list; see the simulator's README).
    void faults(String rules) {
        HttpRequest request = HttpRequest.newBuilder(baseUrl.resolve("/_simulator/faults"))
                .POST(BodyPublishers.ofString(rules))
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
