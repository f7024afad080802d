package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Batch.Problem;
import io.pairbatch.chaos.provider.Course.End;
import io.pairbatch.chaos.provider.Judge.Fate;
import io.pairbatch.chaos.provider.Judge.Verdict;

/// Writes a request's result as Anthropic does: a line of a batch's results, or a live response.
final class AnthropicLines {

    private AnthropicLines() {}

    /// The line of a request that was processed.
    static Lines.Line line(Batch batch, Item item, Judge judge) {
        Dice ids = batch.dice().with(item.customId());
        Problem problem = item.problem();
        if (problem != null) {
            return errored(item, AnthropicErrors.json(problem.code(), problem.message()));
        }
        Course course = batch.course();
        if (course.end() == End.ALL_FAILED) {
            String type = course.code().endsWith("_error") ? course.code() : "api_error";
            return errored(
                    item,
                    AnthropicErrors.json(
                            type, course.message().isEmpty() ? "Internal server error" : course.message()));
        }
        Verdict verdict = item.verdict(judge);
        return switch (verdict.fate()) {
            case BAD_REQUEST -> errored(item, Trouble.BAD_REQUEST);
            case RATE_LIMITED -> errored(item, Trouble.RATE_LIMIT);
            case SERVER_ERROR -> errored(item, Trouble.SERVER_ERROR);
            case TIMED_OUT -> errored(item, Trouble.OVERLOADED);
            case WON, UNTAGGED, REFUSED, CUT ->
                result(
                        item,
                        Json.object()
                                .put("type", "succeeded")
                                .raw("message", message(ids, item, verdict))
                                .end());
        };
    }

    /// The line of a request that was never processed.
    static Lines.Line unreached(Item item, boolean expired) {
        return result(
                item,
                Json.object().put("type", expired ? "expired" : "canceled").end());
    }

    private static Lines.Line errored(Item item, Trouble trouble) {
        return errored(item, Json.text(AnthropicErrors.words(trouble).body()));
    }

    private static Lines.Line errored(Item item, String error) {
        return result(
                item, Json.object().put("type", "errored").raw("error", error).end());
    }

    private static Lines.Line result(Item item, String result) {
        return new Lines.Line(
                item.customId(),
                Json.object()
                        .put("custom_id", item.customId())
                        .raw("result", result)
                        .end());
    }

    /// The model's answer.
    static String message(Dice ids, Item item, Verdict verdict) {
        boolean refused = verdict.fate() == Fate.REFUSED;
        Json json = Json.object()
                .put("id", "msg_01" + ids.with("message").letters(22))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", item.model())
                .openList("content");
        if (!refused) {
            json.open().put("type", "text").put("text", verdict.text()).close();
        }
        json.closeList()
                .put("stop_reason", refused ? "refusal" : verdict.fate() == Fate.CUT ? "max_tokens" : "end_turn")
                .putNull("stop_sequence");
        return json.open("usage")
                .put("input_tokens", verdict.input())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", verdict.output())
                .put("service_tier", "batch")
                .close()
                .end();
    }
}
