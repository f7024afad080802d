package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.http.ApiError;
import io.pairbatch.simulator.store.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An error response in OpenAI's format: the HTTP status and the members of the `error` object.
public record OpenAiError(
        int status,
        String message,
        String type,
        @Nullable String param,
        @Nullable String code) implements ApiError {

    public static OpenAiError invalid(String message, @Nullable String param, @Nullable String code) {
        return new OpenAiError(400, message, "invalid_request_error", param, code);
    }

    static OpenAiError notFound(String message, @Nullable String param) {
        return new OpenAiError(404, message, "invalid_request_error", param, null);
    }

    /// From an error response, `{"error":{message,type,param,code}}`.
    static OpenAiError of(int status, JsonNode body) {
        JsonNode error = body.path("error");
        return new OpenAiError(
                status,
                Json.text(error, "message", ""),
                Json.text(error, "type", ""),
                error.path("param").isString() ? error.path("param").stringValue() : null,
                error.path("code").isString() ? error.path("code").stringValue() : null);
    }

    /// The service's usual error with this status, for reasons outside the request.
    static OpenAiError outage(int status) {
        return switch (status) {
            case 401 ->
                new OpenAiError(401, "Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key");
            case 403 ->
                new OpenAiError(
                        403,
                        "You have insufficient permissions for this operation. Missing scopes: api.batch.read.",
                        "invalid_request_error",
                        null,
                        "missing_scope");
            case 408 -> new OpenAiError(408, "Request timed out.", "timeout", null, null);
            case 409 ->
                new OpenAiError(409, "The resource is being changed by another request.", "conflict_error", null, null);
            case 429 ->
                new OpenAiError(429, "Rate limit reached for requests.", "requests", null, "rate_limit_exceeded");
            case 503 ->
                new OpenAiError(
                        503, "The engine is currently overloaded, please try again later.", "server_error", null, null);
            default ->
                new OpenAiError(
                        status,
                        status < 500
                                ? "The request was refused."
                                : "The server had an error while processing your request. Sorry about that!",
                        status < 500 ? "invalid_request_error" : "server_error",
                        null,
                        null);
        };
    }

    /// `{"error":{message,type,param,code}}`
    @Override
    public ObjectNode body(String requestId) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return body;
    }
}
