package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Judge.Fate;
import io.pairbatch.chaos.provider.Judge.Verdict;

/// Writes a request's result as OpenAI does: a line of the output file or of the error file, or a live response.
final class OpenAiLines {

    private OpenAiLines() {}

    /// The line of a request that was processed.
    ///
    /// @param failed whether the request fails in any case
    static Lines.Line line(Batch batch, Item item, Judge judge, boolean failed) {
        Dice ids = batch.dice().with(item.customId());
        Batch.Problem problem = item.problem();
        if (problem != null) {
            return line(ids, item, 400, error(400, problem.message(), problem.code()));
        }
        Verdict verdict = item.verdict(judge);
        Fate fate = failed ? Fate.SERVER_ERROR : verdict.fate();
        return switch (fate) {
            case BAD_REQUEST -> line(ids, item, 400, error(400, "The prompt was refused.", "invalid_request_error"));
            case RATE_LIMITED -> line(ids, item, 429, text(OpenAiErrors.words(Trouble.RATE_LIMIT)));
            case SERVER_ERROR -> line(ids, item, 500, text(OpenAiErrors.words(Trouble.SERVER_ERROR)));
            case TIMED_OUT -> unanswered(ids, item, "request_timeout", "The underlying call to the model timed out.");
            case WON, UNTAGGED, REFUSED, CUT ->
                line(
                        ids,
                        item,
                        200,
                        body(
                                ids,
                                batch.origin().endpoint(),
                                item,
                                verdict,
                                batch.createdAt().getEpochSecond()));
        };
    }

    /// The line of a request that was never processed.
    static Lines.Line unreached(Batch batch, Item item, boolean expired) {
        return unanswered(
                batch.dice().with(item.customId()),
                item,
                expired ? "batch_expired" : "batch_cancelled",
                expired
                        ? "This request could not be executed before the completion window expired."
                        : "This request was not executed because the batch was cancelled.");
    }

    /// The model's answer.
    static String body(Dice ids, String endpoint, Item item, Verdict verdict, long created) {
        return endpoint.equals(OpenAiInput.CHAT)
                ? chat(ids, item, verdict, created)
                : response(ids, item, verdict, created);
    }

    private static String text(Answer answer) {
        return Json.text(answer.body());
    }

    private static String error(int status, String message, String type) {
        return text(OpenAiErrors.error(status, message, type, null, null));
    }

    private static Lines.Line line(Dice ids, Item item, int status, String body) {
        return new Lines.Line(
                item.customId(),
                Json.object()
                        .put("id", "batch_req_" + ids.with("line").hex(32))
                        .put("custom_id", item.customId())
                        .open("response")
                        .put("status_code", status)
                        .put("request_id", ids.with("request").hex(32))
                        .raw("body", body)
                        .close()
                        .putNull("error")
                        .end());
    }

    private static Lines.Line unanswered(Dice ids, Item item, String code, String message) {
        return new Lines.Line(
                item.customId(),
                Json.object()
                        .put("id", "batch_req_" + ids.with("line").hex(32))
                        .put("custom_id", item.customId())
                        .putNull("response")
                        .open("error")
                        .put("code", code)
                        .put("message", message)
                        .close()
                        .end());
    }

    private static String chat(Dice ids, Item item, Verdict verdict, long created) {
        boolean refused = verdict.fate() == Fate.REFUSED;
        long input = verdict.input();
        long output = verdict.output();
        return Json.object()
                .put("id", "chatcmpl-" + ids.with("chat").hex(29))
                .put("object", "chat.completion")
                .put("created", created)
                .put("model", item.model())
                .openList("choices")
                .open()
                .put("index", 0)
                .open("message")
                .put("role", "assistant")
                .put("content", refused ? null : verdict.text())
                .put("refusal", refused ? "I'm sorry, I can't help with that." : null)
                .openList("annotations")
                .closeList()
                .close()
                .putNull("logprobs")
                .put("finish_reason", verdict.fate() == Fate.CUT ? "length" : "stop")
                .close()
                .closeList()
                .open("usage")
                .put("prompt_tokens", input)
                .put("completion_tokens", output)
                .put("total_tokens", input + output)
                .open("prompt_tokens_details")
                .put("cached_tokens", 0)
                .close()
                .open("completion_tokens_details")
                .put("reasoning_tokens", 0)
                .close()
                .close()
                .put("service_tier", "default")
                .end();
    }

    private static String response(Dice ids, Item item, Verdict verdict, long created) {
        boolean cut = verdict.fate() == Fate.CUT;
        long input = verdict.input();
        long output = verdict.output();
        Json json = Json.object()
                .put("id", "resp_" + ids.with("response").hex(50))
                .put("object", "response")
                .put("created_at", created)
                .put("status", cut ? "incomplete" : "completed")
                .putNull("error");
        if (cut) {
            json.open("incomplete_details").put("reason", "max_output_tokens").close();
        } else {
            json.putNull("incomplete_details");
        }
        json.put("model", item.model())
                .openList("output")
                .open()
                .put("id", "msg_" + ids.with("message").hex(50))
                .put("type", "message")
                .put("status", cut ? "incomplete" : "completed")
                .openList("content")
                .open();
        if (verdict.fate() == Fate.REFUSED) {
            json.put("type", "refusal").put("refusal", "I'm sorry, I can't help with that.");
        } else {
            json.put("type", "output_text").openList("annotations").closeList().put("text", verdict.text());
        }
        return json.close()
                .closeList()
                .put("role", "assistant")
                .close()
                .closeList()
                .open("reasoning")
                .putNull("effort")
                .putNull("summary")
                .close()
                .open("usage")
                .put("input_tokens", input)
                .open("input_tokens_details")
                .put("cached_tokens", 0)
                .close()
                .put("output_tokens", output)
                .open("output_tokens_details")
                .put("reasoning_tokens", 0)
                .close()
                .put("total_tokens", input + output)
                .close()
                .end();
    }
}
