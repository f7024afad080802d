package io.pairbatch.provider.gemini;

import static io.pairbatch.provider.AnswerJson.count;
import static io.pairbatch.provider.AnswerJson.isObject;
import static io.pairbatch.provider.AnswerJson.items;
import static io.pairbatch.provider.AnswerJson.members;
import static io.pairbatch.provider.AnswerJson.text;
import static io.pairbatch.provider.AnswerJson.textOrNull;
import static io.pairbatch.text.JsonWalk.members;

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
/// A line is streamed; only the texts of its answer are held.
final class GeminiAnswers {

    /// Reasons to stop that are about what the answer says (https://ai.google.dev/api/generate-content#FinishReason).
    private static final Set<String> WITHHELD = Set.of(
            "SAFETY",
            "RECITATION",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "MODEL_ARMOR",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION");

    private GeminiAnswers() {}

    /// The line as a stream that ends where the line ends. It is not closed, and not always read to its end.
    static Reading read(InputStream line) {
        Draft draft = new Draft();
        return AnswerJson.read(line, json -> readLine(json, draft), draft::answer, draft::customId);
    }

    private static void readLine(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "key" -> draft.key = text(json, "key");
                case "metadata" -> readMetadata(json, draft);
                case "response" -> readResponse(json, draft);
                case "error" -> readError(json, draft);
            }
        }
    }

    private static void readMetadata(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            if (name.equals("key")) {
                draft.metadataKey = text(json, "metadata.key");
            }
        }
    }

    private static void readError(JsonParser json, Draft draft) {
        if (!isObject(json, "error")) {
            return;
        }
        draft.errored = true;
        String status = null;
        Long code = null;
        for (String name : members(json)) {
            switch (name) {
                case "message" -> draft.errorMessage = textOrNull(json);
                case "status" -> status = textOrNull(json);
                case "code" -> code = count(json);
            }
        }
        // The message stands in its own column already.
        draft.errorKind = status != null || code == null ? status : "code " + code;
    }

    private static void readResponse(JsonParser json, Draft draft) {
        draft.answered |= isObject(json, "response");
        for (String name : members(json)) {
            switch (name) {
                case "modelVersion" -> draft.modelVersion = textOrNull(json);
                case "model" -> draft.model = textOrNull(json);
                case "candidates" -> readCandidates(json, draft);
                case "promptFeedback" -> readPromptFeedback(json, draft);
                case "usageMetadata" -> readUsage(json, draft);
            }
        }
    }

    private static void readCandidates(JsonParser json, Draft draft) {
        boolean first = true;
        for (JsonToken item : items(json, "candidates")) {
            if (first && item == JsonToken.START_OBJECT) {
                readCandidate(json, draft);
            }
            first = false;
        }
    }

    private static void readCandidate(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "content" -> readContent(json, draft);
                case "finishReason" -> draft.finishReason = textOrNull(json);
                case "finishMessage" -> draft.finishMessage = textOrNull(json);
            }
        }
    }

    private static void readContent(JsonParser json, Draft draft) {
        for (String name : members(json, "content")) {
            if (name.equals("parts")) {
                readParts(json, draft);
            }
        }
    }

    private static void readParts(JsonParser json, Draft draft) {
        for (JsonToken item : items(json, "parts")) {
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
        for (String name : members(json)) {
            switch (name) {
                case "text" -> text = text(json, "text of a part");
                case "thought" -> thought = json.currentToken() == JsonToken.VALUE_TRUE;
                case "thoughtSignature" -> draft.addSignature(textOrNull(json));
            }
        }
        draft.addText(text, thought);
    }

    private static void readPromptFeedback(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "blockReason" -> draft.blockReason = textOrNull(json);
                case "blockReasonMessage" -> draft.blockMessage = textOrNull(json);
            }
        }
    }

    private static void readUsage(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "promptTokenCount" -> draft.prompt = count(json);
                case "candidatesTokenCount" -> draft.candidates = count(json);
                case "totalTokenCount" -> draft.total = count(json);
                case "thoughtsTokenCount" -> draft.thoughtTokens = count(json);
                case "cachedContentTokenCount" -> draft.cached = count(json);
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
