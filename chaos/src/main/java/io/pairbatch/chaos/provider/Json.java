package io.pairbatch.chaos.provider;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes JSON, without spaces.
final class Json {

    /// Duplicate members are an error, and so is text after the value.
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder(512);

    private Json(char first) {
        out.append(first);
    }

    /// Starts an object.
    static Json object() {
        return new Json('{');
    }

    /// Parses a value; null if it is invalid.
    static @Nullable JsonNode read(byte[] bytes, int from, int to) {
        try {
            JsonNode node = MAPPER.readTree(bytes, from, to - from);
            return node == null || node.isMissingNode() ? null : node;
        } catch (JacksonException e) {
            return null;
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /// The string; empty for anything else.
    static String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isString() ? value.stringValue() : "";
    }

    Json open(String name) {
        name(name);
        out.append('{');
        return this;
    }

    /// Starts an object that is an item of a list.
    Json open() {
        comma();
        out.append('{');
        return this;
    }

    Json close() {
        out.append('}');
        return this;
    }

    Json openList(String name) {
        name(name);
        out.append('[');
        return this;
    }

    Json closeList() {
        out.append(']');
        return this;
    }

    /// A member; its name must not need escaping.
    Json put(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            out.append("null");
        } else {
            quote(value);
        }
        return this;
    }

    /// A member with any name.
    Json entry(String name, String value) {
        comma();
        quote(name);
        out.append(':');
        quote(value);
        return this;
    }

    Json put(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    Json put(String name, boolean value) {
        name(name);
        out.append(value);
        return this;
    }

    Json putNull(String name) {
        return raw(name, "null");
    }

    /// A number; null for a negative one.
    Json putTime(String name, long seconds) {
        return seconds < 0 ? putNull(name) : put(name, seconds);
    }

    /// A member whose value is already JSON.
    Json raw(String name, String json) {
        name(name);
        out.append(json);
        return this;
    }

    /// An item that is already JSON.
    Json item(String json) {
        comma();
        out.append(json);
        return this;
    }

    /// Ends the object that was started first.
    String end() {
        return out.append('}').toString();
    }

    byte[] endBytes() {
        return end().getBytes(StandardCharsets.UTF_8);
    }

    private void name(String name) {
        comma();
        out.append('"').append(name).append("\":");
    }

    private void comma() {
        char last = out.charAt(out.length() - 1);
        if (last != '{' && last != '[') {
            out.append(',');
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < ' ') {
                return false;
            }
        }
        return true;
    }

    private void quote(String text) {
        if (isPlain(text)) {
            out.append('"').append(text).append('"');
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
