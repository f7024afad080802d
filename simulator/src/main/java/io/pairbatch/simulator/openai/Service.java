package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.store.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The services with OpenAI's API, and how Azure differs (https://github.com/MicrosoftDocs/azure-ai-docs,
/// `foundry/openai/includes/how-to-batch-content`, 2026-03-19, and `batch/batch-rest`, 2026-08-14).
public enum Service {
    OPENAI("/v1", "Bearer ", 50_000),
    AZURE("/openai/v1", "", 100_000);

    /// In seconds. Azure's files do not expire unless the upload sets a lifetime.
    static final long SHORTEST_AZURE_LIFE = 14L * 24 * 3600;

    private static final List<String> TIMES = List.of(
            "created_at",
            "in_progress_at",
            "finalizing_at",
            "completed_at",
            "failed_at",
            "expired_at",
            "cancelling_at",
            "cancelled_at");

    /// OpenAI's validation codes that have another name in Azure.
    private static final Map<String, String> AZURE_CODES = Map.of(
            "invalid_url", "url_mismatch",
            "mismatched_model", "model_mismatch",
            "invalid_method", "invalid_request",
            "invalid_type", "invalid_request",
            "missing_required_parameter", "invalid_request");

    private final String root;
    private final String keyPrefix;
    private final int requests;

    Service(String root, String keyPrefix, int requests) {
        this.root = root;
        this.keyPrefix = keyPrefix;
        this.requests = requests;
    }

    /// The root path of the API.
    String root() {
        return root;
    }

    boolean azure() {
        return this == AZURE;
    }

    String keyHeader() {
        return azure() ? "api-key" : "Authorization";
    }

    String keyPrefix() {
        return keyPrefix;
    }

    /// The maximum number of requests per batch.
    int requests() {
        return requests;
    }

    /// The error for a live request with an unknown model.
    OpenAiError noSuchModel(String model) {
        return azure()
                ? new OpenAiError(
                        404,
                        "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.",
                        "",
                        null,
                        "DeploymentNotFound")
                : new OpenAiError(
                        404,
                        "The model `" + model + "` does not exist or you do not have access to it.",
                        "invalid_request_error",
                        null,
                        "model_not_found");
    }

    String code(String code) {
        return azure() ? AZURE_CODES.getOrDefault(code, code) : code;
    }

    /// A batch in the service's format. In Azure, times are strings, statuses are capitalised, counts are null until
    /// the requests are counted, and `expires_at` is null because a batch does not expire.
    ObjectNode dressed(ObjectNode view) {
        if (!azure()) {
            return view;
        }
        String status = Json.text(view, "status", "");
        if (!status.isEmpty()) {
            view.put("status", Character.toUpperCase(status.charAt(0)) + status.substring(1));
        }
        for (String time : TIMES) {
            JsonNode seconds = view.path(time);
            if (seconds.isNumber()) {
                view.put(time, Instant.ofEpochSecond(seconds.longValue()).toString());
            }
        }
        view.putNull("expires_at");
        if (view.path("request_counts").path("total").longValue(0) == 0) {
            view.putNull("request_counts");
        }
        return view;
    }
}
