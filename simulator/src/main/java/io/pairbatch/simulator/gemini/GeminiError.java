package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.http.ApiError;
import io.pairbatch.simulator.store.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An error response in Google's format.
///
/// @param reason the name of the status, as in `INVALID_ARGUMENT`
/// @param details null for none
record GeminiError(
        int status, String message, String reason, @Nullable ArrayNode details) implements ApiError {

    private static final String TYPES = "type.googleapis.com/google.rpc.";

    static GeminiError invalid(String message) {
        return new GeminiError(400, message, "INVALID_ARGUMENT", null);
    }

    static GeminiError notFound(String message) {
        return new GeminiError(404, message, "NOT_FOUND", null);
    }

    /// @param method the method that was called on the model
    static GeminiError noSuchModel(String model, String method) {
        return notFound("models/" + model + " is not found for API version v1beta, or is not supported for " + method
                + ". Call ModelService.ListModels to see the list of available models and their supported methods.");
    }

    /// From the error of a line, `{code, message[, status]}`; without a status, the code is gRPC's: internal error.
    static GeminiError of(JsonNode error) {
        GeminiError usual = outage(error.has("status") ? error.path("code").intValue() : 500);
        return new GeminiError(
                usual.status(),
                Json.text(error, "message", usual.message()),
                Json.text(error, "status", usual.reason()),
                usual.details());
    }

    /// A quota is used up.
    static GeminiError exhausted(String message) {
        ArrayNode details = Json.MAPPER.createArrayNode();
        details.addObject()
                .put("@type", TYPES + "Help")
                .putArray("links")
                .addObject()
                .put("description", "Learn more about Gemini API quotas")
                .put("url", "https://ai.google.dev/gemini-api/docs/rate-limits");
        return new GeminiError(429, message, "RESOURCE_EXHAUSTED", details);
    }

    /// A body that does not match its message type.
    static GeminiError misfits(List<ProtoTable.Misfit> misfits) {
        ArrayNode details = Json.MAPPER.createArrayNode();
        ArrayNode violations =
                details.addObject().put("@type", TYPES + "BadRequest").putArray("fieldViolations");
        for (ProtoTable.Misfit misfit : misfits) {
            ObjectNode violation = violations.addObject();
            if (!misfit.path().isEmpty()) {
                violation.put("field", misfit.path());
            }
            violation.put("description", describe(misfit));
        }
        String message =
                String.join("\n", misfits.stream().map(GeminiError::describe).toList());
        return new GeminiError(400, message, "INVALID_ARGUMENT", details);
    }

    private static String describe(ProtoTable.Misfit misfit) {
        return switch (misfit) {
            case ProtoTable.UnknownName unknown ->
                "Invalid JSON payload received. Unknown name \"" + unknown.name() + "\""
                        + (unknown.path().isEmpty() ? "" : " at '" + unknown.path() + "'") + ": Cannot find field.";
            case ProtoTable.InvalidValue invalid ->
                "Invalid value at '" + invalid.path() + "' (" + invalid.type() + "), "
                        + shortened(invalid.value().toString());
        };
    }

    private static String shortened(String value) {
        return value.length() <= 100 ? value : value.substring(0, 100) + "...";
    }

    /// A request without a key.
    static GeminiError unregistered() {
        return new GeminiError(
                403,
                "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
                "PERMISSION_DENIED",
                null);
    }

    /// An unknown key, which Google answers with 400.
    static GeminiError wrongKey() {
        ArrayNode details = Json.MAPPER.createArrayNode();
        details.addObject()
                .put("@type", TYPES + "ErrorInfo")
                .put("reason", "API_KEY_INVALID")
                .put("domain", "googleapis.com")
                .putObject("metadata")
                .put("service", "generativelanguage.googleapis.com");
        details.addObject()
                .put("@type", TYPES + "LocalizedMessage")
                .put("locale", "en-US")
                .put("message", "API key not valid. Please pass a valid API key.");
        return new GeminiError(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT", details);
    }

    /// The service's usual error with this status, for reasons outside the request.
    static GeminiError outage(int status) {
        return switch (status) {
            case 400 -> invalid("Request contains an invalid argument.");
            case 401 ->
                new GeminiError(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED", null);
            case 403 -> new GeminiError(403, "The caller does not have permission", "PERMISSION_DENIED", null);
            case 404 -> notFound("Requested entity was not found.");
            case 408, 504 ->
                new GeminiError(status, "Deadline expired before operation could complete.", "DEADLINE_EXCEEDED", null);
            case 409 -> new GeminiError(409, "The operation was aborted.", "ABORTED", null);
            case 416 -> new GeminiError(416, "The requested range cannot be satisfied.", "OUT_OF_RANGE", null);
            case 429 -> exhausted("Resource has been exhausted (e.g. check quota).");
            case 503 -> new GeminiError(503, "The model is overloaded. Please try again later.", "UNAVAILABLE", null);
            default ->
                status < 500
                        ? new GeminiError(status, "The request was refused.", "FAILED_PRECONDITION", null)
                        : new GeminiError(
                                status,
                                "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
                                "INTERNAL",
                                null);
        };
    }

    /// `{code,message,status[,details]}`
    ObjectNode json() {
        ObjectNode error =
                Json.object().put("code", status).put("message", message).put("status", reason);
        if (details != null) {
            error.set("details", (JsonNode) details);
        }
        return error;
    }

    /// `{"error":{…}}`
    @Override
    public ObjectNode body(String requestId) {
        ObjectNode body = Json.object();
        body.set("error", json());
        return body;
    }
}
