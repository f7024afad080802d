package io.pairbatch.provider.gemini;

import static io.pairbatch.provider.AnswerJson.textOrNull;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads a batch as Gemini tells of it: a long-running operation (https://ai.google.dev/api/batch-api). It is streamed,
/// since a batch of somebody else that was sent inline holds all its answers, twice.
final class GeminiOperations {

    /// What stands before our token in a batch's display name.
    private static final String OURS = "pairbatch ";

    private GeminiOperations() {}

    /// The display name by which a batch is known again.
    static String displayName(String token) {
        return OURS + token;
    }

    static BatchStatus gone(String batchId) {
        return new BatchStatus(
                batchId, BatchState.GONE, "NOT_FOUND", 0, 0, 0, null, null, null, null, null, Instant.EPOCH, Map.of());
    }

    /// The operation whose `{` has just been read, up to its `}`. An operation without metadata has no creation time
    /// and the id that it has.
    static BatchStatus read(JsonParser json) {
        Draft draft = new Draft();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "name" -> draft.name = textOrNull(json, value);
                case "id" -> draft.id = textOrNull(json, value);
                case "state" -> draft.outerState = textOrNull(json, value);
                case "done" -> draft.done = value == JsonToken.VALUE_TRUE;
                case "metadata" -> readMetadata(json, value, draft);
                case "response" -> {
                    draft.responded = value == JsonToken.START_OBJECT;
                    draft.responsesFile = responsesFile(json, value, draft.responsesFile);
                }
                case "error" -> readError(json, value, draft);
                default -> json.skipChildren();
            }
        }
        return draft.status();
    }

    private static void readMetadata(JsonParser json, JsonToken value, Draft draft) {
        if (!enters(json, value)) {
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "state" -> draft.state = textOrNull(json, inner);
                case "displayName" -> draft.displayName = textOrNull(json, inner);
                case "createTime" -> draft.createdAt = instant(textOrNull(json, inner));
                case "inputConfig" -> draft.inputFile = fieldOf(json, inner, "fileName", draft.inputFile);
                case "output" -> draft.output = responsesFile(json, inner, draft.output);
                case "batchStats" -> readCounts(json, inner, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readCounts(JsonParser json, JsonToken value, Draft draft) {
        if (!enters(json, value)) {
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "requestCount" -> draft.total = number(json, inner);
                case "successfulRequestCount" -> draft.succeeded = number(json, inner);
                case "failedRequestCount" -> draft.failed = number(json, inner);
                default -> json.skipChildren();
            }
        }
    }

    private static void readError(JsonParser json, JsonToken value, Draft draft) {
        if (!enters(json, value)) {
            return;
        }
        draft.erroneous = true;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "code" -> draft.errorCode = inner.isScalarValue() ? json.getString() : skipped(json);
                case "status" -> draft.errorStatus = textOrNull(json, inner);
                case "message" -> draft.errorMessage = textOrNull(json, inner);
                default -> json.skipChildren();
            }
        }
    }

    private static @Nullable String responsesFile(JsonParser json, JsonToken value, @Nullable String known) {
        return fieldOf(json, value, "responsesFile", known);
    }

    private static @Nullable String fieldOf(JsonParser json, JsonToken value, String field, @Nullable String known) {
        if (!enters(json, value)) {
            return known;
        }
        String found = known;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean here = json.currentName().equals(field);
            JsonToken inner = json.nextToken();
            String text = here ? textOrNull(json, inner) : skipped(json);
            found = text == null || text.isEmpty() ? found : text;
        }
        return found;
    }

    private static boolean enters(JsonParser json, JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
        }
        return value == JsonToken.START_OBJECT;
    }

    private static @Nullable String skipped(JsonParser json) {
        json.skipChildren();
        return null;
    }

    /// A 64-bit number, which JSON of Google's holds as a string; 0 for anything else.
    private static long number(JsonParser json, JsonToken value) {
        if (!value.isScalarValue()) {
            json.skipChildren();
            return 0;
        }
        try {
            return Math.max(0, Long.parseLong(String.valueOf(json.getString())));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Instant instant(@Nullable String time) {
        try {
            return time == null ? Instant.EPOCH : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static final class Draft {
        @Nullable
        String name;

        @Nullable
        String id;

        @Nullable
        String outerState;

        @Nullable
        String state;

        @Nullable
        String displayName;

        @Nullable
        String inputFile;

        @Nullable
        String output;

        @Nullable
        String responsesFile;

        @Nullable
        String errorCode;

        @Nullable
        String errorStatus;

        @Nullable
        String errorMessage;

        boolean done;
        boolean responded;
        boolean erroneous;
        long total;
        long succeeded;
        long failed;
        Instant createdAt = Instant.EPOCH;

        BatchStatus status() {
            String word = word();
            String known =
                    displayName != null && displayName.startsWith(OURS) ? displayName.substring(OURS.length()) : null;
            String batchId = name == null || name.isEmpty() ? id : name;
            return new BatchStatus(
                    batchId == null ? "" : batchId,
                    refusal(state(word)),
                    word,
                    total,
                    succeeded,
                    failed,
                    inputFile,
                    responsesFile != null ? responsesFile : output,
                    null,
                    errorStatus != null ? errorStatus : errorCode,
                    errorMessage,
                    createdAt,
                    known == null ? Map.of() : Map.of(BatchProvider.TOKEN, known));
        }

        /// A batch that failed before anything of it ran is read as a refused create is: what it was refused for may
        /// be none of its requests' doing.
        private BatchState refusal(BatchState state) {
            boolean answered = succeeded > 0 || responsesFile != null || output != null;
            if (state != BatchState.FAILED || answered) {
                return state;
            }
            RefusedException.Kind kind = GeminiErrors.ofBatch(errorStatus, errorCode, errorMessage);
            return switch (kind) {
                case LATER -> BatchState.NO_ROOM;
                case KEY -> failed == 0 ? BatchState.NO_CREDIT : state;
                case NOT_FOUND -> failed == 0 ? BatchState.NO_FILE : state;
                case REQUEST -> state;
            };
        }

        /// The state without `BATCH_STATE_` (on the wire) or `JOB_STATE_` (in the documents). An operation that names
        /// none says by itself whether it is done.
        private String word() {
            String given = state != null ? state : outerState;
            if (given != null && !given.isEmpty()) {
                return given.toUpperCase(Locale.ROOT).replaceFirst("^(BATCH|JOB)_STATE_", "");
            }
            return !done ? "UNSPECIFIED" : erroneous ? "FAILED" : responded ? "SUCCEEDED" : "UNSPECIFIED";
        }

        /// An unknown state is still running, since ending it would lose what it yields.
        private static BatchState state(String word) {
            return switch (word) {
                case "SUCCEEDED", "PARTIALLY_SUCCEEDED" -> BatchState.COMPLETED;
                case "FAILED" -> BatchState.FAILED;
                case "EXPIRED" -> BatchState.EXPIRED;
                case "CANCELLED" -> BatchState.CANCELLED;
                case "UNSPECIFIED", "QUEUED", "PENDING", "RUNNING", "CANCELLING", "PAUSED", "UPDATING" ->
                    BatchState.RUNNING;
                default -> BatchState.RUNNING;
            };
        }
    }
}
