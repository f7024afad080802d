package io.pairbatch.provider.openai;

import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an HTTP error of OpenAI means (https://platform.openai.com/docs/guides/error-codes).
final class OpenAiErrors {

    /// With an error body these say that nothing was created; every other status leaves a create in doubt.
    private static final Set<Integer> DEFINITE = Set.of(400, 401, 403, 404, 413, 422, 429);

    private static final Set<Integer> TRANSIENT = Set.of(408, 409, 425, 429, 500, 502, 503, 504, 529);
    /// A 429 that no waiting mends: the account has no credit.
    private static final Set<String> NO_CREDIT = Set.of("insufficient_quota", "billing_hard_limit_reached");

    private static final int LONGEST_MESSAGE = 500;

    private OpenAiErrors() {}

    static boolean isDefinite(int status) {
        return DEFINITE.contains(status);
    }

    static boolean isTransient(int status, RefusedException refused) {
        return (TRANSIENT.contains(status) || status >= 500) && refused.kind() != Kind.KEY;
    }

    static boolean hasError(byte[] body, JsonMapper json) {
        return error(body, json).isObject();
    }

    static RefusedException read(int status, byte[] body, JsonMapper json) {
        JsonNode error = error(body, json);
        String code = error.path("code").asString("");
        if (code.isEmpty()) {
            code = error.path("type").asString("");
        }
        String message = error.path("message").asString("");
        if (message.isEmpty()) {
            message = new String(body, 0, Math.min(body.length, LONGEST_MESSAGE), StandardCharsets.UTF_8);
        }
        String shortened = message.substring(0, Math.min(message.length(), LONGEST_MESSAGE));
        return new RefusedException(
                kind(status, code, error.isObject()), status, code.isEmpty() ? null : code, masked(shortened));
    }

    /// OpenAI repeats a refused key in its message, starred in the middle; its ends are nobody's business either.
    private static String masked(String message) {
        return message.replaceAll("(provided: )\\S+", "$1***");
    }

    private static Kind kind(int status, String code, boolean ownWords) {
        if (status == 401 || status == 403 || NO_CREDIT.contains(code)) {
            return Kind.KEY;
        }
        return switch (status) {
            case 404 -> ownWords ? Kind.NOT_FOUND : Kind.REQUEST;
            case 429 -> Kind.LATER;
            default -> Kind.REQUEST;
        };
    }

    private static JsonNode error(byte[] body, JsonMapper json) {
        try {
            return json.readTree(body).path("error");
        } catch (JacksonException e) {
            return json.missingNode();
        }
    }

    /// `Retry-After` in seconds or as a date; zero when there is none.
    static Duration retryAfter(HttpHeaders headers) {
        String value = headers.firstValue("retry-after").orElse("0").strip();
        try {
            return Duration.ofMillis(Math.max(0, Math.round(Double.parseDouble(value) * 1000)));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration until = Duration.between(Instant.now(), date);
                return until.isNegative() ? Duration.ZERO : until;
            } catch (DateTimeParseException notADate) {
                return Duration.ZERO;
            }
        }
    }
}
