package io.pairbatch.provider.openai;

import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.http.ErrorBody;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// What an HTTP error of OpenAI means (https://platform.openai.com/docs/guides/error-codes), or of a service like it.
///
/// @param place where the error stands in the body
record OpenAiErrors(JsonPointer place) implements ErrorBody {

    /// A 429 that waiting does not cure: the account has no credit.
    private static final Set<String> NO_CREDIT =
            Set.of("insufficient_quota", "billing_hard_limit_reached", "billing_not_active");

    private static final Pattern NO_FILE = Pattern.compile("(?i)(cannot find|no such) file");

    /// A failed batch's words for an input that is not there. No reference lists them.
    private static final Set<String> NO_INPUT = Set.of("invalid_file_id", "file_not_found", "file_expired");

    private static final Pattern NO_INPUT_WORDS =
            Pattern.compile("(?i)(cannot find|no such) (input )?file|\\bfile\\b.*(not found|not be found|has expired)");

    /// Whether a batch or a request was refused for lack of credit.
    static boolean isNoCredit(@Nullable String code) {
        return code != null && NO_CREDIT.contains(code);
    }

    /// Whether a batch failed because its input file is not there, or not any more.
    static boolean isNoInput(@Nullable String code, @Nullable String message) {
        return (code != null && NO_INPUT.contains(code))
                || (message != null && NO_INPUT_WORDS.matcher(message).find());
    }

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
        return new Said(code, masked(message.isContainer() ? message.toString() : message.asString("")));
    }

    /// OpenAI repeats a refused key in its message, masked in the middle; its ends are masked here.
    private static String masked(String message) {
        return message.replaceAll("(provided: )\\S+", "$1***");
    }

    @Override
    public Kind ownKind(int status, Said said) {
        if (status == 401 || status == 403 || isNoCredit(said.code())) {
            return Kind.KEY;
        }
        return switch (status) {
            // An unknown input file is reported with either (community reports of 2025 and 2026).
            case 400 -> NO_FILE.matcher(said.message()).find() ? Kind.NOT_FOUND : Kind.REQUEST;
            case 404 -> Kind.NOT_FOUND;
            case 429 -> Kind.LATER;
            default -> Kind.REQUEST;
        };
    }
}
