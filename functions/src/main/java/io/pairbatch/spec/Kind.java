package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The values that a field may have, as a job gives them and as a frozen job holds them.
///
/// @param isText whether each is a text; one that stands in an object's metadata is then never taken for a number
/// @param words what docs/JOB.md calls them
/// @param constraint adds what a JSON Schema says of them, null aside
/// @param reader reads and judges what a job gives
/// @param writer writes a value into a frozen job
/// @param thaw reads what `writer` has written, without judging it again
record Kind<T>(
        boolean isText,
        String words,
        Consumer<ObjectNode> constraint,
        Reader<T> reader,
        Writer<T> writer,
        Function<JsonNode, T> thaw) {

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,6})([dhms])");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");

    @FunctionalInterface
    interface Reader<T> {

        /// The value; null if the field is left out, or wrong and a problem was noted.
        @Nullable
        T read(SpecFields fields, String name);
    }

    @FunctionalInterface
    interface Writer<T> {
        void write(JsonGenerator json, String name, T value);
    }

    static Kind<Boolean> flag() {
        return new Kind<>(
                false,
                "true/false",
                type("boolean"),
                SpecFields::flag,
                JsonGenerator::writeBooleanProperty,
                JsonNode::booleanValue);
    }

    /// Any text, also an empty one.
    static Kind<String> text() {
        return new Kind<>(
                true,
                "text",
                type("string"),
                SpecFields::text,
                JsonGenerator::writeStringProperty,
                JsonNode::stringValue);
    }

    /// A text with something in it other than blanks.
    ///
    /// @param most its length in characters
    static Kind<String> filledText(int most) {
        return new Kind<>(
                true,
                "text",
                schema -> schema.put("type", "string").put("pattern", "\\S").put("maxLength", most),
                (fields, name) -> fields.filledText(name, most),
                JsonGenerator::writeStringProperty,
                JsonNode::stringValue);
    }

    /// One of a few words.
    ///
    /// @param code the word of a value
    static <E> Kind<E> oneOf(List<E> values, Function<E, String> code) {
        return new Kind<>(
                true,
                values.stream().map(value -> "`" + code.apply(value) + "`").collect(Collectors.joining(", ")),
                schema -> values.forEach(value -> schema.withArray("enum").add(code.apply(value))),
                (fields, name) -> fields.oneOf(name, code, values),
                (json, name, value) -> json.writeStringProperty(name, code.apply(value)),
                frozen -> values.stream()
                        .filter(value -> code.apply(value).equals(frozen.stringValue()))
                        .findFirst()
                        .orElseThrow());
    }

    /// A whole number.
    ///
    /// @param max `Integer.MAX_VALUE`: as large as it likes
    static Kind<Integer> whole(int min, int max) {
        return new Kind<>(
                false,
                range(min, max),
                schema -> schema.put("type", "integer").put("minimum", min).put("maximum", max),
                (fields, name) -> fields.whole(name, min, max),
                JsonGenerator::writeNumberProperty,
                JsonNode::intValue);
    }

    /// A number that need not be whole.
    static Kind<Double> number(int min, int max) {
        return new Kind<>(
                false,
                range(min, max),
                schema -> schema.put("type", "number").put("minimum", min).put("maximum", max),
                (fields, name) -> {
                    BigDecimal number = fields.decimal(name, min, max);
                    return number == null ? null : number.doubleValue();
                },
                JsonGenerator::writeNumberProperty,
                JsonNode::doubleValue);
    }

    private static String range(int min, int max) {
        return max == Integer.MAX_VALUE ? "≥ " + min : String.format(Locale.ROOT, "%,d to %,d", min, max);
    }

    /// A duration in one unit, such as `90m`, or as ISO 8601 writes it.
    ///
    /// @param expected what a message says of it, with its least and its most
    static Kind<Duration> duration(Duration min, Duration max, String expected) {
        return new Kind<>(
                true,
                "duration",
                schema -> schema.put("type", "string").put("pattern", "^\\s*([0-9]{1,6}[dhms]|[-+]?[Pp].+)\\s*$"),
                (fields, name) -> {
                    JsonNode node = fields.find(name);
                    if (node == null) {
                        return null;
                    }
                    Duration value = parsed(node.isString() ? node.stringValue().strip() : "");
                    if (value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                        fields.invalid(name, node, expected);
                        return null;
                    }
                    return value;
                },
                (json, name, value) -> json.writeStringProperty(name, value.toString()),
                frozen -> Duration.parse(frozen.stringValue()));
    }

    private static @Nullable Duration parsed(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2).charAt(0)) {
                case 'd' -> Duration.ofDays(number);
                case 'h' -> Duration.ofHours(number);
                case 'm' -> Duration.ofMinutes(number);
                default -> Duration.ofSeconds(number);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /// A number of rows, or a part of them such as `5%`.
    static Kind<BadRowLimit> badRows() {
        return new Kind<>(
                false,
                "number, or `\"5%\"`",
                schema -> {
                    schema.putArray("type").add("integer").add("string");
                    schema.put("minimum", 0)
                            .put("pattern", "^\\s*(100(\\.0{1,6})?|0?[0-9]{1,2}(\\.[0-9]{1,6})?)\\s*%\\s*$");
                },
                Kind::badRows,
                (json, name, value) -> {
                    switch (value) {
                        case BadRowLimit.Rows rows -> json.writeNumberProperty(name, rows.rows());
                        case BadRowLimit.Percent percent -> json.writeStringProperty(name, percent.percent() + "%");
                        case BadRowLimit.None none -> json.writeNullProperty(name);
                    }
                },
                frozen -> {
                    if (frozen.isNull()) {
                        return new BadRowLimit.None();
                    }
                    if (frozen.isString()) {
                        String text = frozen.stringValue();
                        return new BadRowLimit.Percent(Double.parseDouble(text.substring(0, text.length() - 1)));
                    }
                    return new BadRowLimit.Rows(frozen.longValue());
                });
    }

    private static @Nullable BadRowLimit badRows(SpecFields fields, String name) {
        JsonNode node = fields.find(name);
        if (node == null) {
            return null;
        }
        if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0) {
            return new BadRowLimit.Rows(node.longValue());
        }
        Matcher percent = PERCENT.matcher(node.isString() ? node.stringValue().strip() : "");
        if (percent.matches()) {
            double value = Double.parseDouble(percent.group(1));
            if (value <= 100) {
                return new BadRowLimit.Percent(value);
            }
        }
        fields.invalid(name, node, "a number of rows, 0 or more, or a text such as \"5%\"");
        return null;
    }

    /// The only value that a field may have yet.
    ///
    /// @param text whether it will be a text
    /// @param value null: the field must be left out
    /// @param expected what a message says of it
    static Kind<JsonNode> only(boolean text, JsonNode value, String expected) {
        return new Kind<>(
                text,
                "`" + value + "`",
                schema -> schema.withArray("enum").add(value),
                (fields, name) -> {
                    JsonNode node = fields.find(name);
                    if (node != null && !node.equals(value)) {
                        fields.problem(ErrorCode.SPEC_NOT_AVAILABLE, name, SpecFields.shown(node), expected);
                    }
                    return null;
                },
                (json, name, written) -> {
                    json.writeName(name);
                    json.writePOJO(written);
                },
                frozen -> value);
    }

    /// This kind, or nothing at all where the field is left out.
    Kind<Optional<T>> orNothing() {
        return new Kind<>(
                isText,
                words,
                constraint,
                (fields, name) -> Optional.ofNullable(reader.read(fields, name)),
                (json, name, value) -> value.ifPresentOrElse(
                        some -> writer.write(json, name, some), () -> json.writeNullProperty(name)),
                frozen -> frozen.isNull() ? Optional.empty() : Optional.of(thaw.apply(frozen)));
    }

    /// The same values, read in another way.
    Kind<T> readBy(Reader<T> other) {
        return new Kind<>(isText, words, constraint, other, writer, thaw);
    }

    private static Consumer<ObjectNode> type(String type) {
        return schema -> schema.put("type", type);
    }
}
