package io.pairbatch.simulator.anthropic;

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

/// Writes the result of one request: a line of the batch's results file.
final class AnthropicLines {

    private final AnthropicRules rules;
    private final Judge judge;

    AnthropicLines(AnthropicRules rules, Judge judge) {
        this.rules = rules;
        this.judge = judge;
    }

    /// A request that was never processed: `canceled` or `expired` before its turn.
    static ResultLine unreached(String customId, String type) {
        ObjectNode json = Json.object().put("custom_id", customId);
        json.putObject("result").put("type", type);
        return new ResultLine(json, ResultLine.End.UNREACHED, Usage.NONE);
    }

    /// A request that ended in an error.
    ///
    /// @param requestId null if the request was refused before it reached a model
    static ResultLine errored(String customId, AnthropicError error, @Nullable String requestId) {
        ObjectNode json = Json.object().put("custom_id", customId);
        json.putObject("result")
                .put("type", "errored")
                .set("error", error.body("").put("request_id", requestId));
        return new ResultLine(json, ResultLine.End.FAILED, Usage.NONE);
    }

    /// The line of a request that was processed.
    ///
    /// @param version the API version that the batch was created with
    ResultLine answer(Dice ids, String customId, JsonNode params, String version, Asked asked) {
        AnthropicError refusal = rules.check(params, version).orElse(null);
        if (refusal != null) {
            return errored(customId, refusal, null);
        }
        String prompt = PromptText.of(params.path("system"), params.path("messages"));
        Judge.Verdict verdict = judge.judge(prompt, Json.text(params, "model", ""), asked, ids);
        return switch (verdict.fate()) {
            case SERVER_ERROR -> errored(customId, AnthropicError.outage(500), requestId(ids));
            case RATE_LIMITED -> errored(customId, AnthropicError.outage(429), requestId(ids));
            case TIMED_OUT ->
                errored(
                        customId,
                        AnthropicError.outage(verdict.dice().with("overloaded").below(2) == 0 ? 504 : 529),
                        requestId(ids));
            case ANSWERED, WITHOUT_TAG -> succeeded(ids, customId, params, verdict, Usage.tokens(prompt));
        };
    }

    static String requestId(Dice ids) {
        return "req_" + ids.with("request").hex(24);
    }

    private ResultLine succeeded(Dice ids, String customId, JsonNode params, Judge.Verdict verdict, long input) {
        String text = verdict.answer();
        boolean thinks = rules.thinks(params);
        long limit = params.path("max_tokens").longValue();
        long thought = Math.min(limit, thinks ? verdict.thought() : 0);
        long said = Math.min(limit - thought, Usage.tokens(text));
        boolean complete = said == Usage.tokens(text);
        // The provider caches what the caller marks, if it has at least 1,024 tokens.
        boolean cached = input >= 1024 && params.findValue("cache_control") != null;
        Usage usage = new Usage(input, cached ? 1024 : 0, thought + said, thought);
        ObjectNode message = Json.object()
                .put("id", "msg_01" + ids.with("message").hex(22))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", rules.snapshot(Json.text(params, "model", "")));
        ArrayNode content = message.putArray("content");
        if (thinks) {
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", rules.showsThoughts(params) ? "I compare the two samples on the trait alone." : "")
                    .put("signature", ids.with("signature").hex(64));
        }
        if (said > 0) {
            content.addObject()
                    .put("type", "text")
                    .put("text", complete ? text : text.substring(0, (int) Math.min(text.length(), said * 4)));
        }
        message.put("stop_reason", complete ? "end_turn" : "max_tokens").putNull("stop_sequence");
        message.set("usage", json(usage));
        ObjectNode line = Json.object().put("custom_id", customId);
        line.putObject("result").put("type", "succeeded").set("message", message);
        return new ResultLine(line, ResultLine.End.SUCCEEDED, usage);
    }

    private static ObjectNode json(Usage usage) {
        ObjectNode json = Json.object()
                .put("input_tokens", usage.input() - usage.cached())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", usage.cached());
        json.putObject("cache_creation").put("ephemeral_5m_input_tokens", 0).put("ephemeral_1h_input_tokens", 0);
        json.put("output_tokens", usage.output());
        if (usage.reasoning() > 0) {
            json.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
        }
        return json.put("service_tier", "batch").put("inference_geo", "not_available");
    }
}
