package io.pairbatch.provider.openai;

import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Reads a service's batch object. Services differ in more than their documents say, so each field may be null, of
/// another kind or missing.
///
/// @param service says where each field is
record OpenAiBatches(OpenAiService service) {

    /// OpenAI's word for too many enqueued tokens: the batch was created, but nothing of it runs.
    private static final String NO_ROOM = "token_limit_exceeded";

    private static final JsonPointer CODE = JsonPointer.compile("/code");
    private static final JsonPointer MESSAGE = JsonPointer.compile("/message");
    private static final JsonPointer STATUS = JsonPointer.compile("/status");

    BatchStatus status(JsonNode batch) {
        OpenAiService.Fields fields = service.fields();
        String status = Objects.requireNonNullElse(text(batch, STATUS), "");
        JsonNode error = error(batch);
        String errorCode = text(error, CODE);
        String output = text(batch, fields.outputFile());
        long completed = count(batch, fields.completed());
        BatchState state = state(status);
        long failed = count(batch, fields.failed());
        String errorFile = text(batch, fields.errorFile());
        String message = error.isString() ? error.stringValue() : text(error, MESSAGE);
        if (state == BatchState.FAILED && completed == 0 && output == null) {
            state = refusal(errorCode, message, failed == 0 && errorFile == null);
        }
        Map<String, String> metadata = new HashMap<>();
        batch.path("metadata")
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asString("")));
        return new BatchStatus(
                id(batch),
                state,
                status,
                count(batch, fields.total()),
                completed,
                failed,
                text(batch, fields.inputFile()),
                output,
                errorFile,
                errorCode,
                message,
                time(batch.path("created_at")),
                metadata);
    }

    /// What a batch that failed without an answer was refused for.
    ///
    /// @param untouched whether none of its requests was run
    private static BatchState refusal(@Nullable String code, @Nullable String message, boolean untouched) {
        if (NO_ROOM.equals(code)) {
            return BatchState.NO_ROOM;
        }
        if (untouched && OpenAiErrors.isNoCredit(code)) {
            return BatchState.NO_CREDIT;
        }
        return untouched && OpenAiErrors.isNoInput(code, message) ? BatchState.NO_FILE : BatchState.FAILED;
    }

    /// Empty when there is none.
    static String id(JsonNode batch) {
        return batch.path("id").asString("");
    }

    /// An unknown status counts as running: ending the batch would lose its answers.
    private BatchState state(String status) {
        String word = status.toLowerCase(Locale.ROOT);
        String british = word.equals("canceled") ? "cancelled" : word;
        return service.states().getOrDefault(british, BatchState.RUNNING);
    }

    /// The first error of the batch as a whole, whichever way it is written.
    private JsonNode error(JsonNode batch) {
        return service.fields().errors().stream()
                .map(batch::at)
                .filter(error -> error.isObject()
                        || (error.isString() && !error.stringValue().isEmpty()))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /// A string; null, absent and empty are all absent (an all-failed batch has an empty output file id).
    private static @Nullable String text(JsonNode node, JsonPointer path) {
        String value = node.at(path).asString("");
        return value.isEmpty() ? null : value;
    }

    /// A count, which some write as a string and some as null.
    private static long count(JsonNode node, JsonPointer path) {
        return Math.max(0, node.at(path).asLong(0));
    }

    /// Seconds since 1970 or RFC 3339; 1970 when it is neither. A time without an offset is UTC.
    static Instant time(JsonNode node) {
        if (node.isNumber()) {
            return Instant.ofEpochSecond(node.asLong(0));
        }
        String text = node.asString("").strip();
        try {
            if (text.matches("\\d{1,11}")) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
