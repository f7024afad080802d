package io.pairbatch.provider.openai;

import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.http.ErrorBody;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// What an HTTP error of OpenAI means (https://platform.openai.com/docs/guides/error-codes), or of a service like it.
///
/// @param place where the error stands in the body
record OpenAiErrors(JsonPointer place) implements ErrorBody {

    /// A 429 that no waiting mends: the account has no credit.
    private static final Set<String> NO_CREDIT = Set.of("insufficient_quota", "billing_hard_limit_reached");

    @Override
    public @Nullable Said read(JsonNode body) {
        JsonNode error = body.at(place);
        // Where the body itself is the error, any gateway's `{"detail": "Not Found"}` looks like one.
        JsonNode message = error.has("message") ? error.path("message") : error.path("detail");
        if (!error.isObject() || (place.matches() && !error.has("message") && !message.isArray())) {
            return null;
        }
        String code = error.path("code").asString("");
        if (code.isEmpty()) {
            code = error.path("type").asString("");
        }
        return new Said(
                code.isEmpty() ? null : code,
                masked(message.isContainer() ? message.toString() : message.asString("")));
    }

    /// OpenAI repeats a refused key in its message, starred in the middle; its ends are nobody's business either.
    private static String masked(String message) {
        return message.replaceAll("(provided: )\\S+", "$1***");
    }

    @Override
    public Kind kind(int status, @Nullable Said said) {
        String code = said == null ? null : said.code();
        if (status == 401 || status == 403 || (code != null && NO_CREDIT.contains(code))) {
            return Kind.KEY;
        }
        return switch (status) {
            case 404 -> said == null ? Kind.REQUEST : Kind.NOT_FOUND;
            case 429 -> Kind.LATER;
            default -> Kind.REQUEST;
        };
    }
}
