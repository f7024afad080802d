package io.pairbatch.pairs;

import io.pairbatch.text.Unicode;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// The fields of one line of JSONL. Strings are kept as they are, numbers and booleans as they were written, objects
/// and lists as compact JSON; null is missing.
final class JsonFields {

    private static final Set<JsonToken> NO_TEXTS =
            Set.of(JsonToken.START_OBJECT, JsonToken.START_ARRAY, JsonToken.VALUE_TRUE, JsonToken.VALUE_FALSE);

    private final JsonFactory json = new JsonFactory();
    private boolean repaired;

    /// A line as an object, or what is wrong with it, without any of its content.
    sealed interface Line {

        /// An object.
        ///
        /// @param repaired whether half a surrogate pair was replaced in a name or a value
        /// @param kinds of the values that are lists, objects, true or false
        /// @param nul what holds a NUL, such as `a value`; empty if nothing does
        record Fields(
                SequencedMap<String, @Nullable String> values,
                boolean repaired,
                Map<String, JsonToken> kinds,
                String nul)
                implements Line {}

        record Unreadable(String detail) implements Line {}
    }

    Line parse(String text) {
        repaired = false;
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Line.Unreadable("not a JSON object");
            }
            SequencedMap<String, @Nullable String> values = new LinkedHashMap<>();
            Map<String, JsonToken> kinds = new HashMap<>();
            String nul = "";
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = wellFormed(parser.currentName());
                if (values.containsKey(name)) {
                    return new Line.Unreadable("a name stands twice in the object");
                }
                JsonToken kind = parser.nextToken();
                if (NO_TEXTS.contains(kind)) {
                    kinds.put(name, kind);
                }
                String value = value(parser);
                if (name.indexOf('\0') >= 0) {
                    nul = "a name";
                } else if (value != null && holdsNul(value, kinds.containsKey(name))) {
                    nul = "value " + (values.size() + 1);
                }
                values.put(name, value);
            }
            return parser.nextToken() == null
                    ? new Line.Fields(values, repaired, kinds, nul)
                    : new Line.Unreadable("more than one JSON object");
        } catch (StreamConstraintsException e) {
            return new Line.Unreadable("nested more deeply, or with longer names or numbers, than can be read");
        } catch (JacksonException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            return new Line.Unreadable("not JSON" + (column > 0 ? " (character " + column + ")" : ""));
        }
    }

    /// In a list or an object, which is kept as JSON, the NUL stays escaped.
    private static boolean holdsNul(String value, boolean asJson) {
        return value.indexOf('\0') >= 0 || (asJson && value.contains("\\u0000"));
    }

    private @Nullable String value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case START_OBJECT, START_ARRAY -> {
                StringWriter nested = new StringWriter();
                try (JsonGenerator out = json.createGenerator(ObjectWriteContext.empty(), nested)) {
                    out.copyCurrentStructureExact(parser);
                }
                yield wellFormed(nested.toString());
            }
            default -> wellFormed(parser.getString());
        };
    }

    @SuppressWarnings("ReferenceEquality") // a text without a flaw comes back as it is
    private String wellFormed(String text) {
        String whole = Unicode.wellFormed(text);
        repaired |= whole != text;
        return whole;
    }
}
