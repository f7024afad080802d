package io.pairbatch.spec;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A field of the request body that a provider documents and that is sent as the job gives it.
///
/// @param name in job.json
/// @param isText whether it is a text; one that stands in an object's metadata is then never taken for a number
/// @param expected what is accepted, in words
public record BodyField(String name, boolean isText, String expected, Predicate<JsonNode> accepted) {

    /// A field that is not a text.
    public static BodyField of(String name, String expected, Predicate<JsonNode> accepted) {
        return new BodyField(name, false, expected, accepted);
    }

    /// A text.
    public static BodyField text(String name, String expected, Predicate<JsonNode> accepted) {
        return new BodyField(name, true, expected, accepted);
    }

    /// Any text.
    public static BodyField text(String name) {
        return text(name, "a text", JsonNode::isString);
    }

    /// One of a few words.
    public static BodyField oneOf(String name, String... words) {
        int last = words.length - 1;
        String expected = String.join(", ", List.of(words).subList(0, last)) + " or " + words[last];
        return text(name, expected, node -> isOneOf(node, words));
    }

    /// True or false.
    public static BodyField flag(String name) {
        return of(name, "true or false", JsonNode::isBoolean);
    }

    /// A JSON object.
    public static BodyField object(String name) {
        return of(name, "an object", JsonNode::isObject);
    }

    /// A whole number.
    ///
    /// @param max `Integer.MAX_VALUE`: as large as it likes
    public static BodyField whole(String name, int min, int max) {
        return of(
                name,
                SpecFields.range(min, max),
                node -> node.isIntegralNumber()
                        && node.canConvertToInt()
                        && node.intValue() >= min
                        && node.intValue() <= max);
    }

    /// A number that need not be whole.
    public static BodyField number(String name, int min, int max) {
        return of(name, "a number from " + min + " to " + max, node -> isBetween(node, min, max));
    }

    /// A number of 40 characters at most.
    static boolean isNumber(JsonNode node) {
        return node.isNumber() && node.asString().length() <= SpecFields.SHOWN;
    }

    public static boolean isBetween(JsonNode node, int min, int max) {
        return isNumber(node)
                && node.decimalValue().compareTo(BigDecimal.valueOf(min)) >= 0
                && node.decimalValue().compareTo(BigDecimal.valueOf(max)) <= 0;
    }

    public static boolean isOneOf(JsonNode node, String... words) {
        return node.isString() && List.of(words).contains(node.stringValue());
    }

    public static boolean isFilledText(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank();
    }

    public static boolean isListOf(JsonNode node, int most, Predicate<JsonNode> item) {
        return node.isArray() && node.size() <= most && node.values().stream().allMatch(item);
    }

    /// What a job gives, in the order of `fields`.
    public static Map<String, JsonNode> read(List<BodyField> fields, SpecFields job) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        for (BodyField field : fields) {
            JsonNode node = job.accepted(field.name, field.accepted, field.expected);
            if (node != null) {
                found.put(field.name, node);
            }
        }
        return found;
    }

    /// The names of a provider's options that are texts, or of the others.
    ///
    /// @param own options that are not handed through
    public static Set<String> names(List<BodyField> fields, boolean texts, String... own) {
        Stream<String> names =
                fields.stream().filter(field -> field.isText == texts).map(BodyField::name);
        return Stream.concat(names, Stream.of(own)).collect(Collectors.toUnmodifiableSet());
    }
}
