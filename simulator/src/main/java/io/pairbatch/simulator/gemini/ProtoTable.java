package io.pairbatch.simulator.gemini;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The message types of a Google API in JSON: fields and their types. A field has two spellings, `top_p` and
/// `topP`; a repeated field also accepts a single value; null counts as absent; enum names are case-insensitive.
final class ProtoTable {

    private static final String PACKAGE = "type.googleapis.com/google.ai.generativelanguage.v1beta.";

    /// A member that does not fit its message type.
    sealed interface Misfit {

        /// The path of the unknown name's parent or of the value, like `contents[0].parts[1]`; empty at the top.
        String path();

        /// The name as it was sent.
        String name();
    }

    record UnknownName(String path, String name) implements Misfit {}

    record InvalidValue(String path, String name, String type, JsonNode value) implements Misfit {}

    /// Message → spelling → field.
    private final Map<String, Map<String, Field>> messages = new HashMap<>();

    private final Map<String, List<String>> enums = new HashMap<>();

    private record Field(String name, String type, boolean repeated) {}

    ProtoTable(JsonNode messages, JsonNode enums) {
        messages.properties().forEach(message -> this.messages.put(message.getKey(), fields(message.getValue())));
        enums.properties()
                .forEach(names -> this.enums.put(
                        names.getKey(),
                        names.getValue()
                                .valueStream()
                                .map(JsonNode::stringValue)
                                .toList()));
    }

    private static Map<String, Field> fields(JsonNode message) {
        Map<String, Field> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : message.properties()) {
            String type = entry.getValue().stringValue();
            boolean repeated = type.endsWith("[]");
            Field field = new Field(entry.getKey(), repeated ? type.substring(0, type.length() - 2) : type, repeated);
            fields.put(entry.getKey(), field);
            fields.put(camel(entry.getKey()), field);
        }
        return fields;
    }

    /// A field's value in either spelling; a missing node if it is absent or null.
    static JsonNode get(JsonNode message, String field) {
        JsonNode value = message.path(field);
        if (value.isMissingNode()) {
            value = message.path(camel(field));
        }
        return value.isNull() ? message.path("") : value;
    }

    /// The values of a repeated field.
    static List<JsonNode> items(JsonNode message, String field) {
        JsonNode value = get(message, field);
        if (value.isMissingNode()) {
            return List.of();
        }
        return value.isArray() ? value.valueStream().toList() : List.of(value);
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean upper = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return camel.toString();
    }

    /// All misfits, in the order of the JSON.
    ///
    /// @param path of the value, empty for a whole body
    List<Misfit> check(String message, JsonNode value, String path) {
        List<Misfit> misfits = new ArrayList<>();
        if (value.isObject()) {
            fields(message, value, path, misfits);
        } else {
            misfits.add(new InvalidValue(path, "", PACKAGE + message, value));
        }
        return misfits;
    }

    private void fields(String message, JsonNode object, String path, List<Misfit> misfits) {
        Map<String, Field> fields = messages.getOrDefault(message, Map.of());
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            Field field = fields.get(member.getKey());
            if (field == null) {
                misfits.add(new UnknownName(path, member.getKey()));
                continue;
            }
            String at = path.isEmpty() ? field.name() : path + "." + field.name();
            JsonNode value = member.getValue();
            if (field.repeated() && value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    value(field, member.getKey(), value.path(i), at + "[" + i + "]", misfits);
                }
            } else if (!value.isNull()) {
                value(field, member.getKey(), value, at, misfits);
            }
        }
    }

    private void value(Field field, String name, JsonNode value, String at, List<Misfit> misfits) {
        if (messages.containsKey(field.type()) && value.isObject()) {
            fields(field.type(), value, at, misfits);
            return;
        }
        String wanted = wanted(field.type(), value);
        if (wanted != null) {
            misfits.add(new InvalidValue(at, name, wanted, value));
        }
    }

    /// The expected type, if the value has another one; null if it fits.
    private @Nullable String wanted(String type, JsonNode value) {
        List<String> names = enums.get(type);
        if (names != null) {
            return isOneOf(names, value) ? null : PACKAGE + type;
        }
        boolean fits = switch (type) {
            case "string", "bytes" -> value.isString();
            case "bool" -> value.isBoolean();
            case "int32" -> isInteger(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "int64" -> isInteger(value, Long.MIN_VALUE, Long.MAX_VALUE);
            case "float" -> number(value) != null;
            case "Struct" -> value.isObject();
            case "Value" -> true;
            default -> false;
        };
        if (fits) {
            return null;
        }
        return type.equals("Struct") || messages.containsKey(type)
                ? PACKAGE + type
                : "TYPE_" + type.toUpperCase(Locale.ROOT);
    }

    private static boolean isOneOf(List<String> names, JsonNode value) {
        return value.isString() && names.contains(value.stringValue().toUpperCase(Locale.ROOT));
    }

    private static boolean isInteger(JsonNode value, long least, long most) {
        BigDecimal number = number(value);
        return number != null
                && number.stripTrailingZeros().scale() <= 0
                && number.compareTo(BigDecimal.valueOf(least)) >= 0
                && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    /// A number, which may also be a string; null for anything else.
    static @Nullable BigDecimal number(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        if (value.isString() && value.stringValue().matches("-?\\d{1,30}(\\.\\d{1,30})?([eE][-+]?\\d{1,2})?")) {
            return new BigDecimal(value.stringValue());
        }
        return null;
    }
}
