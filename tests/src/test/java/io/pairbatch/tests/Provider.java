package io.pairbatch.tests;

import io.pairbatch.backend.Backend;
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
import tools.jackson.databind.node.ObjectNode;

/// The simulated provider: we set its faults, and its journal shows what was paid.
///
/// @param baseUrl of the simulator
record Provider(URI baseUrl, Path journal) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /// IDs of the batches that were created for a job, in order of creation.
    List<String> batchesOf(String jobId) {
        return entries("create")
                .filter(e -> isOf(jobId, e))
                .map(e -> (e.path("api").asString("").equals("gemini") ? "batches/" : "")
                        + e.path("id").asString(""))
                .toList();
    }

    /// What identifies a batch's job differs between providers.
    private static boolean isOf(String jobId, JsonNode entry) {
        String token = jobId.substring(jobId.length() - 8);
        return switch (entry.path("api").asString("")) {
            case "anthropic" -> entry.path("custom_id").asString("").startsWith(token + "-");
            case "gemini" -> entry.path("display_name").asString("").contains(token + "-");
            default -> jobId.equals(entry.path("metadata").path("pairbatch_job").asString(""));
        };
    }

    long uploads() {
        return entries("upload").count();
    }

    long uploadsOf(String jobId) {
        return entries("upload")
                .filter(e -> (e.path("filename").asString("")
                                + e.path("display_name").asString(""))
                        .startsWith(jobId + "-"))
                .count();
    }

    /// How often a fault hit a batch, or a create, whose metadata has `value` under `key`.
    long faultsOf(String key, String value) {
        return entries("fault")
                .filter(e -> value.equals(e.path("metadata").path(key).asString("")))
                .count();
    }

    /// How often a fault hit a batch of this job.
    long faultsOf(String jobId) {
        return entries("fault").filter(e -> isOf(jobId, withName(e))).count();
    }

    private static JsonNode withName(JsonNode fault) {
        return ((ObjectNode) fault)
                .put("display_name", fault.path("metadata").path("display_name").asString(""));
    }

    /// The HTTP statuses of the live requests for one model, answered or refused.
    List<Integer> liveRequestsFor(String model) {
        return entries("live")
                .filter(e -> e.path("model").asString("").equals(model))
                .map(e -> e.path("status").asInt(0))
                .toList();
    }

    /// Cancels one of OpenAI's batches, as its owner can on the provider's site.
    void cancel(String batchId, String key) {
        post("/v1/batches/" + batchId + "/cancel", "", "Authorization", "Bearer " + key);
    }

    long cancels() {
        return entries("cancel").count();
    }

    /// Creates other people's batches.
    void plant(String wish) {
        post("/_simulator/foreign-batch", wish);
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

    /// A fault rule that hits only one job: each provider lists something else of it.
    ///
    /// @param fault without the conditions that restrict it to the job
    /// @param name what the job's metadata have under `case`, if the provider supports metadata
    static String rule(Backend backend, String fault, String name, String token) {
        String narrowed = switch (backend) {
            case OPENAI -> "\"metadata\": {\"case\": \"" + name + "\"}";
            case ANTHROPIC -> "\"custom_id_prefix\": \"" + token + "-\"";
            case GEMINI -> "\"display_name_prefix\": \"pairbatch " + token + "-\"";
        };
        return "{\"api\": \"" + backend.code() + "\", " + fault + ", " + narrowed + "}";
    }

    /// Replaces the fault rules (a JSON list; see the simulator's README).
    void faults(String rules) {
        post("/_simulator/faults", rules);
    }

    private void post(String path, String json, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(baseUrl.resolve(path)).POST(BodyPublishers.ofString(json));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
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
