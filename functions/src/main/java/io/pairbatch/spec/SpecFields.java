package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.Problem;
import io.pairbatch.text.Unicode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Looks up fields in layers, nearest first, checks types and ranges, and collects problems. A JSON null counts as an
/// absent field. A getter that finds a problem records it and returns the default.
///
/// The fields of a frozen job are read, but not validated: it was accepted once, and its batches may be paid for. For
/// it, only a value of the wrong type is a problem.
public final class SpecFields {

    static final int SHOWN = 40;

    private final List<SpecLayer> layers;
    private final boolean frozen;
    private final List<Problem> problems = new ArrayList<>();

    SpecFields(List<SpecLayer> layers) {
        this(layers, false);
    }

    private SpecFields(List<SpecLayer> layers, boolean frozen) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("no layers");
        }
        this.layers = layers;
        this.frozen = frozen;
    }

    /// The fields of a frozen job.
    static SpecFields ofFrozen(SpecLayer job) {
        return new SpecFields(List.of(job), true);
    }

    /// Whether every value of the right type is accepted.
    public boolean isFrozen() {
        return frozen;
    }

    List<Problem> problems() {
        return problems;
    }

    /// The value in the nearest layer that has the field, or null.
    public @Nullable JsonNode find(String name) {
        for (SpecLayer layer : layers) {
            JsonNode node = value(layer, name);
            if (node != null) {
                return node;
            }
        }
        return null;
    }

    /// The value if `fits` accepts it; null if there is none, or after recording a problem.
    ///
    /// @param expected for messages
    public @Nullable JsonNode accepted(String name, Predicate<JsonNode> fits, String expected) {
        JsonNode node = find(name);
        if (node == null || frozen || fits.test(node)) {
            return node;
        }
        invalid(name, node, expected);
        return null;
    }

    /// The nearest layer that has one of two fields, or null.
    @Nullable
    SpecLayer nearest(String one, String other) {
        return layers.stream()
                .filter(layer -> value(layer, one) != null || value(layer, other) != null)
                .findFirst()
                .orElse(null);
    }

    static @Nullable JsonNode value(SpecLayer layer, String name) {
        JsonNode node = layer.fields().get(name);
        return node == null || node.isNull() ? null : node;
    }

    /// A text; null if absent or of another type.
    public @Nullable String text(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            otherKind(name, node, "a text");
            return null;
        }
        return Unicode.wellFormed(node.stringValue());
    }

    /// A text.
    public String text(String name, String fallback) {
        String text = text(name);
        return text == null ? fallback : text;
    }

    /// A text that is not blank; null if absent or invalid.
    public @Nullable String filledText(String name, int maxLength) {
        String text = text(name);
        if (text != null && !frozen && (text.isBlank() || text.length() > maxLength)) {
            invalid(name, find(name), "a text of 1 to " + maxLength + " characters");
            return null;
        }
        return text;
    }

    /// The same for a required field; empty after recording a problem.
    String required(String name, int maxLength, String expected) {
        if (find(name) == null) {
            problem(ErrorCode.SPEC_MISSING_FIELD, name, "nothing", expected);
            return "";
        }
        String text = filledText(name, maxLength);
        return text == null ? "" : text;
    }

    /// One of several words; null if absent or invalid.
    <T> @Nullable T oneOf(String name, Function<T, String> code, List<T> all) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        for (T value : all) {
            if (node.isString() && node.stringValue().equals(code.apply(value))) {
                return value;
            }
        }
        List<String> words = all.stream().map(code).toList();
        int last = words.size() - 1;
        invalid(name, node, String.join(", ", words.subList(0, last)) + " or " + words.get(last));
        return null;
    }

    /// True or false; null if absent or of another type.
    public @Nullable Boolean flag(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            otherKind(name, node, "true or false");
            return null;
        }
        return node.booleanValue();
    }

    /// True or false.
    public boolean flag(String name, boolean fallback) {
        Boolean flag = flag(name);
        return flag == null ? fallback : flag;
    }

    /// A whole number from `min` to `max`; `min` if it is wrong, null if absent.
    public @Nullable Integer whole(String name, int min, int max) {
        JsonNode node = find(name);
        return node == null ? null : Integer.valueOf(whole(name, node, min, max));
    }

    int whole(String name, JsonNode node, int min, int max) {
        return whole(name, node, min, max, range(min, max));
    }

    /// @param expected for messages
    int whole(String name, JsonNode node, int min, int max, String expected) {
        boolean kind = node.isIntegralNumber() && node.canConvertToInt();
        if (!kind || (!frozen && (node.intValue() < min || node.intValue() > max))) {
            otherKind(name, node, expected);
            return min;
        }
        return node.intValue();
    }

    static String range(int min, int max) {
        return max == Integer.MAX_VALUE
                ? "a whole number, " + min + " or more"
                : "a whole number from " + min + " to " + max;
    }

    /// A number from `min` to `max` as it was written; null if absent or invalid.
    public @Nullable BigDecimal decimal(String name, int min, int max) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!(frozen ? BodyField.isNumber(node) : BodyField.isBetween(node, min, max))) {
            otherKind(name, node, "a number from " + min + " to " + max);
            return null;
        }
        return node.decimalValue();
    }

    /// An object whose values are strings, in its order.
    public Map<String, String> texts(String name) {
        JsonNode node = find(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (node == null) {
            return texts;
        }
        if (!node.isObject() || !node.values().stream().allMatch(JsonNode::isString)) {
            otherKind(name, node, "an object whose values are texts");
            return texts;
        }
        node.properties()
                .forEach(entry -> texts.put(
                        Unicode.wellFormed(entry.getKey()),
                        Unicode.wellFormed(entry.getValue().stringValue())));
        return texts;
    }

    /// Records a value of the wrong type.
    private void otherKind(String name, JsonNode found, String expected) {
        problems.add(new Problem(ErrorCode.SPEC_INVALID_VALUE, where(layerOf(name), name), shown(found), expected));
    }

    /// Records an invalid value, unless the job is frozen.
    public void invalid(String name, @Nullable JsonNode found, String expected) {
        problem(ErrorCode.SPEC_INVALID_VALUE, name, found == null ? "nothing" : shown(found), expected);
    }

    /// Records a problem with a field, unless the job is frozen.
    public void problem(ErrorCode code, String name, String found, String expected) {
        if (!frozen) {
            problems.add(new Problem(code, where(layerOf(name), name), found, expected));
        }
    }

    /// Records a problem with a member of a field that is an object.
    void problem(ErrorCode code, String name, String member, String found, String expected) {
        problems.add(new Problem(code, where(layerOf(name), name + "." + member), found, expected));
    }

    void problem(ErrorCode code, SpecLayer layer, String name, String found, String expected) {
        problems.add(new Problem(code, where(layer, name), found, expected));
    }

    private SpecLayer layerOf(String name) {
        return layers.stream()
                .filter(layer -> value(layer, name) != null)
                .findFirst()
                .orElse(layers.getFirst());
    }

    private static String where(SpecLayer layer, String name) {
        return layer.name() + ", field `" + cut(name) + "`";
    }

    /// The value, short enough for a message.
    static String shown(JsonNode node) {
        if (node.isString()) {
            return "the text \"" + cut(node.stringValue()) + "\"";
        }
        if (node.isNumber()) {
            return "the number " + cut(node.asString());
        }
        if (node.isBoolean()) {
            return String.valueOf(node.booleanValue());
        }
        return node.isArray() ? "a list" : node.isObject() ? "an object" : "null";
    }

    /// A text in quotes, short enough for a message.
    static String shown(String text) {
        return "\"" + cut(text) + "\"";
    }

    private static String cut(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
