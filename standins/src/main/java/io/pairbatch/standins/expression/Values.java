package io.pairbatch.standins.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Attribute values as the service stores them: numbers in one representation, sets and maps in order. Two of them are
/// equal for the service if they are equal here.
public final class Values {

    private static final int LEVELS = 32;
    private static final int CONTAINER = 3;

    private Values() {}

    /// The value as the service stores it; refused if it is invalid.
    public static AttributeValue checked(AttributeValue value) {
        return checked(value, 0);
    }

    private static AttributeValue checked(AttributeValue value, int level) {
        if (level > LEVELS) {
            throw Invalid.request("Nesting Levels have exceeded supported limits");
        }
        return switch (value.type()) {
            case S, B, BOOL -> value;
            case NUL -> {
                if (!value.nul()) {
                    throw Invalid.request(
                            "One or more parameter values were invalid: Null attribute value types must have the"
                                    + " value of true");
                }
                yield value;
            }
            case N -> {
                String normal = Numbers.normal(value.n());
                yield normal.equals(value.n()) ? value : AttributeValue.fromN(normal);
            }
            case SS -> AttributeValue.fromSs(set(value.ss(), s -> s, Values::compareText));
            case NS -> AttributeValue.fromNs(set(value.ns(), Numbers::normal, Numbers::compare));
            case BS -> AttributeValue.fromBs(set(value.bs(), b -> b, Values::compareBytes));
            case L ->
                AttributeValue.fromL(
                        value.l().stream().map(v -> checked(v, level + 1)).toList());
            case M -> AttributeValue.fromM(checked(value.m(), level + 1));
            case UNKNOWN_TO_SDK_VERSION ->
                throw Invalid.request(
                        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
        };
    }

    /// The attributes as the service stores them, by name.
    public static Map<String, AttributeValue> checked(Map<String, AttributeValue> attributes) {
        return checked(attributes, 0);
    }

    private static Map<String, AttributeValue> checked(Map<String, AttributeValue> attributes, int level) {
        Map<String, AttributeValue> checked = new TreeMap<>();
        attributes.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw Invalid.request("One or more parameter values were invalid: An attribute name is empty");
            }
            checked.put(name, checked(value, level));
        });
        return checked;
    }

    private static <T> List<T> set(List<T> elements, Function<T, T> normal, Comparator<T> order) {
        if (elements.isEmpty()) {
            throw Invalid.request("One or more parameter values were invalid: A set may not be empty");
        }
        List<T> sorted = new ArrayList<>(elements.stream().map(normal).toList());
        sorted.sort(order);
        for (int i = 1; i < sorted.size(); i++) {
            if (order.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
                throw Invalid.request("One or more parameter values were invalid: Input collection " + elements
                        + " contains duplicates.");
            }
        }
        return sorted;
    }

    /// Whether the two can be compared by order.
    static boolean comparable(AttributeValue a, AttributeValue b) {
        return a.type() == b.type() && ordered(a);
    }

    /// Whether values of its type have an order.
    static boolean ordered(AttributeValue value) {
        return switch (value.type()) {
            case S, N, B -> true;
            default -> false;
        };
    }

    /// Compares two that are [#comparable].
    static int compare(AttributeValue a, AttributeValue b) {
        return switch (a.type()) {
            case S -> compareText(a.s(), b.s());
            case N -> Numbers.compare(a.n(), b.n());
            case B -> compareBytes(a.b(), b.b());
            default -> throw new IllegalArgumentException("no order among values of type " + a.type());
        };
    }

    static boolean equal(AttributeValue a, AttributeValue b) {
        if (a.type() != b.type()) {
            return false;
        }
        return switch (a.type()) {
            case S -> a.s().equals(b.s());
            case N -> a.n().equals(b.n());
            default -> a.equals(b);
        };
    }

    /// By UTF-8 bytes, which is the order of the code points and not of Java's chars.
    public static int compareText(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char mine = a.charAt(i);
            char its = b.charAt(i);
            if (mine != its) {
                boolean surrogates = Character.isSurrogate(mine) != Character.isSurrogate(its);
                return surrogates ? (Character.isSurrogate(mine) ? 1 : -1) : Character.compare(mine, its);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int compareBytes(SdkBytes a, SdkBytes b) {
        return Arrays.compareUnsigned(a.asByteArrayUnsafe(), b.asByteArrayUnsafe());
    }

    /// The number of bytes that these attributes count as.
    public static int size(Map<String, AttributeValue> attributes) {
        int size = 0;
        for (Map.Entry<String, AttributeValue> attribute : attributes.entrySet()) {
            size += utf8(attribute.getKey()) + size(attribute.getValue());
        }
        return size;
    }

    private static int size(AttributeValue value) {
        return switch (value.type()) {
            case S -> utf8(value.s());
            case N -> Numbers.size(value.n());
            case B -> value.b().asByteArrayUnsafe().length;
            case BOOL, NUL, UNKNOWN_TO_SDK_VERSION -> 1;
            case SS -> value.ss().stream().mapToInt(Values::utf8).sum();
            case NS -> value.ns().stream().mapToInt(Numbers::size).sum();
            case BS ->
                value.bs().stream().mapToInt(b -> b.asByteArrayUnsafe().length).sum();
            case L -> CONTAINER + value.l().stream().mapToInt(v -> 1 + size(v)).sum();
            case M -> CONTAINER + value.m().size() + size(value.m());
        };
    }

    /// The number of bytes of a text.
    public static int utf8(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts for two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
