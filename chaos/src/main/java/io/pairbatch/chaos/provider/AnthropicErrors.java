package io.pairbatch.chaos.provider;

/// Anthropic's errors: `{"type":"error","error":{type,message},"request_id"}`.
final class AnthropicErrors {

    private static final String INVALID = "invalid_request_error";

    private AnthropicErrors() {}

    static Answer error(int status, String type, String message) {
        return Answer.json(status, Json.utf8(json(type, message)));
    }

    /// The error as it appears in a body and in a line of results.
    static String json(String type, String message) {
        return Json.object()
                .put("type", "error")
                .open("error")
                .put("type", type)
                .put("message", message)
                .close()
                .putNull("request_id")
                .end();
    }

    static Refusal invalid(String message) {
        return new Refusal(error(400, INVALID, message));
    }

    static Answer noBatch(String id) {
        return error(404, "not_found_error", "Message Batch " + id + " not found.");
    }

    static Answer noResults(String id) {
        return error(404, "not_found_error", "Message Batch " + id + " has no available results.");
    }

    static Answer words(Trouble trouble) {
        return switch (trouble) {
            case BAD_REQUEST -> error(400, INVALID, "The request was refused.");
            case BAD_KEY -> error(401, "authentication_error", "invalid x-api-key");
            case NO_PERMISSION ->
                error(403, "permission_error", "Your API key does not have permission to use this resource.");
            case NO_CREDIT ->
                error(
                        400,
                        INVALID,
                        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.");
            case SPENDING_CAP ->
                error(429, "rate_limit_error", "This request would exceed your workspace's monthly spend limit.");
            case NOT_FOUND -> error(404, "not_found_error", "Not found");
            case CONFLICT -> error(409, "conflict_error", "The resource is being changed.");
            case TOO_LARGE -> error(413, "request_too_large", "Request exceeds the maximum size");
            case RATE_LIMIT -> error(429, "rate_limit_error", "This request would exceed your rate limit.");
            case TIMEOUT -> error(504, "timeout_error", "The request timed out.");
            case SERVER_ERROR -> error(500, "api_error", "Internal server error");
            case OVERLOADED -> error(529, "overloaded_error", "Overloaded");
        };
    }
}
