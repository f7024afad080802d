package io.pairbatch.provider;

import io.pairbatch.text.JsonWalk;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads one line of a provider's results as a stream of tokens, and finds what is not of the documented kind.
public final class AnswerJson {

    /// No line holds a longer string than this; see the collector's limit on lines.
    private static final int MAX_STRING = 64 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(MAX_STRING).build())
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    private AnswerJson() {}

    /// Reads a line that must be one JSON object. What the model wrote as thoughts into its answer is put among its
    /// thoughts.
    ///
    /// @param members reads the object's members, up to its end
    /// @param answer what they came to
    /// @param customId the id if it has been read
    public static Reading read(
            InputStream line,
            Consumer<JsonParser> members,
            Supplier<Answer> answer,
            Supplier<@Nullable String> customId) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new Reading.Unreadable("not a JSON object", null);
            }
            members.accept(json);
            if (json.nextToken() != null) {
                return new Reading.Unreadable("text after the JSON object", customId.get());
            }
            return new Reading.Understood(ThoughtMarks.apart(answer.get()));
        } catch (UnexpectedShape e) {
            return new Reading.Unreadable(e.reason, customId.get());
        } catch (JacksonException e) {
            return new Reading.Unreadable("not valid JSON", customId.get());
        }
    }

    /// A string or null.
    ///
    /// @throws UnexpectedShape for anything else
    public static @Nullable String text(JsonParser json, String field) {
        return switch (json.currentToken()) {
            case VALUE_STRING -> json.getString();
            case VALUE_NULL -> null;
            default -> throw new UnexpectedShape(field + " is not a string");
        };
    }

    /// The string; null for anything else.
    public static @Nullable String textOrNull(JsonParser json) {
        return json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : null;
    }

    /// The string at `path` inside the current value; null where a step is missing or of another kind.
    public static @Nullable String textAt(JsonParser json, String... path) {
        return at(json, AnswerJson::textOrNull, 0, path);
    }

    /// A count of tokens; null unless it is an integer. An odd count does not make an answer unreadable.
    public static @Nullable Long count(JsonParser json) {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
                || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return null;
        }
        long count = json.getLongValue();
        return count < 0 ? null : Long.valueOf(count);
    }

    /// The count under `field` of the current value.
    public static @Nullable Long countAt(JsonParser json, String field) {
        return at(json, AnswerJson::count, 0, field);
    }

    private static <T> @Nullable T at(
            JsonParser json, Function<JsonParser, @Nullable T> read, int depth, String... path) {
        if (depth == path.length) {
            return read.apply(json);
        }
        T found = null;
        for (String name : JsonWalk.members(json)) {
            if (name.equals(path[depth])) {
                found = at(json, read, depth + 1, path);
            }
        }
        return found;
    }

    /// The members of the object, as [JsonWalk#members]; none of null.
    ///
    /// @throws UnexpectedShape for anything else
    public static Iterable<String> members(JsonParser json, String field) {
        isObject(json, field);
        return JsonWalk.members(json);
    }

    /// The items of the array, as [JsonWalk#items]; none of null.
    ///
    /// @throws UnexpectedShape for anything else
    public static Iterable<JsonToken> items(JsonParser json, String field) {
        isKind(json, JsonToken.START_ARRAY, field + " is not an array");
        return JsonWalk.items(json);
    }

    /// Whether it is an object; false for null.
    ///
    /// @throws UnexpectedShape for anything else
    public static boolean isObject(JsonParser json, String field) {
        return isKind(json, JsonToken.START_OBJECT, field + " is not an object");
    }

    private static boolean isKind(JsonParser json, JsonToken expected, String reason) {
        JsonToken value = json.currentToken();
        if (value != expected && value != JsonToken.VALUE_NULL) {
            throw new UnexpectedShape(reason);
        }
        return value == expected;
    }

    /// The line is JSON, but a field that decides the outcome is not of the kind that the provider documents.
    public static final class UnexpectedShape extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String reason;

        /// @param reason one short sentence without any of the line's text
        public UnexpectedShape(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
