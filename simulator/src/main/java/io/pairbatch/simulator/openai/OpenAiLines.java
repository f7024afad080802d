package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.batch.ResultLine;
import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.judge.Judge;
import io.pairbatch.simulator.judge.PromptText;
import io.pairbatch.simulator.judge.Usage;
import io.pairbatch.simulator.store.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the result of one request: a line of the output file or of the error file.
final class OpenAiLines {

    private final OpenAiRules rules;
    private final Judge judge;

    OpenAiLines(OpenAiRules rules, Judge judge) {
        this.rules = rules;
        this.judge = judge;
    }

    /// All text of a body that the model reads.
    static String prompt(JsonNode body) {
        return PromptText.of(body.path("instructions"), body.path("messages"), body.path("input"));
    }

    /// A request that was never processed: cancelled or expired before its turn.
    ResultLine unreached(Dice ids, String customId, String code) {
        String message = code.equals("batch_expired")
                ? "This request could not be executed before the completion window expired."
                : "This request could not be executed because the batch was cancelled.";
        return withoutResponse(ids, customId, code, message, ResultLine.End.UNREACHED);
    }

    /// The line of a request that was processed.
    ///
    /// @param allFail whether the request fails in any case
    ResultLine answer(
            Dice ids, String customId, String endpoint, JsonNode body, long created, boolean allFail, Asked asked) {
        OpenAiRules.Family family = rules.family(Json.text(body, "model", "")).orElseThrow();
        OpenAiError refusal = rules.check(endpoint, body, family).orElse(null);
        if (refusal != null) {
            return refused(ids, customId, refusal);
        }
        String prompt = prompt(body);
        Judge.Verdict verdict = judge.judge(prompt, Json.text(body, "model", ""), asked, ids);
        Judge.Fate fate = allFail ? Judge.Fate.SERVER_ERROR : verdict.fate();
        return switch (fate) {
            case SERVER_ERROR -> refused(ids, customId, OpenAiError.outage(500));
            case RATE_LIMITED -> refused(ids, customId, OpenAiError.outage(429));
            case TIMED_OUT ->
                withoutResponse(
                        ids,
                        customId,
                        "request_timeout",
                        "The underlying call to the model timed out.",
                        ResultLine.End.FAILED);
            case ANSWERED, WITHOUT_TAG -> {
                Answer answer = compose(endpoint, body, family, prompt, verdict);
                ObjectNode json = endpoint.equals(OpenAiRules.CHAT)
                        ? chat(ids, body, created, answer)
                        : response(ids, body, created, answer, family);
                yield new ResultLine(line(ids, customId, 200, json), ResultLine.End.SUCCEEDED, answer.usage());
            }
        };
    }

    /// What the model said.
    ///
    /// @param text empty if the tokens ran out before the first word
    /// @param complete whether the text is not cut off
    private record Answer(String text, boolean complete, String effort, Usage usage) {}

    private Answer compose(
            String endpoint, JsonNode body, OpenAiRules.Family family, String prompt, Judge.Verdict verdict) {
        String text = verdict.answer();
        String effort = rules.effort(endpoint, body, family);
        long reasoning = effort.equals("none") ? 0 : verdict.thought();
        long said = Usage.tokens(text);
        long limit = Math.min(
                body.path("max_tokens").longValue(Long.MAX_VALUE),
                Math.min(
                        body.path("max_completion_tokens").longValue(Long.MAX_VALUE),
                        body.path("max_output_tokens").longValue(Long.MAX_VALUE)));
        boolean complete = reasoning + said <= limit;
        if (!complete) {
            reasoning = Math.min(reasoning, limit);
            said = limit - reasoning;
            text = text.substring(0, (int) Math.min(text.length(), said * 4));
        }
        long input = Usage.tokens(prompt);
        // The provider caches prompts of at least 1,024 tokens, in steps of 128.
        long cached = input >= 1024 && verdict.dice().with("cache").unit() < 0.3 ? 1024 : 0;
        return new Answer(text, complete, effort, new Usage(input, cached, reasoning + said, reasoning));
    }

    private ObjectNode chat(Dice ids, JsonNode body, long created, Answer answer) {
        ObjectNode json = Json.object()
                .put("id", "chatcmpl-" + ids.with("chat").hex(29))
                .put("object", "chat.completion")
                .put("created", created)
                .put("model", rules.snapshot(Json.text(body, "model", "")));
        ArrayNode choices = json.putArray("choices");
        for (int i = 0; i < body.path("n").intValue(1); i++) {
            ObjectNode choice = choices.addObject().put("index", i);
            choice.putObject("message")
                    .put("role", "assistant")
                    .put("content", answer.text())
                    .putNull("refusal")
                    .putArray("annotations");
            choice.putNull("logprobs").put("finish_reason", answer.complete() ? "stop" : "length");
        }
        json.set("usage", chatUsage(answer.usage()));
        return json.put("service_tier", "default").put("system_fingerprint", "fp_simulator");
    }

    private ObjectNode response(Dice ids, JsonNode body, long created, Answer answer, OpenAiRules.Family family) {
        ObjectNode json = Json.object()
                .put("id", "resp_" + ids.with("response").hex(50))
                .put("object", "response")
                .put("created_at", created)
                .put("status", answer.complete() ? "completed" : "incomplete")
                .put("background", false)
                .putNull("error");
        if (answer.complete()) {
            json.putNull("incomplete_details");
        } else {
            json.putObject("incomplete_details").put("reason", "max_output_tokens");
        }
        copy(body, json, "instructions", null);
        copy(body, json, "max_output_tokens", null);
        json.put("model", rules.snapshot(Json.text(body, "model", "")));
        json.set("output", output(ids, body, answer, family));
        json.put("parallel_tool_calls", true).putNull("previous_response_id");
        ObjectNode reasoning = json.putObject("reasoning");
        reasoning.put("effort", family.reasons() ? answer.effort() : null);
        copy(body.path("reasoning"), reasoning, "summary", null);
        json.put("service_tier", "default").put("store", true);
        copy(body, json, "temperature", Json.MAPPER.valueToTree(1.0));
        json.putObject("text").putObject("format").put("type", "text");
        json.put("tool_choice", "auto").putArray("tools");
        copy(body, json, "top_p", Json.MAPPER.valueToTree(1.0));
        json.put("truncation", "disabled");
        json.set("usage", responseUsage(answer.usage()));
        json.putNull("user").putObject("metadata");
        return json;
    }

    private static ArrayNode output(Dice ids, JsonNode body, Answer answer, OpenAiRules.Family family) {
        ArrayNode output = Json.MAPPER.createArrayNode();
        if (family.reasons() && answer.usage().reasoning() > 0) {
            ArrayNode summary = output.addObject()
                    .put("id", "rs_" + ids.with("reasoning").hex(50))
                    .put("type", "reasoning")
                    .putArray("summary");
            if (body.path("reasoning").path("summary").isString()) {
                summary.addObject()
                        .put("type", "summary_text")
                        .put("text", "**Weighing both texts**\n\nI compare the two samples on the trait alone.");
            }
        }
        if (!answer.text().isEmpty()) {
            ObjectNode message = output.addObject()
                    .put("id", "msg_" + ids.with("message").hex(50))
                    .put("type", "message")
                    .put("status", answer.complete() ? "completed" : "incomplete");
            ObjectNode content = message.putArray("content").addObject().put("type", "output_text");
            content.putArray("annotations");
            content.putArray("logprobs");
            content.put("text", answer.text());
            message.put("role", "assistant");
        }
        return output;
    }

    private static void copy(JsonNode from, ObjectNode to, String name, @Nullable JsonNode fallback) {
        JsonNode value = from.get(name);
        if (value != null) {
            to.set(name, value);
        } else if (fallback != null) {
            to.set(name, fallback);
        } else {
            to.putNull(name);
        }
    }

    private static ResultLine refused(Dice ids, String customId, OpenAiError error) {
        return new ResultLine(line(ids, customId, error.status(), error.body("")), ResultLine.End.FAILED, Usage.NONE);
    }

    private static ResultLine withoutResponse(
            Dice ids, String customId, String code, String message, ResultLine.End end) {
        ObjectNode json = Json.object()
                .put("id", "batch_req_" + ids.with("line").hex(32))
                .put("custom_id", customId)
                .putNull("response");
        json.putObject("error").put("code", code).put("message", message);
        return new ResultLine(json, end, Usage.NONE);
    }

    private static ObjectNode line(Dice ids, String customId, int status, ObjectNode body) {
        ObjectNode json =
                Json.object().put("id", "batch_req_" + ids.with("line").hex(32)).put("custom_id", customId);
        json.putObject("response")
                .put("status_code", status)
                .put("request_id", ids.with("request").hex(32))
                .set("body", body);
        return json.putNull("error");
    }

    /// In the format of responses, which has more fields than that of batches.
    private static ObjectNode responseUsage(Usage usage) {
        ObjectNode json = usage.json();
        json.withObject("input_tokens_details").put("cache_write_tokens", 0);
        return json;
    }

    private static ObjectNode chatUsage(Usage usage) {
        ObjectNode json = Json.object()
                .put("prompt_tokens", usage.input())
                .put("completion_tokens", usage.output())
                .put("total_tokens", usage.input() + usage.output());
        json.putObject("prompt_tokens_details")
                .put("cached_tokens", usage.cached())
                .put("audio_tokens", 0);
        json.putObject("completion_tokens_details")
                .put("reasoning_tokens", usage.reasoning())
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return json;
    }
}
