package io.pairbatch.provider.anthropic;

import static io.pairbatch.provider.AnswerJson.count;
import static io.pairbatch.provider.AnswerJson.countAt;
import static io.pairbatch.provider.AnswerJson.items;
import static io.pairbatch.provider.AnswerJson.members;
import static io.pairbatch.provider.AnswerJson.text;
import static io.pairbatch.provider.AnswerJson.textOrNull;
import static io.pairbatch.text.JsonWalk.members;

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
/// A line is streamed; only the texts of its answer are held.
final class AnthropicAnswers {

    private static final String SUCCEEDED = "succeeded";
    private static final String REFUSAL = "refusal";

    private AnthropicAnswers() {}

    /// The line as a stream that ends where the line ends. It is not closed, and not always read to its end.
    static Reading read(InputStream line) {
        Draft draft = new Draft();
        return AnswerJson.read(line, json -> readLine(json, draft), draft::answer, () -> draft.customId);
    }

    private static void readLine(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "custom_id" -> draft.customId = text(json, "custom_id");
                case "result" -> readResult(json, draft);
            }
        }
    }

    private static void readResult(JsonParser json, Draft draft) {
        for (String name : members(json, "result")) {
            switch (name) {
                case "type" -> draft.resultType = text(json, "result.type");
                case "message" -> readMessage(json, draft);
                case "error" -> readError(json, draft);
            }
        }
    }

    /// `{"type":"error","error":{"type":…,"message":…}}`; `error_message` is read beside the outer type, where the API
    /// puts none.
    private static void readError(JsonParser json, Draft draft) {
        for (String name : members(json, "result.error")) {
            switch (name) {
                case "type" -> draft.outerErrorType = textOrNull(json);
                case "message" -> draft.errorMessage = textOrNull(json);
                case "error" -> readNestedError(json, draft);
            }
        }
    }

    private static void readNestedError(JsonParser json, Draft draft) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            draft.nestedErrorMessage = textOrNull(json);
        }
        for (String name : members(json)) {
            switch (name) {
                case "type" -> draft.nestedErrorType = textOrNull(json);
                case "message" -> draft.nestedErrorMessage = textOrNull(json);
            }
        }
    }

    private static void readMessage(JsonParser json, Draft draft) {
        for (String name : members(json, "result.message")) {
            switch (name) {
                case "model" -> draft.model = textOrNull(json);
                case "type" -> draft.objectType = textOrNull(json);
                case "content" -> readContent(json, draft);
                case "stop_reason" -> draft.stopReason = textOrNull(json);
                case "stop_details" -> readStopDetails(json, draft);
                case "usage" -> readUsage(json, draft);
            }
        }
    }

    private static void readContent(JsonParser json, Draft draft) {
        for (JsonToken item : items(json, "content")) {
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
        for (String name : members(json)) {
            switch (name) {
                case "type" -> type = text(json, "type of content");
                case "text" -> text = text(json, "content text");
                case "thinking" -> thinking = textOrNull(json);
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

    private static void readStopDetails(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "category" -> draft.refusalCategory = textOrNull(json);
                case "explanation" -> draft.refusalExplanation = textOrNull(json);
            }
        }
    }

    private static void readUsage(JsonParser json, Draft draft) {
        for (String name : members(json)) {
            switch (name) {
                case "input_tokens" -> draft.input = count(json);
                case "output_tokens" -> draft.output = count(json);
                case "total_tokens" -> draft.total = count(json);
                case "cache_read_input_tokens" -> draft.cacheRead = count(json);
                case "cache_creation_input_tokens" -> draft.cacheCreation = count(json);
                case "output_tokens_details" -> draft.thinking = countAt(json, "thinking_tokens");
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
