package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.batch.ResultLine;
import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.judge.Judge;
import io.pairbatch.simulator.judge.Usage;
import io.pairbatch.simulator.store.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the result of one request: a line of the responses file, or an inlined response.
final class GeminiLines {

    private final GeminiRules rules;
    private final Judge judge;

    GeminiLines(GeminiRules rules, Judge judge) {
        this.rules = rules;
        this.judge = judge;
    }

    /// All text of a request that the model reads.
    static String prompt(JsonNode request) {
        StringBuilder prompt = new StringBuilder();
        collect(ProtoTable.get(request, "system_instruction"), prompt);
        ProtoTable.items(request, "contents").forEach(content -> collect(content, prompt));
        return prompt.toString();
    }

    private static void collect(JsonNode content, StringBuilder prompt) {
        for (JsonNode part : ProtoTable.items(content, "parts")) {
            prompt.append(prompt.isEmpty() ? "" : "\n").append(Json.text(part, "text", ""));
        }
    }

    /// The line of a request that was processed.
    ///
    /// @param line `{key, request}`
    /// @param allFail whether the request fails in any case
    ResultLine answer(Dice ids, String model, JsonNode line, boolean allFail, Asked asked) {
        JsonNode request = line.path("request");
        GeminiRules.Family family = rules.family(model).orElseThrow();
        Optional<String> refusal = rules.check(model, family, request);
        if (refusal.isPresent()) {
            return failed(line, GeminiError.invalid(refusal.get()));
        }
        String prompt = prompt(request);
        Judge.Verdict verdict = judge.judge(prompt, model, asked, ids);
        Judge.Fate fate = allFail ? Judge.Fate.SERVER_ERROR : verdict.fate();
        return switch (fate) {
            case SERVER_ERROR -> internal(line);
            case RATE_LIMITED -> failed(line, GeminiError.outage(429));
            case TIMED_OUT -> failed(line, GeminiError.outage(504));
            case ANSWERED, WITHOUT_TAG -> {
                Answer answer = compose(request, rules.thinking(family, request), prompt, verdict);
                ObjectNode json = echo(line);
                json.set("response", response(ids, model, family, request, answer));
                yield new ResultLine(json, ResultLine.End.SUCCEEDED, answer.usage());
            }
        };
    }

    /// What the model said.
    ///
    /// @param text empty if the tokens ran out before the first word
    /// @param said tokens of the text
    /// @param complete whether the text is not cut off
    private record Answer(String text, long said, boolean complete, boolean thoughtsShown, Usage usage) {}

    private static Answer compose(
            JsonNode request, GeminiRules.Thinking thinking, String prompt, Judge.Verdict verdict) {
        String text = verdict.answer();
        long thoughts = Math.min(
                thinking.most(), 64L * (1 + verdict.dice().with("thought").below(8)));
        long said = Usage.tokens(text);
        long limit = GeminiRules.mostOutput(request);
        boolean complete = thoughts + said <= limit;
        if (!complete) {
            thoughts = Math.min(thoughts, limit);
            said = limit - thoughts;
            text = text.substring(0, (int) Math.min(text.length(), said * 4));
        }
        long input = Usage.tokens(prompt);
        long cached = input >= 2048 && verdict.dice().with("cache").unit() < 0.3 ? 2048 : 0;
        return new Answer(text, said, complete, thinking.shown(), new Usage(input, cached, thoughts + said, thoughts));
    }

    private ObjectNode response(Dice ids, String model, GeminiRules.Family family, JsonNode request, Answer answer) {
        ObjectNode json = Json.object();
        ArrayNode candidates = json.putArray("candidates");
        JsonNode config = ProtoTable.get(request, "generation_config");
        for (int i = 0; i < ProtoTable.get(config, "candidate_count").intValue(1); i++) {
            ObjectNode candidate = candidates.addObject();
            ObjectNode content = candidate.putObject("content");
            ArrayNode parts = parts(ids, family, answer);
            if (!parts.isEmpty()) {
                content.set("parts", parts);
            }
            content.put("role", "model");
            candidate
                    .put("finishReason", answer.complete() ? "STOP" : "MAX_TOKENS")
                    .put("index", i);
        }
        json.set("usageMetadata", usage(answer));
        return json.put("modelVersion", rules.version(model))
                .put("responseId", ids.with("response").hex(22));
    }

    private static ArrayNode parts(Dice ids, GeminiRules.Family family, Answer answer) {
        ArrayNode parts = Json.MAPPER.createArrayNode();
        boolean thought = answer.usage().reasoning() > 0;
        if (thought && answer.thoughtsShown()) {
            parts.addObject()
                    .put("text", "**Weighing both texts**\n\nI compare the two samples on the trait alone.")
                    .put("thought", true);
        }
        if (!answer.text().isEmpty()) {
            ObjectNode part = parts.addObject().put("text", answer.text());
            if (thought && !family.levels().isEmpty()) {
                byte[] signature = ids.with("signature").hex(96).getBytes(StandardCharsets.UTF_8);
                part.put("thoughtSignature", Base64.getEncoder().encodeToString(signature));
            }
        }
        return parts;
    }

    private static ObjectNode usage(Answer answer) {
        Usage usage = answer.usage();
        ObjectNode json = Json.object().put("promptTokenCount", usage.input());
        if (answer.said() > 0) {
            json.put("candidatesTokenCount", answer.said());
        }
        json.put("totalTokenCount", usage.input() + usage.output());
        if (usage.cached() > 0) {
            json.put("cachedContentTokenCount", usage.cached());
        }
        json.putArray("promptTokensDetails").addObject().put("modality", "TEXT").put("tokenCount", usage.input());
        if (usage.cached() > 0) {
            json.putArray("cacheTokensDetails")
                    .addObject()
                    .put("modality", "TEXT")
                    .put("tokenCount", usage.cached());
        }
        if (usage.reasoning() > 0) {
            json.put("thoughtsTokenCount", usage.reasoning());
        }
        return json;
    }

    /// Turns an answer into a blocked prompt: no candidates, and only the prompt's tokens are counted.
    static void block(ObjectNode line) {
        if (line.path("response") instanceof ObjectNode response) {
            JsonNode prompt = response.path("usageMetadata").path("promptTokenCount");
            JsonNode details = response.path("usageMetadata").path("promptTokensDetails");
            response.remove("candidates");
            response.putObject("promptFeedback").put("blockReason", "PROHIBITED_CONTENT");
            ObjectNode usage = response.putObject("usageMetadata");
            usage.set("promptTokenCount", prompt);
            usage.set("totalTokenCount", prompt);
            usage.set("promptTokensDetails", details);
        }
    }

    /// A request that was never processed; its line has no response and no error.
    static ResultLine unreached(JsonNode line) {
        return new ResultLine(echo(line), ResultLine.End.UNREACHED, Usage.NONE);
    }

    private static ResultLine failed(JsonNode line, GeminiError error) {
        ObjectNode json = echo(line);
        json.putObject("error")
                .put("code", error.status())
                .put("message", error.message())
                .put("status", error.reason());
        return new ResultLine(json, ResultLine.End.FAILED, Usage.NONE);
    }

    /// As users report it (python-genai #1341): a gRPC code and no status.
    private static ResultLine internal(JsonNode line) {
        ObjectNode json = echo(line);
        json.putObject("error")
                .put("code", 13)
                .put("message", GeminiError.outage(500).message());
        return new ResultLine(json, ResultLine.End.FAILED, Usage.NONE);
    }

    /// Everything but the request is returned, with lists emptied (go-genai #513).
    private static ObjectNode echo(JsonNode line) {
        ObjectNode json = Json.object();
        for (Map.Entry<String, JsonNode> member : line.properties()) {
            if (member.getValue().isArray()) {
                json.putArray(member.getKey());
            } else if (!member.getKey().equals("request")) {
                json.set(member.getKey(), member.getValue());
            }
        }
        return json;
    }
}
