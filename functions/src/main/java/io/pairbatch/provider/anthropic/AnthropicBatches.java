package io.pairbatch.provider.anthropic;

import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Reads Anthropic's message batch.
final class AnthropicBatches {

    private AnthropicBatches() {}

    /// Until the batch has ended, every request is counted in `processing`; the sum is always the number of requests.
    static BatchStatus status(JsonNode batch) {
        String id = batch.path("id").asString("");
        String status = batch.path("processing_status").asString("");
        JsonNode counts = batch.path("request_counts");
        long succeeded = count(counts, "succeeded");
        long failed = count(counts, "errored") + count(counts, "canceled") + count(counts, "expired");
        BatchState state = state(status);
        boolean archived = !batch.path("archived_at").asString("").isEmpty();
        boolean results = state == BatchState.COMPLETED
                || !batch.path("results_url").asString("").isEmpty();
        return new BatchStatus(
                id,
                archived ? BatchState.FAILED : state,
                archived ? "archived" : status,
                count(counts, "processing") + succeeded + failed,
                succeeded,
                failed,
                null,
                results && !archived ? id : null,
                null,
                archived ? "archived" : null,
                archived ? "the provider no longer keeps the results of this batch" : null,
                time(batch.path("created_at")),
                Map.of());
    }

    /// `ended` is the only end that the API documents, after a cancellation and at the expiry too; contract 5 has three
    /// more words. An unknown one counts as running: ending the batch would lose its answers.
    private static BatchState state(String status) {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "ended" -> BatchState.COMPLETED;
            case "errored" -> BatchState.FAILED;
            case "canceled" -> BatchState.CANCELLED;
            case "expired" -> BatchState.EXPIRED;
            case "in_progress", "canceling" -> BatchState.RUNNING;
            default -> BatchState.RUNNING;
        };
    }

    private static long count(JsonNode counts, String name) {
        return Math.max(0, counts.path(name).asLong(0));
    }

    /// RFC 3339, or seconds since 1970; the epoch when it is neither.
    private static Instant time(JsonNode node) {
        if (node.isNumber()) {
            return Instant.ofEpochSecond(node.asLong(0));
        }
        try {
            return OffsetDateTime.parse(node.asString("")).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
