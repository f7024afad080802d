package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Batch.Problem;
import io.pairbatch.chaos.provider.Batch.Stage;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A batch as OpenAI shows it.
final class OpenAiView {

    private final Lies lies;
    private final Judge judge;

    OpenAiView(Lies lies, Judge judge) {
        this.lies = lies;
        this.judge = judge;
    }

    /// @param output the output file; null if there is none
    /// @param errors the error file; null if there is none
    String json(Batch batch, Instant now, @Nullable String output, @Nullable String errors) {
        Instant at = lies.tells(Lie.EARLIER, batch, now) ? batch.createdAt() : now;
        Stage stage = batch.stage(at);
        boolean results = stage.ended() && !lies.tells(Lie.NO_OUTPUT, batch, at);
        Batch.Origin origin = batch.origin();
        Json json = Json.object()
                .put("id", batch.id())
                .put("object", "batch")
                .put("endpoint", origin.endpoint())
                .put("model", stage == Stage.VALIDATING ? null : origin.model());
        problems(json, batch, stage);
        json.put("input_file_id", origin.fileId())
                .put("completion_window", "24h")
                .put("status", word(stage))
                .put("output_file_id", results ? output : null)
                .put("error_file_id", results ? errors : null)
                .put("created_at", batch.createdAt().getEpochSecond())
                .putTime("in_progress_at", reached(batch.validatedAt(), at, stage == Stage.FAILED))
                .put("expires_at", batch.expiresAt().getEpochSecond())
                .putTime("finalizing_at", reached(batch.finalizingAt(), at, stage == Stage.FAILED));
        for (Stage end : new Stage[] {Stage.COMPLETED, Stage.FAILED, Stage.EXPIRED, Stage.CANCELLED}) {
            json.putTime(word(end) + "_at", stage == end ? batch.endsAt().getEpochSecond() : -1);
        }
        Instant cancelled = batch.cancelledAt();
        json.putTime("cancelling_at", cancelled == null ? -1 : cancelled.getEpochSecond());
        counts(json, batch, at, stage);
        metadata(json, origin);
        return json.end();
    }

    private static long reached(Instant time, Instant at, boolean failed) {
        return failed || at.isBefore(time) ? -1 : time.getEpochSecond();
    }

    private static String word(Stage stage) {
        return stage == Stage.RUNNING ? "in_progress" : stage.name().toLowerCase(Locale.ROOT);
    }

    private static void problems(Json json, Batch batch, Stage stage) {
        if (stage != Stage.FAILED) {
            json.putNull("errors");
            return;
        }
        json.open("errors").put("object", "list").openList("data");
        for (Problem problem : batch.problems()) {
            json.open()
                    .put("code", problem.code())
                    .put("message", problem.message())
                    .put("param", problem.param())
                    .putTime("line", problem.line() > 0 ? problem.line() : -1)
                    .close();
        }
        if (batch.problems().isEmpty()) {
            String code = batch.course().code().isEmpty()
                    ? "server_error"
                    : batch.course().code();
            String message = batch.course().message();
            json.open()
                    .put("code", code)
                    .put("message", message.isEmpty() ? "The batch failed: " + code + "." : message)
                    .putNull("param")
                    .putNull("line")
                    .close();
        }
        json.closeList().close();
    }

    private void counts(Json json, Batch batch, Instant at, Stage stage) {
        boolean none = stage == Stage.VALIDATING || stage == Stage.FAILED || lies.tells(Lie.NO_COUNTS, batch, at);
        int completed = 0;
        int failed = 0;
        if (!none) {
            for (Item item : batch.executed(at)) {
                if (batch.answered(item, judge)) {
                    completed++;
                } else {
                    failed++;
                }
            }
            failed += stage.ended() ? batch.unreached().size() : 0;
        }
        json.open("request_counts")
                .put("total", none ? 0 : batch.items().size())
                .put("completed", completed)
                .put("failed", failed)
                .close();
    }

    private static void metadata(Json json, Batch.Origin origin) {
        if (origin.metadata() == null) {
            json.putNull("metadata");
            return;
        }
        json.open("metadata");
        origin.metadata().forEach(json::entry);
        json.close();
    }
}
