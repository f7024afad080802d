package io.pairbatch.provider.anthropic;

import static io.pairbatch.provider.AnswerJson.count;
import static io.pairbatch.provider.AnswerJson.countAt;
import static io.pairbatch.provider.AnswerJson.isArray;
import static io.pairbatch.provider.AnswerJson.isObject;
import static io.pairbatch.provider.AnswerJson.text;
import static io.pairbatch.provider.AnswerJson.textOrNull;

import io.pairbatch.provider.Answer;
import io.pairbatch.provider.AnswerJson;
import io.pairbatch.provider.Reading;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the lines of a batch's results (contract 6.3). What pairwiseLLM leaves unread is read too: nested errors,
/// stop reasons, refusals, and tokens of caches and of thinking.
///
/// A line is streamed; what is held is its answer's texts.
final class AnthropicAnswers {

    private static final String SUCCEEDED = "succeeded";
    private static final String REFUSAL = "refusal";

    private AnthropicAnswers() {}

    /// The line as a stream that ends where the line ends. It is not closed, and may not be read to its end.
    static Reading read(InputStream line) {
        Draft draft = new Draft();
        return AnswerJson.read(line, json -> readLine(json, draft), draft::answer, () -> draft.customId);
    }

    private static void readLine(JsonParser json, Draft draft) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "custom_id" -> draft.customId = text(json, value, "custom_id");
                case "result" -> readResult(json, value, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readResult(JsonParser json, JsonToken value, Draft draft) {
        if (!isObject(value, "result")) {
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "type" -> draft.resultType = text(json, inner, "result.type");
                case "message" -> readMessage(json, inner, draft);
                case "error" -> readError(json, inner, draft);
                default -> json.skipChildren();
            }
        }
    }

    /// `{"type":"error","error":{"type":…,"message":…}}`; `error_message` is read beside the outer type, where the API
    /// puts none.
    private static void readError(JsonParser json, JsonToken value, Draft draft) {
        if (!isObject(value, "result.error")) {
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "type" -> draft.outerErrorType = textOrNull(json, inner);
                case "message" -> draft.errorMessage = textOrNull(json, inner);
                case "error" -> readNestedError(json, inner, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readNestedError(JsonParser json, JsonToken value, Draft draft) {
        if (value != JsonToken.START_OBJECT) {
            draft.nestedErrorMessage = textOrNull(json, value);
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "type" -> draft.nestedErrorType = textOrNull(json, inner);
                case "message" -> draft.nestedErrorMessage = textOrNull(json, inner);
                default -> json.skipChildren();
            }
        }
    }

    private static void readMessage(JsonParser json, JsonToken value, Draft draft) {
        if (!isObject(value, "result.message")) {
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "model" -> draft.model = textOrNull(json, inner);
                case "type" -> draft.objectType = textOrNull(json, inner);
                case "content" -> readContent(json, inner, draft);
                case "stop_reason" -> draft.stopReason = textOrNull(json, inner);
                case "stop_details" -> readStopDetails(json, inner, draft);
                case "usage" -> readUsage(json, inner, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readContent(JsonParser json, JsonToken value, Draft draft) {
        if (!isArray(value, "content")) {
            return;
        }
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            if (item != JsonToken.START_OBJECT) {
                throw new AnswerJson.UnexpectedShape("an item of content is not an object");
            }
            readBlock(json, draft);
        }
    }

    private static void readBlock(JsonParser json, Draft draft) {
        String type = null;
        String text = null;
        String thinking = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "type" -> type = text(json, value, "type of content");
                case "text" -> text = text(json, value, "content text");
                case "thinking" -> thinking = textOrNull(json, value);
                default -> json.skipChildren();
            }
        }
        if ("thinking".equals(type)) {
            String thought = thinking == null ? text : thinking;
            if (thought != null) {
                draft.thoughts.add(thought);
            }
        } else {
            draft.addText(text == null ? "" : text);
        }
    }

    private static void readStopDetails(JsonParser json, JsonToken value, Draft draft) {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "category" -> draft.refusalCategory = textOrNull(json, inner);
                case "explanation" -> draft.refusalExplanation = textOrNull(json, inner);
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
                case "input_tokens" -> draft.input = count(json, inner);
                case "output_tokens" -> draft.output = count(json, inner);
                case "total_tokens" -> draft.total = count(json, inner);
                case "cache_read_input_tokens" -> draft.cacheRead = count(json, inner);
                case "cache_creation_input_tokens" -> draft.cacheCreation = count(json, inner);
                case "output_tokens_details" -> draft.thinking = countAt(json, inner, "thinking_tokens");
                default -> json.skipChildren();
            }
        }
    }

    /// The line as far as it has been read. `type` may stand after what it explains, so both kinds of results are kept
    /// until the end.
    private static final class Draft {
        @Nullable
        String customId;

        @Nullable
        String resultType;

        @Nullable
        String errorMessage;

        @Nullable
        String outerErrorType;

        @Nullable
        String nestedErrorType;

        @Nullable
        String nestedErrorMessage;

        @Nullable
        String model;

        @Nullable
        String objectType;

        @Nullable
        String stopReason;

        @Nullable
        String refusalCategory;

        @Nullable
        String refusalExplanation;

        @Nullable
        StringBuilder content;

        @Nullable
        Long input;

        @Nullable
        Long output;

        @Nullable
        Long total;

        @Nullable
        Long cacheRead;

        @Nullable
        Long cacheCreation;

        @Nullable
        Long thinking;

        final List<String> thoughts = new ArrayList<>();

        void addText(String text) {
            if (content == null) {
                content = new StringBuilder();
            }
            content.append(text);
        }

        Answer answer() {
            return SUCCEEDED.equals(resultType) ? succeeded() : failed();
        }

        private Answer succeeded() {
            String text = content == null ? null : content.toString();
            return new Answer(
                    customId,
                    model,
                    objectType,
                    200,
                    resultType,
                    null,
                    thoughts.isEmpty() ? null : String.join("\n\n", thoughts),
                    null,
                    text,
                    new Answer.Tokens(input, output, total, cacheRead, cacheCreation, thinking),
                    null,
                    stopReason,
                    REFUSAL.equals(stopReason) ? refusal(text) : null);
        }

        /// Why the model refused, as far as the provider says; else what it wrote instead of an answer.
        private String refusal(@Nullable String text) {
            if (refusalExplanation != null) {
                return refusalExplanation;
            }
            if (refusalCategory != null) {
                return refusalCategory;
            }
            return text == null || text.isBlank() ? REFUSAL : text;
        }

        private Answer failed() {
            return new Answer(
                    customId,
                    null,
                    null,
                    null,
                    resultType,
                    errorMessage,
                    null,
                    null,
                    null,
                    Answer.Tokens.NONE,
                    providerError(),
                    null,
                    null);
        }

        private @Nullable String providerError() {
            if (nestedErrorType != null && nestedErrorMessage != null) {
                return nestedErrorType + ": " + nestedErrorMessage;
            }
            if (nestedErrorType != null || nestedErrorMessage != null) {
                return nestedErrorType != null ? nestedErrorType : nestedErrorMessage;
            }
            return "error".equals(outerErrorType) ? null : outerErrorType;
        }
    }
}
