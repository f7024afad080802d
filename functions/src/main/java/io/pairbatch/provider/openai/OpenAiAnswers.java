package io.pairbatch.provider.openai;

import static io.pairbatch.provider.AnswerJson.count;
import static io.pairbatch.provider.AnswerJson.countAt;
import static io.pairbatch.provider.AnswerJson.isObject;
import static io.pairbatch.provider.AnswerJson.items;
import static io.pairbatch.provider.AnswerJson.members;
import static io.pairbatch.provider.AnswerJson.text;
import static io.pairbatch.provider.AnswerJson.textAt;
import static io.pairbatch.provider.AnswerJson.textOrNull;
import static io.pairbatch.text.JsonWalk.items;
import static io.pairbatch.text.JsonWalk.members;

import io.pairbatch.provider.Answer;
import io.pairbatch.provider.AnswerJson;
import io.pairbatch.provider.Reading;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the lines of OpenAI's output and error files (contract 6.2). What pairwiseLLM leaves unread is read too:
/// cached and reasoning tokens of chat, errors wherever they nest, refusals and finish reasons; and what services
/// like OpenAI's write otherwise: content in parts, thoughts beside it or among them, an error or a status as a string.
///
/// A line is streamed; only the texts of its answer are held.
final class OpenAiAnswers {

    private static final String NO_STATUS = "response.status_code is not an integer";

    private OpenAiAnswers() {}

    /// The line as a stream that ends where the line ends. It is not closed, and not always read to its end.
    static Reading read(InputStream line) {
        Draft draft = new Draft();
        return AnswerJson.read(line, json -> readLine(json, draft), draft::answer, () -> draft.customId);
    }

    private static void readLine(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "custom_id" -> draft.customId = text(json, "custom_id");
                case "error" -> readTopLevelError(json, draft);
                case "response" -> readResponse(json, draft);
            }
        }
    }

    private static void readTopLevelError(JsonParser json, Draft draft) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            draft.errorMessage = json.getString();
            return;
        }
        if (!isObject(json, "error")) {
            return;
        }
        ErrorText error = ErrorText.read(json);
        draft.errorMessage = error.message;
        // The message stands in its own column already.
        draft.topLevelErrorKind = error.kind();
    }

    private static void readResponse(JsonParser json, Draft draft) {
        for (String name : members(json, "response")) {
            switch (name) {
                case "status_code" -> draft.statusCode = statusCode(json);
                case "body" -> readBody(json, draft);
                case "error" -> readNestedError(json, draft);
            }
        }
    }

    private static void readBody(JsonParser json, Draft draft) {
        for (String name : members(json, "response.body")) {
            switch (name) {
                case "model" -> draft.model = textOrNull(json);
                case "object" -> draft.objectType = textOrNull(json);
                case "choices" -> readChoices(json, draft);
                case "output" -> readOutput(json, draft);
                case "usage" -> readUsage(json, draft);
                case "reasoning" -> draft.reasoningSummary = textAt(json, "summary", "text");
                case "incomplete_details" -> draft.incompleteReason = textAt(json, "reason");
                case "status" -> draft.bodyStatus = textOrNull(json);
                case "error" -> readNestedError(json, draft);
                // The body itself is the error.
                case "message", "detail" -> draft.bareMessage = textOrNull(json);
            }
        }
    }

    private static void readNestedError(JsonParser json, Draft draft) {
        String error = json.currentToken() == JsonToken.START_OBJECT
                ? ErrorText.read(json).kindAndMessage()
                : textOrNull(json);
        draft.nestedError = error == null ? draft.nestedError : error;
    }

    private static void readChoices(JsonParser json, Draft draft) {
        boolean first = true;
        for (JsonToken item : items(json, "choices")) {
            if (first && item == JsonToken.START_OBJECT) {
                readChoice(json, draft);
            }
            first = false;
        }
    }

    private static void readChoice(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "finish_reason" -> draft.finishReason = textOrNull(json);
                case "message" -> readMessage(json, draft);
            }
        }
    }

    private static void readMessage(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "content" -> readChatContent(json, draft);
                case "refusal" -> draft.chatRefusal = textOrNull(json);
                // OpenAI's own chat has none; services and gateways name them so, often twice.
                case "reasoning_content", "reasoning", "reasoning_details", "thinking", "thinking_blocks" ->
                    draft.chatThoughts.put(name, OpenAiThoughts.texts(json));
            }
        }
    }

    /// A text, or parts whose texts are joined.
    private static void readChatContent(JsonParser json, Draft draft) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            draft.chatContent = text(json, "content");
            return;
        }
        for (JsonToken item : items(json)) {
            switch (item) {
                case VALUE_STRING -> draft.addChatPart(json.getString());
                case START_OBJECT -> readChatPart(json, draft);
                default -> throw new AnswerJson.UnexpectedShape("a part of content is neither a text nor an object");
            }
        }
    }

    /// The type may stand behind the text.
    private static void readChatPart(JsonParser json, Draft draft) {
        String type = null;
        String text = null;
        String thought = null;
        for (String name : members(json)) {
            switch (name) {
                case "type" -> type = textOrNull(json);
                case "text" -> text = text(json, "a part of content");
                case "refusal" -> draft.addRefusal(textOrNull(json));
                case "thinking", "reasoning", "summary" -> thought = OpenAiThoughts.texts(json);
            }
        }
        if (OpenAiThoughts.isThought(type)) {
            draft.addReasoning(text);
        } else {
            draft.addChatPart(text);
        }
        draft.addReasoning(thought);
    }

    private static void readOutput(JsonParser json, Draft draft) {
        for (JsonToken item : items(json, "output")) {
            if (item == JsonToken.START_OBJECT) {
                readOutputItem(json, draft);
            }
        }
    }

    private static void readOutputItem(JsonParser json, Draft draft) {
        boolean reasoning = false;
        boolean commentary = false;
        List<String> summaries = new ArrayList<>();
        List<ContentText> texts = new ArrayList<>();
        for (String name : members(json)) {
            switch (name) {
                case "type" -> reasoning = "reasoning".equals(textOrNull(json));
                // What a model says before its answer has the phase `commentary`, the answer `final_answer` or none.
                case "phase" -> commentary = "commentary".equals(textOrNull(json));
                case "content" -> readContentBlocks(json, draft, texts);
                case "summary" -> readSummary(json, summaries);
            }
        }
        if (reasoning) {
            draft.summaries.addAll(summaries);
        }
        for (ContentText text : texts) {
            if (reasoning || commentary || text.thought()) {
                draft.addReasoning(text.text());
            } else {
                draft.addOutputText(text.text());
            }
        }
    }

    /// A text of an item's content. The item's type, which says what it is, may stand behind it.
    ///
    /// @param thought whether it says itself that it is a thought
    private record ContentText(boolean thought, String text) {}

    private static void readSummary(JsonParser json, List<String> summaries) {
        for (JsonToken item : items(json)) {
            String text = item == JsonToken.START_OBJECT ? textAt(json, "text") : null;
            if (text != null) {
                summaries.add(text);
            }
        }
    }

    private static void readContentBlocks(JsonParser json, Draft draft, List<ContentText> texts) {
        for (JsonToken item : items(json, "output content")) {
            if (item != JsonToken.START_OBJECT) {
                throw new AnswerJson.UnexpectedShape("an item of output content is not an object");
            }
            readContentBlock(json, draft, texts);
        }
    }

    private static void readContentBlock(JsonParser json, Draft draft, List<ContentText> texts) {
        boolean thought = false;
        String text = null;
        String outputText = null;
        for (String name : members(json)) {
            switch (name) {
                case "type" -> thought = OpenAiThoughts.isThought(textOrNull(json));
                case "text" -> text = text(json, "output content text");
                case "output_text" -> outputText = text(json, "output content text");
                case "refusal" -> draft.addRefusal(textOrNull(json));
            }
        }
        String said = text != null ? text : outputText;
        if (said != null) {
            texts.add(new ContentText(thought, said));
        }
    }

    private static void readUsage(JsonParser json, Draft draft) {
        Usage usage = draft.usage;
        for (String name : members(json)) {
            switch (name) {
                case "prompt_tokens" -> usage.prompt = count(json);
                case "input_tokens" -> usage.input = count(json);
                case "completion_tokens" -> usage.completion = count(json);
                case "output_tokens" -> usage.output = count(json);
                case "total_tokens" -> usage.total = count(json);
                case "input_tokens_details" -> usage.inputCached = countAt(json, "cached_tokens");
                case "prompt_tokens_details" -> usage.promptCached = countAt(json, "cached_tokens");
                case "output_tokens_details" -> usage.outputReasoning = countAt(json, "reasoning_tokens");
                case "completion_tokens_details" -> usage.completionReasoning = countAt(json, "reasoning_tokens");
            }
        }
    }

    private static @Nullable Integer statusCode(JsonParser json) {
        return switch (json.currentToken()) {
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
            for (String name : members(json)) {
                switch (name) {
                    case "code" -> code = textOrNull(json);
                    case "type" -> type = textOrNull(json);
                    case "message" -> message = textOrNull(json);
                    // One wrapped in another says more.
                    case "error" -> {
                        String inner = textAt(json, "message");
                        message = inner == null ? message : inner;
                    }
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

        @Nullable
        StringBuilder reasoningText;

        /// By the name of the member.
        final Map<String, @Nullable String> chatThoughts = new HashMap<>();

        final List<String> summaries = new ArrayList<>();
        final Usage usage = new Usage();

        void addChatPart(@Nullable String text) {
            chatParts = joined(chatParts, text);
        }

        void addOutputText(@Nullable String text) {
            outputText = joined(outputText, text);
        }

        void addReasoning(@Nullable String text) {
            reasoningText = joined(reasoningText, text);
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
                    response ? thoughts() : chat ? chatThoughts() : null,
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

        /// Those of the message, of which a gateway may have several copies, then those among the parts.
        private @Nullable String chatThoughts() {
            String own = OpenAiThoughts.first(chatThoughts);
            if (own == null || reasoningText == null) {
                return own == null && reasoningText != null ? reasoningText.toString() : own;
            }
            return own + "\n\n" + reasoningText;
        }

        private @Nullable String providerError() {
            if (nestedError != null) {
                return nestedError;
            }
            return bareMessage != null ? bareMessage : topLevelErrorKind;
        }

        /// A response that did not end normally says so at least in its status.
        private @Nullable String finishReason() {
            if (finishReason != null || incompleteReason != null) {
                return finishReason != null ? finishReason : incompleteReason;
            }
            return "completed".equals(bodyStatus) ? null : bodyStatus;
        }

        private @Nullable String thoughts() {
            String summary = summaries.isEmpty() ? reasoningSummary : String.join(" ", summaries);
            if (reasoningText == null) {
                return summary;
            }
            return summary == null ? reasoningText.toString() : summary + "\n\n" + reasoningText;
        }

        private static @Nullable Long first(@Nullable Long one, @Nullable Long other) {
            return one != null ? one : other;
        }
    }
}
