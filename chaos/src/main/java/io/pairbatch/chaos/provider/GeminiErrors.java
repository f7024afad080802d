package io.pairbatch.chaos.provider;

/// Google's errors: `{"error":{code,message,status,details}}`.
final class GeminiErrors {

    static final String INVALID = "INVALID_ARGUMENT";
    static final String NOT_FOUND = "NOT_FOUND";

    private GeminiErrors() {}

    static Answer error(int status, String message, String word) {
        return Answer.json(
                status, Json.object().raw("error", json(status, message, word)).endBytes());
    }

    /// The error as it appears in a body and in a line of results.
    static String json(int code, String message, String word) {
        return Json.object()
                .put("code", code)
                .put("message", message)
                .put("status", word)
                .end();
    }

    static Refusal invalid(String message) {
        return new Refusal(error(400, message, INVALID));
    }

    static Answer notFound() {
        return error(404, "Requested entity was not found.", NOT_FOUND);
    }

    static Answer noModel(String model) {
        return error(
                404,
                "models/" + model
                        + " is not found for API version v1beta, or is not supported for batchGenerateContent.",
                NOT_FOUND);
    }

    /// Google does not distinguish a deleted file from another user's file.
    static Answer noFile(String id) {
        return error(
                403,
                "You do not have permission to access the File " + id + " or it may not exist.",
                "PERMISSION_DENIED");
    }

    /// A request without a key.
    static Answer unregistered() {
        return error(
                403,
                "Method doesn't allow unregistered callers. Please use API Key or other form of API consumer identity.",
                "PERMISSION_DENIED");
    }

    private static Answer badKey() {
        Json json = Json.object()
                .open("error")
                .put("code", 400)
                .put("message", "API key not valid. Please pass a valid API key.")
                .put("status", INVALID)
                .openList("details")
                .open()
                .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                .put("reason", "API_KEY_INVALID")
                .put("domain", "googleapis.com")
                .close()
                .closeList()
                .close();
        return Answer.json(400, json.endBytes());
    }

    static Answer words(Trouble trouble) {
        return switch (trouble) {
            case BAD_REQUEST -> error(400, "Request contains an invalid argument.", INVALID);
            case BAD_KEY -> badKey();
            case NO_PERMISSION -> error(403, "The caller does not have permission", "PERMISSION_DENIED");
            case NO_CREDIT ->
                error(
                        400,
                        "Gemini API free tier is not available in your country. Please enable billing on your project.",
                        "FAILED_PRECONDITION");
            case SPENDING_CAP -> error(429, "Your project has exceeded its spending cap.", "RESOURCE_EXHAUSTED");
            case NOT_FOUND -> notFound();
            case CONFLICT -> error(409, "The operation was aborted.", "ABORTED");
            case TOO_LARGE -> error(413, "Request payload size exceeds the limit.", INVALID);
            case RATE_LIMIT -> error(429, "Resource has been exhausted (e.g. check quota).", "RESOURCE_EXHAUSTED");
            case TIMEOUT -> error(504, "Deadline expired before operation could complete.", "DEADLINE_EXCEEDED");
            case SERVER_ERROR -> error(500, "An internal error has occurred. Please retry.", "INTERNAL");
            case OVERLOADED -> error(503, "The model is overloaded. Please try again later.", "UNAVAILABLE");
        };
    }
}
