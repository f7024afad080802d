package io.pairbatch.provider;

import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reading a provider's line as a stream of tokens: what is there, and what is of another kind than documented.
public final class AnswerJson {

    /// No line holds a longer string than this; see the collector's limit on lines.
    private static final int MAX_STRING = 64 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(MAX_STRING).build())
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    private AnswerJson() {}

    /// Reads a line that must be one JSON object.
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
            return new Reading.Understood(answer.get());
        } catch (UnexpectedShape e) {
            return new Reading.Unreadable(e.reason, customId.get());
        } catch (JacksonException e) {
            return new Reading.Unreadable("not valid JSON", customId.get());
        }
    }

    /// A string or null.
    ///
    /// @throws UnexpectedShape for anything else
    public static @Nullable String text(JsonParser json, JsonToken value, String field) {
        return switch (value) {
            case VALUE_STRING -> json.getString();
            case VALUE_NULL -> null;
            default -> throw new UnexpectedShape(field + " is not a string");
        };
    }

    /// The string; null for anything else, which is skipped.
    public static @Nullable String textOrNull(JsonParser json, JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            return json.getString();
        }
        json.skipChildren();
        return null;
    }

    /// The string at `path` inside the current value; null where a step is missing or of another kind.
    public static @Nullable String textAt(JsonParser json, JsonToken value, String... path) {
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

    /// A count of tokens; null unless it is an integer. An odd count does not make an answer unreadable.
    public static @Nullable Long count(JsonParser json, JsonToken value) {
        if (value == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long count = json.getLongValue();
            return count < 0 ? null : Long.valueOf(count);
        }
        json.skipChildren();
        return null;
    }

    /// The count under `field` of the current value.
    public static @Nullable Long countAt(JsonParser json, JsonToken value, String field) {
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

    /// Whether it is an object; false for null.
    ///
    /// @throws UnexpectedShape for anything else
    public static boolean isObject(JsonToken value, String field) {
        return isKind(value, JsonToken.START_OBJECT, field + " is not an object");
    }

    /// Whether it is a list; false for null.
    ///
    /// @throws UnexpectedShape for anything else
    public static boolean isArray(JsonToken value, String field) {
        return isKind(value, JsonToken.START_ARRAY, field + " is not an array");
    }

    private static boolean isKind(JsonToken value, JsonToken expected, String reason) {
        if (value != expected && value != JsonToken.VALUE_NULL) {
            throw new UnexpectedShape(reason);
        }
        return value == expected;
    }

    /// The line is JSON, but a field that decides the outcome is of another kind than the provider documents.
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
