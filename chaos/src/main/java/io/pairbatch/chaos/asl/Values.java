package io.pairbatch.chaos.asl;

import com.dashjoin.jsonata.Jsonata;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Data inside the interpreter: `Map`, `List`, `String`, `Long`, `Double`, `Boolean` and [#NULL]; converted at the
/// boundaries. Values are never modified after their creation. Java's own null is never data: it means that an
/// expression found nothing.
final class Values {

    /// JSON's null: the same constant that the JSONata library uses.
    static final Object NULL = Jsonata.NULL_VALUE;

    /// The largest integer that JSON's numbers hold exactly.
    private static final double EXACT = 9_007_199_254_740_992.0;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Values() {}

    static Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> map = LinkedHashMap.newLinkedHashMap(node.size());
                for (Map.Entry<String, JsonNode> field : node.properties()) {
                    map.put(field.getKey(), of(field.getValue()));
                }
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>(node.size());
                for (JsonNode item : node) {
                    list.add(of(item));
                }
                yield list;
            }
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NULL -> NULL;
            case NUMBER -> number(node.numberValue());
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("no JSON: " + node.getNodeType());
        };
    }

    /// A whole number is a `Long` if possible, so that equal numbers are equal objects.
    static Object number(Number number) {
        if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.longValue();
        }
        if (number instanceof BigInteger big && big.bitLength() < Long.SIZE) {
            return big.longValue();
        }
        return number(number.doubleValue());
    }

    static Object number(double value) {
        if (Math.rint(value) == value && Math.abs(value) <= EXACT) {
            return (long) value;
        }
        return value;
    }

    static JsonNode node(Object value) {
        if (value instanceof String text) {
            return NODES.stringNode(text);
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode node = NODES.objectNode();
            for (Map.Entry<?, ?> field : map.entrySet()) {
                node.set((String) field.getKey(), node(field.getValue()));
            }
            return node;
        }
        if (value instanceof List<?> list) {
            ArrayNode node = NODES.arrayNode(list.size());
            for (Object item : list) {
                node.add(node(item));
            }
            return node;
        }
        if (value instanceof Long number) {
            // Like the parser, so that nodes that were read and nodes that were created are equal.
            return number.intValue() == number.longValue()
                    ? NODES.numberNode(number.intValue())
                    : NODES.numberNode(number.longValue());
        }
        if (value instanceof Double number) {
            return NODES.numberNode(number.doubleValue());
        }
        if (value instanceof Boolean truth) {
            return NODES.booleanNode(truth);
        }
        if (NULL.equals(value)) {
            return NODES.nullNode();
        }
        throw new IllegalArgumentException("no value: " + value.getClass());
    }

    /// The name of a value's type in AWS's messages.
    static String type(@Nullable Object value) {
        if (value == null) {
            return "undefined";
        }
        if (NULL.equals(value)) {
            return "null";
        }
        return value instanceof Map
                ? "object"
                : value instanceof List
                        ? "array"
                        : value instanceof String
                                ? "string"
                                : value instanceof Number
                                        ? "number"
                                        : value instanceof Boolean ? "boolean" : "function";
    }

    /// An upper bound of [#bytes] that does not read any characters.
    static long bytesAtMost(Object value) {
        if (value instanceof String text) {
            return 2L + 6L * text.length();
        }
        long sum = 30;
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> field : map.entrySet()) {
                sum += 4L + 6L * ((String) field.getKey()).length() + bytesAtMost(field.getValue());
            }
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                sum += 1 + bytesAtMost(item);
            }
        }
        return sum;
    }

    /// The number of bytes of a value written as JSON without whitespace.
    static long bytes(Object value) {
        if (value instanceof String text) {
            return 2L + bytes(text);
        }
        if (value instanceof Map<?, ?> map) {
            long sum = 1L + Math.max(1, map.size());
            for (Map.Entry<?, ?> field : map.entrySet()) {
                sum += 3L + bytes((String) field.getKey()) + bytes(field.getValue());
            }
            return sum;
        }
        if (value instanceof List<?> list) {
            long sum = 1L + Math.max(1, list.size());
            for (Object item : list) {
                sum += bytes(item);
            }
            return sum;
        }
        return NULL.equals(value) ? 4 : value.toString().length();
    }

    private static long bytes(String text) {
        long sum = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                sum += c == '"' || c == '\\' ? 2 : c < 0x20 ? control(c) : 1;
            } else {
                // Each half of a surrogate pair counts as half of its four bytes.
                sum += c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
            }
        }
        return sum;
    }

    private static int control(char c) {
        return c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f' ? 2 : 6;
    }
}
