package io.pairbatch.simulator.anthropic;

import io.pairbatch.simulator.http.ApiError;
import io.pairbatch.simulator.store.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An error response in Anthropic's format (platform.claude.com/docs/en/api/errors).
///
/// @param retryAfter seconds after which a retry may succeed, or null
record AnthropicError(
        int status, String type, String message, @Nullable String retryAfter) implements ApiError {

    private static final List<Integer> STATUSES = List.of(400, 401, 402, 403, 404, 409, 413, 429, 500, 504, 529);

    static AnthropicError invalid(String message) {
        return new AnthropicError(400, "invalid_request_error", message, null);
    }

    static AnthropicError notFound(String message) {
        return new AnthropicError(404, "not_found_error", message, null);
    }

    /// From the error of a result, `{type, message}`; the type determines the status.
    static AnthropicError of(JsonNode error) {
        String type = Json.text(error, "type", "");
        int status = STATUSES.stream()
                .filter(one -> outage(one).type().equals(type))
                .findFirst()
                .orElse(500);
        return new AnthropicError(status, type, Json.text(error, "message", ""), null);
    }

    /// The service's usual error with this status, for reasons outside the request.
    static AnthropicError outage(int status) {
        return switch (status) {
            case 401 -> new AnthropicError(401, "authentication_error", "API key is invalid.", null);
            case 402 -> new AnthropicError(402, "billing_error", "Your credit balance is too low.", null);
            case 403 ->
                new AnthropicError(
                        403, "permission_error", "Your API key does not have permission to use this resource.", null);
            case 404 -> notFound("Not found");
            case 409 -> new AnthropicError(409, "conflict_error", "The resource is being changed.", null);
            case 413 -> new AnthropicError(413, "request_too_large", "Request exceeds the maximum size", null);
            case 429 -> new AnthropicError(429, "rate_limit_error", "This request would exceed your rate limit.", null);
            case 504 -> new AnthropicError(504, "timeout_error", "The request timed out.", null);
            case 529 -> new AnthropicError(529, "overloaded_error", "Overloaded", null);
            default ->
                status < 500
                        ? new AnthropicError(status, "invalid_request_error", "The request was refused.", null)
                        : new AnthropicError(status, "api_error", "Internal server error", null);
        };
    }

    /// `{type, error: {type, message}, request_id}`
    @Override
    public ObjectNode body(String requestId) {
        ObjectNode body = Json.object().put("type", "error");
        body.putObject("error").put("type", type).put("message", message);
        return body.put("request_id", requestId);
    }
}
