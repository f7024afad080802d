package io.pairbatch.provider.gemini;

import static io.pairbatch.provider.AnswerJson.count;
import static io.pairbatch.provider.AnswerJson.isArray;
import static io.pairbatch.provider.AnswerJson.isObject;
import static io.pairbatch.provider.AnswerJson.text;
import static io.pairbatch.provider.AnswerJson.textOrNull;

import io.pairbatch.provider.Answer;
import io.pairbatch.provider.AnswerJson;
import io.pairbatch.provider.Reading;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the lines of Gemini's output file, `{"key":…,"response":{…}}` or `{"key":…,"error":{…}}` (contract 6.4), and
/// the same with `"metadata":{"key":…}`, as inline answers have it. What pairwiseLLM leaves unread is read too:
/// errors, blocked prompts, finish reasons, cached tokens.
///
/// A line is streamed; what is held is its answer's texts.
final class GeminiAnswers {

    /// Reasons to stop that are about what the answer says (https://ai.google.dev/api/generate-content#FinishReason).
    private static final Set<String> WITHHELD =
            Set.of("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII");

    private GeminiAnswers() {}

    /// The line as a stream that ends where the line ends. It is not closed, and may not be read to its end.
    static Reading read(InputStream line) {
        Draft draft = new Draft();
        return AnswerJson.read(line, json -> readLine(json, draft), draft::answer, draft::customId);
    }

    private static void readLine(JsonParser json, Draft draft) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "key" -> draft.key = text(json, value, "key");
                case "metadata" -> readMetadata(json, value, draft);
                case "response" -> readResponse(json, value, draft);
                case "error" -> readError(json, value, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readMetadata(JsonParser json, JsonToken value, Draft draft) {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean key = json.currentName().equals("key");
            JsonToken inner = json.nextToken();
            if (key) {
                draft.metadataKey = text(json, inner, "metadata.key");
            } else {
                json.skipChildren();
            }
        }
    }

    private static void readError(JsonParser json, JsonToken value, Draft draft) {
        if (!isObject(value, "error")) {
            return;
        }
        draft.errored = true;
        String status = null;
        Long code = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "message" -> draft.errorMessage = textOrNull(json, inner);
                case "status" -> status = textOrNull(json, inner);
                case "code" -> code = count(json, inner);
                default -> json.skipChildren();
            }
        }
        // The message stands in its own column already.
        draft.errorKind = status != null || code == null ? status : "code " + code;
    }

    private static void readResponse(JsonParser json, JsonToken value, Draft draft) {
        if (!isObject(value, "response")) {
            return;
        }
        draft.answered = true;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "modelVersion" -> draft.modelVersion = textOrNull(json, inner);
                case "model" -> draft.model = textOrNull(json, inner);
                case "candidates" -> readCandidates(json, inner, draft);
                case "promptFeedback" -> readPromptFeedback(json, inner, draft);
                case "usageMetadata" -> readUsage(json, inner, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readCandidates(JsonParser json, JsonToken value, Draft draft) {
        if (!isArray(value, "candidates")) {
            return;
        }
        boolean first = true;
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            if (first && item == JsonToken.START_OBJECT) {
                readCandidate(json, draft);
            } else {
                json.skipChildren();
            }
            first = false;
        }
    }

    private static void readCandidate(JsonParser json, Draft draft) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "content" -> readContent(json, value, draft);
                case "finishReason" -> draft.finishReason = textOrNull(json, value);
                case "finishMessage" -> draft.finishMessage = textOrNull(json, value);
                default -> json.skipChildren();
            }
        }
    }

    private static void readContent(JsonParser json, JsonToken value, Draft draft) {
        if (!isObject(value, "content")) {
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean parts = json.currentName().equals("parts");
            JsonToken inner = json.nextToken();
            if (parts) {
                readParts(json, inner, draft);
            } else {
                json.skipChildren();
            }
        }
    }

    private static void readParts(JsonParser json, JsonToken value, Draft draft) {
        if (!isArray(value, "parts")) {
            return;
        }
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            if (item != JsonToken.START_OBJECT) {
                throw new AnswerJson.UnexpectedShape("an item of parts is not an object");
            }
            readPart(json, draft);
        }
    }

    /// The flag may stand behind the text.
    private static void readPart(JsonParser json, Draft draft) {
        String text = null;
        boolean thought = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "text" -> text = text(json, value, "text of a part");
                case "thought" -> {
                    thought = value == JsonToken.VALUE_TRUE;
                    json.skipChildren();
                }
                case "thoughtSignature" -> draft.addSignature(textOrNull(json, value));
                default -> json.skipChildren();
            }
        }
        draft.addText(text, thought);
    }

    private static void readPromptFeedback(JsonParser json, JsonToken value, Draft draft) {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "blockReason" -> draft.blockReason = textOrNull(json, inner);
                case "blockReasonMessage" -> draft.blockMessage = textOrNull(json, inner);
                default -> json.skipChildren();
            }
        }
    }

    private static void readUsage(JsonParser json, JsonToken value, Draft draft) {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "promptTokenCount" -> draft.prompt = count(json, inner);
                case "candidatesTokenCount" -> draft.candidates = count(json, inner);
                case "totalTokenCount" -> draft.total = count(json, inner);
                case "thoughtsTokenCount" -> draft.thoughtTokens = count(json, inner);
                case "cachedContentTokenCount" -> draft.cached = count(json, inner);
                default -> json.skipChildren();
            }
        }
    }

    /// The line as far as it has been read.
    private static final class Draft {
        @Nullable
        String key;

        @Nullable
        String metadataKey;

        boolean answered;
        boolean errored;

        @Nullable
        String errorMessage;

        @Nullable
        String errorKind;

        @Nullable
        String model;

        @Nullable
        String modelVersion;

        @Nullable
        String signature;

        @Nullable
        String finishReason;

        @Nullable
        String finishMessage;

        @Nullable
        String blockReason;

        @Nullable
        String blockMessage;

        @Nullable
        Long prompt;

        @Nullable
        Long candidates;

        @Nullable
        Long total;

        @Nullable
        Long thoughtTokens;

        @Nullable
        Long cached;

        final StringBuilder thoughts = new StringBuilder();
        final StringBuilder content = new StringBuilder();

        void addText(@Nullable String text, boolean thought) {
            if (text != null) {
                (thought ? thoughts : content).append(text);
            }
        }

        /// The first signature that there is: with thoughts the first part has none, the answer behind it has.
        void addSignature(@Nullable String next) {
            if (signature == null) {
                signature = next;
            }
        }

        @Nullable
        String customId() {
            String id = key != null ? key : metadataKey;
            return "".equals(id) ? null : id;
        }

        Answer answer() {
            boolean succeeded = answered && !errored;
            return new Answer(
                    customId(),
                    modelVersion != null ? modelVersion : model,
                    answered ? "generateContent" : null,
                    succeeded ? Integer.valueOf(200) : null,
                    errored ? "errored" : answered ? "succeeded" : null,
                    errorMessage,
                    orNull(thoughts),
                    signature,
                    orNull(content),
                    new Answer.Tokens(prompt, candidates, total, cached, null, thoughtTokens),
                    providerError(),
                    finishReason,
                    refusal());
        }

        private @Nullable String providerError() {
            if (errored) {
                return errorKind;
            }
            if (blockReason == null) {
                return finishMessage;
            }
            return blockMessage == null ? blockReason : blockReason + ": " + blockMessage;
        }

        private @Nullable String refusal() {
            if (blockReason != null) {
                return "prompt blocked: " + blockReason;
            }
            return finishReason != null && WITHHELD.contains(finishReason) ? "answer withheld: " + finishReason : null;
        }

        private static @Nullable String orNull(StringBuilder text) {
            return text.isEmpty() ? null : text.toString();
        }
    }
}
