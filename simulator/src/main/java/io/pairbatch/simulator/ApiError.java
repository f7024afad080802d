package io.pairbatch.simulator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A refusal in the provider's words: the HTTP status and the members of the `error` object.
record ApiError(
        int status,
        String message,
        String type,
        @Nullable String param,
        @Nullable String code) {

    static ApiError invalid(String message, @Nullable String param, @Nullable String code) {
        return new ApiError(400, message, "invalid_request_error", param, code);
    }

    static ApiError notFound(String message, @Nullable String param) {
        return new ApiError(404, message, "invalid_request_error", param, null);
    }

    /// What the service says when it answers this status without a reason in the request.
    static ApiError outage(int status) {
        return switch (status) {
            case 401 ->
                new ApiError(401, "Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key");
            case 403 ->
                new ApiError(
                        403,
                        "You have insufficient permissions for this operation. Missing scopes: api.batch.read.",
                        "invalid_request_error",
                        null,
                        "missing_scope");
            case 408 -> new ApiError(408, "Request timed out.", "timeout", null, null);
            case 409 ->
                new ApiError(409, "The resource is being changed by another request.", "conflict_error", null, null);
            case 429 -> new ApiError(429, "Rate limit reached for requests.", "requests", null, "rate_limit_exceeded");
            case 503 ->
                new ApiError(
                        503, "The engine is currently overloaded, please try again later.", "server_error", null, null);
            default ->
                new ApiError(
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
    ObjectNode body() {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return body;
    }

    RefusedException refused() {
        return new RefusedException(this);
    }
}
