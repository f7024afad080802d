package io.pairbatch.chaos.provider;

import org.jspecify.annotations.Nullable;

/// OpenAI's errors: `{"error":{message,type,param,code}}`.
final class OpenAiErrors {

    private static final String INVALID = "invalid_request_error";

    private OpenAiErrors() {}

    static Answer error(int status, String message, String type, @Nullable String param, @Nullable String code) {
        return Answer.json(
                status,
                Json.object()
                        .open("error")
                        .put("message", message)
                        .put("type", type)
                        .put("param", param)
                        .put("code", code)
                        .close()
                        .endBytes());
    }

    static Refusal invalid(String message, @Nullable String param, @Nullable String code) {
        return new Refusal(error(400, message, INVALID, param, code));
    }

    static Refusal missing(String param) {
        return invalid("Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
    }

    static Refusal unknownParameter(String param) {
        return invalid("Unknown parameter: '" + param + "'.", param, "unknown_parameter");
    }

    static Refusal invalidValue(String param, String value) {
        return invalid("Invalid value: '" + value + "'.", param, "invalid_value");
    }

    static Answer notFound(String message, @Nullable String param) {
        return error(404, message, INVALID, param, null);
    }

    static Answer noBatch(String id) {
        return notFound("No batch found with id '" + id + "'.", null);
    }

    static Answer noFile(String id) {
        return notFound("No such File object: " + id, "id");
    }

    static Answer words(Trouble trouble) {
        return switch (trouble) {
            case BAD_REQUEST -> error(400, "The request was refused.", INVALID, null, null);
            case BAD_KEY ->
                error(
                        401,
                        "Incorrect API key provided: sk-*****. You can find your API key at https://platform.openai.com/account/api-keys.",
                        INVALID,
                        null,
                        "invalid_api_key");
            case NO_PERMISSION ->
                error(
                        403,
                        "You have insufficient permissions for this operation. Missing scopes: api.batch.read.",
                        INVALID,
                        null,
                        "missing_scope");
            case NO_CREDIT ->
                error(
                        429,
                        "You exceeded your current quota, please check your plan and billing details.",
                        "insufficient_quota",
                        null,
                        "insufficient_quota");
            case SPENDING_CAP ->
                error(
                        429,
                        "Billing hard limit has been reached.",
                        "billing_limit_user_error",
                        null,
                        "billing_hard_limit_reached");
            case NOT_FOUND -> notFound("Not found.", null);
            case CONFLICT ->
                error(409, "The resource is being changed by another request.", "conflict_error", null, null);
            case TOO_LARGE -> error(413, "Request too large.", INVALID, null, null);
            case RATE_LIMIT -> error(429, "Rate limit reached for requests.", "requests", null, "rate_limit_exceeded");
            case TIMEOUT -> error(408, "Request timed out.", "timeout", null, null);
            case SERVER_ERROR ->
                error(
                        500,
                        "The server had an error while processing your request. Sorry about that!",
                        "server_error",
                        null,
                        null);
            case OVERLOADED ->
                error(503, "The engine is currently overloaded, please try again later.", "server_error", null, null);
        };
    }
}
