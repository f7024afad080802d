package io.pairbatch.provider.openai;

import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads OpenAI's batch object.
final class OpenAiBatches {

    /// OpenAI's word for too many enqueued tokens: the batch was created, but nothing of it runs.
    private static final String NO_ROOM = "token_limit_exceeded";

    private OpenAiBatches() {}

    static BatchStatus status(JsonNode batch) {
        String status = batch.path("status").asString("");
        JsonNode counts = batch.path("request_counts");
        JsonNode error = batch.path("errors").path("data").path(0);
        BatchState state = state(status);
        boolean nothingRan = counts.path("completed").asLong(0) == 0 && text(batch, "output_file_id") == null;
        if (state == BatchState.FAILED && NO_ROOM.equals(text(error, "code")) && nothingRan) {
            state = BatchState.NO_ROOM;
        }
        Map<String, String> metadata = new HashMap<>();
        batch.path("metadata")
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asString("")));
        return new BatchStatus(
                batch.path("id").asString(""),
                state,
                status,
                counts.path("total").asLong(0),
                counts.path("completed").asLong(0),
                counts.path("failed").asLong(0),
                text(batch, "input_file_id"),
                text(batch, "output_file_id"),
                text(batch, "error_file_id"),
                text(error, "code"),
                text(error, "message"),
                Instant.ofEpochSecond(batch.path("created_at").asLong(0)),
                metadata);
    }

    static BatchStatus gone(String batchId) {
        return new BatchStatus(
                batchId, BatchState.GONE, "not_found", 0, 0, 0, null, null, null, null, null, Instant.EPOCH, Map.of());
    }

    /// Every documented status by name; an unknown one is still running, since ending it would lose what it yields.
    private static BatchState state(String status) {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "completed" -> BatchState.COMPLETED;
            case "failed" -> BatchState.FAILED;
            case "expired" -> BatchState.EXPIRED;
            case "cancelled" -> BatchState.CANCELLED;
            case "validating", "in_progress", "finalizing", "cancelling" -> BatchState.RUNNING;
            default -> BatchState.RUNNING;
        };
    }

    /// A string field; null, absent and empty are all absent (an all-failed batch has an empty output file id).
    private static @Nullable String text(JsonNode node, String field) {
        String value = node.path(field).asString("");
        return value.isEmpty() ? null : value;
    }
}
