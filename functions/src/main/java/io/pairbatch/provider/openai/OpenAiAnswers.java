package io.pairbatch.provider.openai;

import io.pairbatch.provider.Answer;
import io.pairbatch.provider.Reading;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads the lines of OpenAI's output and error files (contract 6.2). What the contract's parser leaves unread is read
/// too: cached and reasoning tokens of chat, errors in the body, refusals and finish reasons.
///
/// A line is streamed; what is held is its answer's texts.
public final class OpenAiAnswers {

    /// No line holds a longer string than this; see the collector's limit on lines.
    private static final int MAX_STRING = 64 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(MAX_STRING).build())
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    private OpenAiAnswers() {}

    /// The line, its line end left out.
    public static Reading read(byte[] line) {
        return read(new ByteArrayInputStream(line));
    }

    /// The line as a stream that ends where the line ends. It is not closed, and may not be read to its end.
    public static Reading read(InputStream line) {
        Draft draft = new Draft();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new Reading.Unreadable("not a JSON object", null);
            }
            readLine(json, draft);
            if (json.nextToken() != null) {
                return new Reading.Unreadable("text after the JSON object", draft.customId);
            }
            return new Reading.Understood(draft.answer());
        } catch (UnexpectedShape e) {
            return new Reading.Unreadable(e.reason, draft.customId);
        } catch (JacksonException e) {
            return new Reading.Unreadable("not valid JSON", draft.customId);
        }
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
                case "error" -> readBodyError(json, inner, draft);
                default -> json.skipChildren();
            }
        }
    }

    private static void readBodyError(JsonParser json, JsonToken value, Draft draft) {
        if (value == JsonToken.START_OBJECT) {
            draft.bodyError = ErrorText.read(json).kindAndMessage();
        } else {
            draft.bodyError = textOrNull(json, value);
        }
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
                case "content" -> draft.chatContent = text(json, value, "content");
                case "refusal" -> draft.chatRefusal = textOrNull(json, value);
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
                throw new UnexpectedShape("an item of output content is not an object");
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

    private static @Nullable String text(JsonParser json, JsonToken value, String field) {
        return switch (value) {
            case VALUE_STRING -> json.getString();
            case VALUE_NULL -> null;
            default -> throw new UnexpectedShape(field + " is not a string");
        };
    }

    private static @Nullable String textOrNull(JsonParser json, JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            return json.getString();
        }
        json.skipChildren();
        return null;
    }

    /// The string at `path` inside the current value; null where a step is missing or of another kind.
    private static @Nullable String textAt(JsonParser json, JsonToken value, String... path) {
        return textAt(json, value, 0, path);
    }

    private static @Nullable String textAt(JsonParser json, JsonToken value, int depth, String... path) {
        if (depth == path.length) {
            return textOrNull(json, value);
        }
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return null;
        }
        String found = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean here = json.currentName().equals(path[depth]);
            JsonToken inner = json.nextToken();
            if (here) {
                found = textAt(json, inner, depth + 1, path);
            } else {
                json.skipChildren();
            }
        }
        return found;
    }

    private static @Nullable Integer statusCode(JsonParser json, JsonToken value) {
        return switch (value) {
            case VALUE_NUMBER_INT -> json.getIntValue();
            case VALUE_NULL -> null;
            default -> throw new UnexpectedShape("response.status_code is not an integer");
        };
    }

    /// A count of tokens; null unless it is an integer. An odd count does not make an answer unreadable.
    private static @Nullable Long count(JsonParser json, JsonToken value) {
        if (value == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long count = json.getLongValue();
            return count < 0 ? null : Long.valueOf(count);
        }
        json.skipChildren();
        return null;
    }

    private static @Nullable Long countAt(JsonParser json, JsonToken value, String field) {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return null;
        }
        Long found = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean here = json.currentName().equals(field);
            JsonToken inner = json.nextToken();
            if (here) {
                found = count(json, inner);
            } else {
                json.skipChildren();
            }
        }
        return found;
    }

    private static boolean isObject(JsonToken value, String field) {
        return isKind(value, JsonToken.START_OBJECT, field + " is not an object");
    }

    private static boolean isArray(JsonToken value, String field) {
        return isKind(value, JsonToken.START_ARRAY, field + " is not an array");
    }

    private static boolean isKind(JsonToken value, JsonToken expected, String reason) {
        if (value != expected && value != JsonToken.VALUE_NULL) {
            throw new UnexpectedShape(reason);
        }
        return value == expected;
    }

    /// The line is JSON, but a field that decides the outcome is of another kind than the provider documents.
    private static final class UnexpectedShape extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        UnexpectedShape(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
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
        String bodyError;

        @Nullable
        String chatContent;

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
                    chat ? chatContent : response ? outputContent : null,
                    first(usage.prompt, usage.input),
                    first(usage.completion, usage.output),
                    usage.total,
                    first(usage.inputCached, usage.promptCached),
                    first(usage.outputReasoning, usage.completionReasoning),
                    bodyError != null ? bodyError : topLevelErrorKind,
                    finishReason != null ? finishReason : incompleteReason,
                    refusal);
        }

        private @Nullable String thoughts() {
            return summaries.isEmpty() ? reasoningSummary : String.join(" ", summaries);
        }

        private static @Nullable Long first(@Nullable Long one, @Nullable Long other) {
            return one != null ? one : other;
        }
    }
}
