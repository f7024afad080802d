package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Batch.Problem;
import io.pairbatch.chaos.provider.Batch.Stage;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A batch as Google shows it: an operation.
final class GeminiView {

    static final String DISPLAY_NAME = "display_name";
    private static final String TYPES = "type.googleapis.com/google.ai.generativelanguage.v1main.";

    /// The gRPC codes for the reasons why a batch fails, which other providers name differently.
    private static final Map<String, Integer> CODES = Map.of(
            "token_limit_exceeded", 8, "RESOURCE_EXHAUSTED", 8, "file_not_found", 5, "billing_hard_limit_reached", 9);

    private final Lies lies;
    private final Judge judge;

    GeminiView(Lies lies, Judge judge) {
        this.lies = lies;
        this.judge = judge;
    }

    /// @param responses the file of a batch that succeeded; null for none
    String json(Batch batch, Instant now, String responses) {
        Instant at = lies.tells(Lie.EARLIER, batch, now) ? batch.createdAt() : now;
        Stage stage = batch.stage(at);
        boolean succeeded = stage == Stage.COMPLETED;
        String output = succeeded && !lies.tells(Lie.NO_OUTPUT, batch, at) ? responses : null;
        String updated = (stage.ended() ? batch.endsAt() : batch.createdAt()).toString();
        Json json = Json.object()
                .put("name", batch.id())
                .open("metadata")
                .put("@type", TYPES + "GenerateContentBatch")
                .put("model", "models/" + batch.origin().model())
                .put("displayName", batch.metadata().getOrDefault(DISPLAY_NAME, ""));
        if (output != null) {
            output(json.open("output"), batch, output);
            json.close();
        }
        json.open("inputConfig")
                .put("fileName", batch.fileId())
                .close()
                .put("createTime", batch.createdAt().toString());
        if (stage.ended()) {
            json.put("endTime", updated);
        }
        json.put("updateTime", updated).open("batchStats");
        counts(json, batch, at);
        json.close().put("state", state(stage)).put("name", batch.id()).close();
        if (stage.ended()) {
            json.put("done", true);
            end(json, batch, stage, output);
        }
        return json.end();
    }

    /// The answers to requests that were sent inline stand in the batch, in their order and without a key.
    private void output(Json json, Batch batch, String responses) {
        if (!batch.fileId().isEmpty()) {
            json.put("responsesFile", responses);
            return;
        }
        json.open("inlinedResponses").openList("inlinedResponses");
        for (Item item : batch.items()) {
            json.item(GeminiLines.inline(batch, item, judge));
        }
        json.closeList().close();
    }

    private static String state(Stage stage) {
        return switch (stage) {
            case VALIDATING -> "BATCH_STATE_PENDING";
            case RUNNING, FINALIZING, CANCELLING -> "BATCH_STATE_RUNNING";
            case COMPLETED -> "BATCH_STATE_SUCCEEDED";
            case FAILED -> "BATCH_STATE_FAILED";
            case EXPIRED -> "BATCH_STATE_EXPIRED";
            case CANCELLED -> "BATCH_STATE_CANCELLED";
        };
    }

    /// Counts are strings, as protobuf's JSON has 64-bit integers; zeros are left out.
    private void counts(Json json, Batch batch, Instant at) {
        if (lies.tells(Lie.NO_COUNTS, batch, at)) {
            return;
        }
        int succeeded = 0;
        int failed = 0;
        for (Item item : batch.executed(at)) {
            if (batch.answered(item, judge)) {
                succeeded++;
            } else {
                failed++;
            }
        }
        int total = batch.items().size();
        put(json, "requestCount", total);
        put(json, "successfulRequestCount", succeeded);
        put(json, "failedRequestCount", failed);
        put(json, "pendingRequestCount", total - succeeded - failed);
    }

    private static void put(Json json, String name, int count) {
        if (count > 0) {
            json.put(name, Integer.toString(count));
        }
    }

    private void end(Json json, Batch batch, Stage stage, @Nullable String output) {
        switch (stage) {
            case COMPLETED -> {
                json.open("response").put("@type", TYPES + "GenerateContentBatchOutput");
                if (output != null) {
                    output(json, batch, output);
                }
                json.close();
            }
            case FAILED -> {
                Problem problem = batch.problems().isEmpty()
                        ? new Problem(batch.course().code(), batch.course().message(), null, 0)
                        : batch.problems().getFirst();
                String message = problem.message();
                error(
                        json,
                        CODES.getOrDefault(problem.code(), 13),
                        message.isEmpty() ? "An internal error has occurred." : message);
            }
            case CANCELLED -> error(json, 1, "The operation was cancelled.");
            case EXPIRED -> error(json, 4, "The batch expired before all of its requests were processed.");
            case VALIDATING, RUNNING, FINALIZING, CANCELLING -> {}
        }
    }

    private static void error(Json json, int code, String message) {
        json.open("error").put("code", code).put("message", message).close();
    }
}
