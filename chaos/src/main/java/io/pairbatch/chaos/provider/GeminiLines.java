package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Batch.Problem;
import io.pairbatch.chaos.provider.Course.End;
import io.pairbatch.chaos.provider.Judge.Fate;
import io.pairbatch.chaos.provider.Judge.Verdict;

/// Writes a request's result as Google does: a line of the responses file, or a live response.
final class GeminiLines {

    private GeminiLines() {}

    /// The line of a request that was processed.
    static Lines.Line line(Batch batch, Item item, Judge judge) {
        Problem problem = item.problem();
        if (problem != null) {
            return failed(item, GeminiErrors.json(400, problem.message(), problem.code()));
        }
        Verdict verdict = item.verdict(judge);
        Fate fate = batch.course().end() == End.ALL_FAILED ? Fate.SERVER_ERROR : verdict.fate();
        return switch (fate) {
            case BAD_REQUEST ->
                failed(item, GeminiErrors.json(400, "Request contains an invalid argument.", GeminiErrors.INVALID));
            case RATE_LIMITED ->
                failed(item, GeminiErrors.json(429, "Resource has been exhausted.", "RESOURCE_EXHAUSTED"));
            // As users report it: the code is gRPC's, and there is no status (python-genai #1341).
            case SERVER_ERROR ->
                failed(
                        item,
                        Json.object()
                                .put("code", 13)
                                .put("message", "An internal error has occurred.")
                                .end());
            case TIMED_OUT -> failed(item, GeminiErrors.json(504, "Deadline expired.", "DEADLINE_EXCEEDED"));
            case WON, UNTAGGED, REFUSED, CUT ->
                line(item, "response", response(batch.dice().with(item.customId()), item, verdict));
        };
    }

    /// The answer to a request that was sent inline.
    static String inline(Batch batch, Item item, Judge judge) {
        String line = line(batch, item, judge).text();
        String key = Json.object().put("key", item.customId()).end();
        // `{"key":"k","response":…}` without its first member.
        return "{" + line.substring(key.length());
    }

    private static Lines.Line failed(Item item, String error) {
        return line(item, "error", error);
    }

    private static Lines.Line line(Item item, String member, String json) {
        return new Lines.Line(
                item.customId(),
                Json.object().put("key", item.customId()).raw(member, json).end());
    }

    /// The model's answer: a blocked prompt has no candidates.
    static String response(Dice ids, Item item, Verdict verdict) {
        boolean refused = verdict.fate() == Fate.REFUSED;
        long input = verdict.input();
        long output = refused ? 0 : verdict.output();
        Json json = Json.object();
        if (refused && verdict.dice().with("blocked").below(2) == 0) {
            json.open("promptFeedback").put("blockReason", "PROHIBITED_CONTENT").close();
        } else {
            json.openList("candidates").open().open("content");
            if (!refused) {
                json.openList("parts")
                        .open()
                        .put("text", verdict.text())
                        .close()
                        .closeList();
            }
            json.put("role", "model")
                    .close()
                    .put("finishReason", refused ? "SAFETY" : verdict.fate() == Fate.CUT ? "MAX_TOKENS" : "STOP")
                    .put("index", 0)
                    .close()
                    .closeList();
        }
        return json.open("usageMetadata")
                .put("promptTokenCount", input)
                .put("candidatesTokenCount", output)
                .put("totalTokenCount", input + output)
                .close()
                .put("modelVersion", item.model())
                .put("responseId", ids.with("response").letters(22))
                .end();
    }
}
