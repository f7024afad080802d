package io.pairbatch.provider.openai;

import static io.pairbatch.provider.AnswerJson.count;
import static io.pairbatch.provider.AnswerJson.countAt;
import static io.pairbatch.provider.AnswerJson.isArray;
import static io.pairbatch.provider.AnswerJson.isObject;
import static io.pairbatch.provider.AnswerJson.text;
import static io.pairbatch.provider.AnswerJson.textAt;
import static io.pairbatch.provider.AnswerJson.textOrNull;

import io.pairbatch.provider.Answer;
import io.pairbatch.provider.AnswerJson;
import io.pairbatch.provider.Reading;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the lines of OpenAI's output and error files (contract 6.2). What pairwiseLLM leaves unread is read too:
/// cached and reasoning tokens of chat, errors wherever they nest, refusals and finish reasons; and what services
/// like OpenAI's write otherwise: content in parts, an error or a status as a string.
///
/// A line is streamed; what is held is its answer's texts.
final class OpenAiAnswers {

    private static final String NO_STATUS = "response.status_code is not an integer";

    private OpenAiAnswers() {}

    /// The line, its line end left out.
    static Reading read(byte[] line) {
        return read(new ByteArrayInputStream(line));
    }

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
                case "error" -> readTopLevelError(json, value, draft);
                case "response" -> readResponse(json, value, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readTopLevelError(JsonParser json, JsonToken value, Draft draft) {
        if (value == JsonToken.VALUE_STRING) {
            draft.errorMessage = json.getString();
            return;
        }
        if (!isObject(value, "error")) {
            return;
        }
        ErrorText error = ErrorText.read(json);
        draft.errorMessage = error.message;
        // The message stands in its own column already.
        draft.topLevelErrorKind = error.kind();
    }

    private static void readResponse(JsonParser json, JsonToken value, Draft draft) {
        if (!isObject(value, "response")) {
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "status_code" -> draft.statusCode = statusCode(json, inner);
                case "body" -> readBody(json, inner, draft);
                case "error" -> readNestedError(json, inner, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readBody(JsonParser json, JsonToken value, Draft draft) {
        if (!isObject(value, "response.body")) {
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "model" -> draft.model = textOrNull(json, inner);
                case "object" -> draft.objectType = textOrNull(json, inner);
                case "choices" -> readChoices(json, inner, draft);
                case "output" -> readOutput(json, inner, draft);
                case "usage" -> readUsage(json, inner, draft);
                case "reasoning" -> draft.reasoningSummary = textAt(json, inner, "summary", "text");
                case "incomplete_details" -> draft.incompleteReason = textAt(json, inner, "reason");
                case "status" -> draft.bodyStatus = textOrNull(json, inner);
                case "error" -> readNestedError(json, inner, draft);
                // The body itself is the error.
                case "message", "detail" -> draft.bareMessage = textOrNull(json, inner);
                default -> json.skipChildren();
            }
        }
    }

    private static void readNestedError(JsonParser json, JsonToken value, Draft draft) {
        String error =
                value == JsonToken.START_OBJECT ? ErrorText.read(json).kindAndMessage() : textOrNull(json, value);
        draft.nestedError = error == null ? draft.nestedError : error;
    }

    private static void readChoices(JsonParser json, JsonToken value, Draft draft) {
        if (!isArray(value, "choices")) {
            return;
        }
        boolean first = true;
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            if (first && item == JsonToken.START_OBJECT) {
                readFirstChoice(json, draft);
            } else {
                json.skipChildren();
            }
            first = false;
        }
    }

    private static void readFirstChoice(JsonParser json, Draft draft) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("finish_reason")) {
                draft.finishReason = textOrNull(json, value);
            } else if (name.equals("message") && value == JsonToken.START_OBJECT) {
                readMessage(json, draft);
            } else {
                json.skipChildren();
            }
        }
    }

    private static void readMessage(JsonParser json, Draft draft) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "content" -> readChatContent(json, value, draft);
                case "refusal" -> draft.chatRefusal = textOrNull(json, value);
                default -> json.skipChildren();
            }
        }
    }

    /// A text, or parts whose texts are joined.
    private static void readChatContent(JsonParser json, JsonToken value, Draft draft) {
        if (value != JsonToken.START_ARRAY) {
            draft.chatContent = text(json, value, "content");
            return;
        }
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            switch (item) {
                case VALUE_STRING -> draft.addChatPart(json.getString());
                case START_OBJECT -> readChatPart(json, draft);
                default -> throw new AnswerJson.UnexpectedShape("a part of content is neither a text nor an object");
            }
        }
    }

    private static void readChatPart(JsonParser json, Draft draft) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "text" -> draft.addChatPart(text(json, value, "a part of content"));
                case "refusal" -> draft.addRefusal(textOrNull(json, value));
                default -> json.skipChildren();
            }
        }
    }

    private static void readOutput(JsonParser json, JsonToken value, Draft draft) {
        if (!isArray(value, "output")) {
            return;
        }
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            if (item == JsonToken.START_OBJECT) {
                readOutputItem(json, draft);
            } else {
                json.skipChildren();
            }
        }
    }

    private static void readOutputItem(JsonParser json, Draft draft) {
        boolean reasoning = false;
        List<String> summaries = new ArrayList<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "type" -> reasoning = "reasoning".equals(textOrNull(json, value));
                case "content" -> readContentBlocks(json, value, draft);
                case "summary" -> readSummary(json, value, summaries);
                default -> json.skipChildren();
            }
        }
        if (reasoning) {
            draft.summaries.addAll(summaries);
        }
    }

    private static void readSummary(JsonParser json, JsonToken value, List<String> summaries) {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            String text = textAt(json, item, "text");
            if (text != null) {
                summaries.add(text);
            }
        }
    }

    private static void readContentBlocks(JsonParser json, JsonToken value, Draft draft) {
        if (!isArray(value, "output content")) {
            return;
        }
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            if (item == JsonToken.START_OBJECT) {
                readContentBlock(json, draft);
            } else {
                throw new AnswerJson.UnexpectedShape("an item of output content is not an object");
            }
        }
    }

    private static void readContentBlock(JsonParser json, Draft draft) {
        String text = null;
        String outputText = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "text" -> text = text(json, value, "output content text");
                case "output_text" -> outputText = text(json, value, "output content text");
                case "refusal" -> draft.addRefusal(textOrNull(json, value));
                default -> json.skipChildren();
            }
        }
        draft.addOutputText(text != null ? text : outputText);
    }

    private static void readUsage(JsonParser json, JsonToken value, Draft draft) {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        Usage usage = draft.usage;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken inner = json.nextToken();
            switch (name) {
                case "prompt_tokens" -> usage.prompt = count(json, inner);
                case "input_tokens" -> usage.input = count(json, inner);
                case "completion_tokens" -> usage.completion = count(json, inner);
                case "output_tokens" -> usage.output = count(json, inner);
                case "total_tokens" -> usage.total = count(json, inner);
                case "input_tokens_details" -> usage.inputCached = countAt(json, inner, "cached_tokens");
                case "prompt_tokens_details" -> usage.promptCached = countAt(json, inner, "cached_tokens");
                case "output_tokens_details" -> usage.outputReasoning = countAt(json, inner, "reasoning_tokens");
                case "completion_tokens_details" ->
                    usage.completionReasoning = countAt(json, inner, "reasoning_tokens");
                default -> json.skipChildren();
            }
        }
    }

    private static @Nullable Integer statusCode(JsonParser json, JsonToken value) {
        return switch (value) {
            case VALUE_NUMBER_INT -> json.getIntValue();
            case VALUE_NULL -> null;
            case VALUE_STRING -> statusCode(json.getString());
            default -> throw new AnswerJson.UnexpectedShape(NO_STATUS);
        };
    }

    private static Integer statusCode(String text) {
        if (!text.matches("\\d{1,4}")) {
            throw new AnswerJson.UnexpectedShape(NO_STATUS);
        }
        return Integer.valueOf(text);
    }

    /// An error object's texts: `{code, type, message}`.
    private record ErrorText(
            @Nullable String code,
            @Nullable String type,
            @Nullable String message) {

        static ErrorText read(JsonParser json) {
            String code = null;
            String type = null;
            String message = null;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "code" -> code = textOrNull(json, value);
                    case "type" -> type = textOrNull(json, value);
                    case "message" -> message = textOrNull(json, value);
                    // One wrapped in another says more.
                    case "error" -> {
                        String inner = textAt(json, value, "message");
                        message = inner == null ? message : inner;
                    }
                    default -> json.skipChildren();
                }
            }
            return new ErrorText(code, type, message);
        }

        @Nullable
        String kind() {
            return code != null ? code : type;
        }

        @Nullable
        String kindAndMessage() {
            String kind = kind();
            if (kind == null || message == null) {
                return kind == null ? message : kind;
            }
            return kind + ": " + message;
        }
    }

    private static final class Usage {
        @Nullable
        Long prompt;

        @Nullable
        Long input;

        @Nullable
        Long completion;

        @Nullable
        Long output;

        @Nullable
        Long total;

        @Nullable
        Long promptCached;

        @Nullable
        Long inputCached;

        @Nullable
        Long completionReasoning;

        @Nullable
        Long outputReasoning;
    }

    /// The line as far as it has been read. `object` may stand after what it explains, so both kinds of content are
    /// kept until the end.
    private static final class Draft {
        @Nullable
        String customId;

        @Nullable
        String model;

        @Nullable
        String objectType;

        @Nullable
        Integer statusCode;

        @Nullable
        String errorMessage;

        @Nullable
        String topLevelErrorKind;

        @Nullable
        String nestedError;

        @Nullable
        String bareMessage;

        @Nullable
        String bodyStatus;

        @Nullable
        String chatContent;

        @Nullable
        StringBuilder chatParts;

        @Nullable
        String chatRefusal;

        @Nullable
        String finishReason;

        @Nullable
        String incompleteReason;

        @Nullable
        String reasoningSummary;

        @Nullable
        StringBuilder outputText;

        @Nullable
        StringBuilder outputRefusal;

        final List<String> summaries = new ArrayList<>();
        final Usage usage = new Usage();

        void addChatPart(@Nullable String text) {
            chatParts = joined(chatParts, text);
        }

        void addOutputText(@Nullable String text) {
            outputText = joined(outputText, text);
        }

        void addRefusal(@Nullable String text) {
            outputRefusal = joined(outputRefusal, text);
        }

        private static @Nullable StringBuilder joined(@Nullable StringBuilder so, @Nullable String more) {
            if (more == null) {
                return so;
            }
            return (so == null ? new StringBuilder() : so).append(more);
        }

        Answer answer() {
            boolean chat = "chat.completion".equals(objectType);
            boolean response = "response".equals(objectType);
            String outputContent = outputText == null ? null : outputText.toString();
            String refusal = outputRefusal == null ? chatRefusal : outputRefusal.toString();
            return new Answer(
                    "".equals(customId) ? null : customId,
                    model,
                    objectType,
                    statusCode,
                    null,
                    errorMessage,
                    response ? thoughts() : null,
                    null,
                    chat ? chatContent() : response ? outputContent : null,
                    new Answer.Tokens(
                            first(usage.prompt, usage.input),
                            first(usage.completion, usage.output),
                            usage.total,
                            first(usage.inputCached, usage.promptCached),
                            null,
                            first(usage.outputReasoning, usage.completionReasoning)),
                    providerError(),
                    finishReason(),
                    refusal);
        }

        private @Nullable String chatContent() {
            return chatParts == null ? chatContent : chatParts.toString();
        }

        private @Nullable String providerError() {
            if (nestedError != null) {
                return nestedError;
            }
            return bareMessage != null ? bareMessage : topLevelErrorKind;
        }

        /// A response that did not end as it should says so in its status, if nowhere else.
        private @Nullable String finishReason() {
            if (finishReason != null || incompleteReason != null) {
                return finishReason != null ? finishReason : incompleteReason;
            }
            return "completed".equals(bodyStatus) ? null : bodyStatus;
        }

        private @Nullable String thoughts() {
            return summaries.isEmpty() ? reasoningSummary : String.join(" ", summaries);
        }

        private static @Nullable Long first(@Nullable Long one, @Nullable Long other) {
            return one != null ? one : other;
        }
    }
}
