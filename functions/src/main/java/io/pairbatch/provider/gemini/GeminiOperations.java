package io.pairbatch.provider.gemini;

import static io.pairbatch.provider.AnswerJson.textAt;
import static io.pairbatch.provider.AnswerJson.textOrNull;
import static io.pairbatch.text.JsonWalk.members;

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

/// Reads a batch in Gemini's form, a long-running operation (https://ai.google.dev/api/batch-api). It is streamed,
/// since somebody else's batch that was sent inline holds all its answers, twice.
final class GeminiOperations {

    /// What stands before our token in a batch's display name.
    private static final String OURS = "pairbatch ";

    private static final String INLINE = "inlinedResponses";

    private GeminiOperations() {}

    /// The display name by which a batch is recognized.
    static String displayName(String token) {
        return OURS + token;
    }

    /// The operation whose `{` has just been read, up to its `}`. Without metadata it has no creation time.
    static BatchStatus read(JsonParser json) {
        Draft draft = new Draft();
        for (String name : members(json)) {
            switch (name) {
                case "name" -> draft.name = textOrNull(json);
                case "id" -> draft.id = textOrNull(json);
                case "state" -> draft.outerState = textOrNull(json);
                case "done" -> draft.done = json.currentToken() == JsonToken.VALUE_TRUE;
                case "metadata" -> readMetadata(json, draft);
                case "response" -> {
                    draft.responded = json.currentToken() == JsonToken.START_OBJECT;
                    draft.responsesFile = readOutput(json, draft, draft.responsesFile);
                }
                case "error" -> readError(json, draft);
            }
        }
        return draft.status();
    }

    private static void readMetadata(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "state" -> draft.state = textOrNull(json);
                case "displayName" -> draft.displayName = textOrNull(json);
                case "createTime" -> draft.createdAt = instant(textOrNull(json));
                case "inputConfig" -> draft.inputFile = fileName(json, "fileName", draft.inputFile);
                case "output" -> draft.output = readOutput(json, draft, draft.output);
                case "batchStats" -> readCounts(json, draft);
            }
        }
    }

    private static void readCounts(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "requestCount" -> draft.total = number(json);
                case "successfulRequestCount" -> draft.succeeded = number(json);
                case "failedRequestCount" -> draft.failed = number(json);
            }
        }
    }

    private static void readError(JsonParser json, Draft draft) {
        draft.erroneous |= json.currentToken() == JsonToken.START_OBJECT;
        for (String name : members(json)) {
            switch (name) {
                case "code" -> draft.errorCode = json.currentToken().isScalarValue() ? json.getString() : null;
                case "status" -> draft.errorStatus = textOrNull(json);
                case "message" -> draft.errorMessage = textOrNull(json);
            }
        }
    }

    /// The name of the file of answers; notes where they stand in the batch itself.
    private static @Nullable String readOutput(JsonParser json, Draft draft, @Nullable String known) {
        String file = known;
        for (String name : members(json)) {
            switch (name) {
                case "responsesFile" -> {
                    String given = textOrNull(json);
                    file = given == null || given.isEmpty() ? file : given;
                }
                case INLINE -> draft.inline |= isList(json);
            }
        }
        return file;
    }

    /// A list, or an object that holds one under the same name.
    private static boolean isList(JsonParser json) {
        boolean list = json.currentToken() == JsonToken.START_ARRAY;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            for (String name : members(json)) {
                list |= name.equals(INLINE) && json.currentToken() == JsonToken.START_ARRAY;
            }
        }
        return list;
    }

    private static @Nullable String fileName(JsonParser json, String field, @Nullable String known) {
        String name = textAt(json, field);
        return name == null || name.isEmpty() ? known : name;
    }

    /// A 64-bit number, which Google's JSON holds as a string; 0 for anything else.
    private static long number(JsonParser json) {
        try {
            return Math.max(0, Long.parseLong(json.getString()));
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

        boolean inline;
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
                    file(batchId),
                    null,
                    errorStatus != null ? errorStatus : errorCode,
                    errorMessage,
                    createdAt,
                    known == null ? Map.of() : Map.of(BatchProvider.TOKEN, known));
        }

        /// Answers that stand in the batch itself have its name.
        private @Nullable String file(@Nullable String batchId) {
            String file = responsesFile != null ? responsesFile : output;
            return file == null && inline ? batchId : file;
        }

        /// A batch that failed before any of its requests ran is read like a refused create: the cause may lie outside
        /// its requests.
        private BatchState refusal(BatchState state) {
            boolean answered = succeeded > 0 || responsesFile != null || output != null || inline;
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

        /// The state without `BATCH_STATE_` (on the wire) or `JOB_STATE_` (in the documents). An operation without a
        /// state still says whether it is done.
        private String word() {
            String given = state != null ? state : outerState;
            if (given != null && !given.isEmpty()) {
                return given.toUpperCase(Locale.ROOT).replaceFirst("^(BATCH|JOB)_STATE_", "");
            }
            return !done ? "UNSPECIFIED" : erroneous ? "FAILED" : responded ? "SUCCEEDED" : "UNSPECIFIED";
        }

        /// An unknown state counts as running: ending the batch would lose its answers.
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
