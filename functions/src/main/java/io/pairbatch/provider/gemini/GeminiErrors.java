package io.pairbatch.provider.gemini;

import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.http.ErrorBody;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an HTTP error of Gemini means: `{"error":{"code","message","status","details"}}`
/// (https://ai.google.dev/gemini-api/docs/troubleshooting, https://google.aip.dev/193).
final class GeminiErrors implements ErrorBody {

    /// Comes with status 400.
    private static final String BAD_KEY = "API_KEY_INVALID";

    /// The account's own spending cap is reached, or what was paid in advance is used up.
    private static final List<String> NO_MONEY = List.of("spending cap", "credits are depleted");

    private static final String PRECONDITION = "FAILED_PRECONDITION";

    /// What a batch failed for, by the rules of a refused request. The operation names it by a word or by its number of
    /// gRPC (https://grpc.io/docs/guides/status-codes/), and has no HTTP status.
    static Kind ofBatch(@Nullable String word, @Nullable String number, @Nullable String message) {
        String code = word == null ? Objects.requireNonNullElse(number, "") : word;
        Said said = new Said(code, Objects.requireNonNullElse(message, ""));
        GeminiErrors errors = new GeminiErrors();
        return switch (code) {
            case "RESOURCE_EXHAUSTED", "8" -> errors.ownKind(429, said);
            case PRECONDITION, "9" -> errors.ownKind(400, new Said(PRECONDITION, said.message()));
            case "PERMISSION_DENIED", "7" -> errors.ownKind(403, said);
            case "NOT_FOUND", "5" -> errors.ownKind(404, said);
            default -> Kind.REQUEST;
        };
    }

    @Override
    public @Nullable Said read(JsonNode body) {
        // Some of Google's front ends wrap the object in a list.
        JsonNode error = (body.isArray() ? body.path(0) : body).path("error");
        if (!error.isObject()) {
            return null;
        }
        String code = badKey(error) ? BAD_KEY : error.path("status").asString("");
        return new Said(code, masked(error.path("message").asString("")));
    }

    private static boolean badKey(JsonNode error) {
        return error.path("details")
                .valueStream()
                .anyMatch(detail -> detail.path("reason").asString("").equals(BAD_KEY));
    }

    /// A suspended consumer is named by its key.
    private static String masked(String message) {
        return message.replaceAll("(api_key:)[^'\"\\s]+", "$1***").replaceAll("AIza[0-9A-Za-z_-]{8,}", "***");
    }

    /// A failed precondition concerns the account (its billing or its country), and only another key helps, unless it
    /// concerns a file that is not ready yet. A missing file is answered with 403 and an unknown model with 404: the
    /// first says nothing about the key, the second nothing about the file or the batch.
    @Override
    public Kind ownKind(int status, Said said) {
        String code = said.code();
        String message = said.message();
        if (Objects.equals(code, PRECONDITION)) {
            return message.contains("ACTIVE") ? Kind.LATER : Kind.KEY;
        }
        return switch (status) {
            case 400 -> Objects.equals(code, BAD_KEY) ? Kind.KEY : Kind.REQUEST;
            case 401 -> Kind.KEY;
            case 403 -> message.contains("access the File") ? Kind.NOT_FOUND : Kind.KEY;
            case 404 -> message.contains("models/") ? Kind.REQUEST : Kind.NOT_FOUND;
            // These are reported like a quota, but waiting for hours does not help.
            case 429 -> NO_MONEY.stream().anyMatch(message::contains) ? Kind.KEY : Kind.LATER;
            default -> Kind.REQUEST;
        };
    }
}
