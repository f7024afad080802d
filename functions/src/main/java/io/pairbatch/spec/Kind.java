package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The values that a field may have, in a job and in a frozen job.
///
/// @param isText whether they are strings; such a value in an object's metadata is never parsed as a number
/// @param words the name of the type in docs/JOB.md
/// @param constraint adds the type's constraints to a JSON Schema, except for null
/// @param reader reads and validates a job's value
/// @param writer writes a value to a frozen job
/// @param thaw reads what `writer` has written, without validating it again
record Kind<T>(
        boolean isText,
        String words,
        Consumer<ObjectNode> constraint,
        Reader<T> reader,
        Writer<T> writer,
        Function<JsonNode, T> thaw) {

    /// Not blank, and without control characters, as a pattern of JSON Schema.
    private static final String ONE_LINE =
            "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$";

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,6})([dhms])");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");

    /// How a frozen job says that it has the default limit for bad rows.
    private static final String DEFAULT = "default";

    @FunctionalInterface
    interface Reader<T> {

        /// The value; null if the field is left out, or invalid and a problem was recorded.
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

    /// Any text, including an empty one.
    static Kind<String> text() {
        return new Kind<>(
                true,
                "text",
                type("string"),
                SpecFields::text,
                JsonGenerator::writeStringProperty,
                JsonNode::stringValue);
    }

    /// A text that is not blank.
    ///
    /// @param most its maximum length in characters
    static Kind<String> filledText(int most) {
        return new Kind<>(
                true,
                "text",
                schema -> schema.put("type", "string").put("pattern", "\\S").put("maxLength", most),
                (fields, name) -> fields.filledText(name, most),
                JsonGenerator::writeStringProperty,
                JsonNode::stringValue);
    }

    /// A text on one line that is not blank.
    ///
    /// @param most its maximum length in characters
    static Kind<String> line(int most) {
        return new Kind<>(
                true,
                "text",
                schema -> schema.put("type", "string").put("pattern", ONE_LINE).put("maxLength", most),
                (fields, name) -> {
                    String text = fields.text(name);
                    if (text != null && !fields.isFrozen() && !isLine(text, most)) {
                        fields.invalid(name, fields.find(name), "a text of 1 to " + most + " characters on one line");
                        return null;
                    }
                    return text;
                },
                JsonGenerator::writeStringProperty,
                JsonNode::stringValue);
    }

    static boolean isLine(String text, int most) {
        return !text.isBlank() && text.length() <= most && text.chars().noneMatch(Character::isISOControl);
    }

    /// An object of texts, each on one line.
    static Kind<Map<String, String>> labels() {
        return new Kind<>(
                false,
                "object of texts",
                schema -> {
                    schema.put("type", "object").put("maxProperties", Filing.MOST_LABELS);
                    schema.putObject("propertyNames").put("pattern", "^" + Filing.NAME.pattern() + "$");
                    schema.putObject("additionalProperties")
                            .put("type", "string")
                            .put("pattern", ONE_LINE)
                            .put("maxLength", Filing.LONGEST_TEXT);
                },
                (fields, name) -> {
                    Map<String, String> labels = fields.texts(name);
                    boolean valid = labels.size() <= Filing.MOST_LABELS
                            && labels.entrySet().stream()
                                    .allMatch(label ->
                                            Filing.NAME.matcher(label.getKey()).matches()
                                                    && isLine(label.getValue(), Filing.LONGEST_TEXT));
                    if (!valid && !fields.isFrozen()) {
                        fields.invalid(
                                name,
                                fields.find(name),
                                Filing.MOST_LABELS + " labels at most: names of up to 64 letters, digits, `_`, `.` and"
                                        + " `-` that begin with a letter, and texts of 1 to " + Filing.LONGEST_TEXT
                                        + " characters on one line");
                        return null;
                    }
                    return labels;
                },
                (json, name, labels) -> {
                    json.writeObjectPropertyStart(name);
                    labels.forEach(json::writeStringProperty);
                    json.writeEndObject();
                },
                frozen -> {
                    Map<String, String> labels = new LinkedHashMap<>();
                    frozen.properties()
                            .forEach(label ->
                                    labels.put(label.getKey(), label.getValue().stringValue()));
                    return labels;
                });
    }

    /// A list of causes and error codes of pairs without a winner, which may be empty.
    static Kind<List<String>> retryCodes() {
        List<String> known = Stream.concat(
                        FailureCause.ofPairs().stream().map(FailureCause::code),
                        Arrays.stream(FailureCode.values()).map(FailureCode::code))
                .distinct()
                .toList();
        return new Kind<>(
                false,
                "list of codes",
                schema -> known.forEach(
                        schema.put("type", "array").putObject("items").putArray("enum")::add),
                (fields, name) -> {
                    String expected = "a list of " + String.join(", ", known);
                    JsonNode node = fields.accepted(
                            name, list -> list.isArray() && list.valueStream().allMatch(JsonNode::isString), expected);
                    if (node == null) {
                        return null;
                    }
                    Optional<JsonNode> unknown = node.valueStream()
                            .filter(code -> !known.contains(code.stringValue()))
                            .findFirst();
                    if (unknown.isPresent() && !fields.isFrozen()) {
                        fields.invalid(name, unknown.get(), expected);
                        return null;
                    }
                    return node.valueStream()
                            .map(JsonNode::stringValue)
                            .distinct()
                            .toList();
                },
                (json, name, codes) -> {
                    json.writeArrayPropertyStart(name);
                    codes.forEach(json::writeString);
                    json.writeEndArray();
                },
                frozen -> frozen.valueStream().map(JsonNode::stringValue).toList());
    }

    /// One of several words.
    ///
    /// @param code the word for a value
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
    /// @param max `Integer.MAX_VALUE` for no limit
    static Kind<Integer> whole(int min, int max) {
        return new Kind<>(
                false,
                range(min, max),
                schema -> schema.put("type", "integer").put("minimum", min).put("maximum", max),
                (fields, name) -> fields.whole(name, min, max),
                JsonGenerator::writeNumberProperty,
                JsonNode::intValue);
    }

    /// A number that may have a fraction.
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

    /// An amount of money: more than nothing, to the micro-USD.
    static Kind<BigDecimal> usd() {
        return new Kind<>(
                false,
                "USD",
                schema ->
                        schema.put("type", "number").put("exclusiveMinimum", 0).put("maximum", CostLimit.MOST),
                (fields, name) -> {
                    JsonNode node = fields.find(name);
                    if (node == null) {
                        return null;
                    }
                    BigDecimal usd = node.isNumber() ? node.decimalValue() : BigDecimal.ZERO;
                    Optional<BigDecimal> limit = CostLimit.of(usd);
                    if (limit.isEmpty() && !fields.isFrozen()) {
                        fields.invalid(name, node, CostLimit.EXPECTED);
                        return null;
                    }
                    return limit.orElseGet(() -> CostLimit.plain(usd));
                },
                JsonGenerator::writeNumberProperty,
                frozen -> CostLimit.plain(frozen.decimalValue()));
    }

    private static String range(int min, int max) {
        return max == Integer.MAX_VALUE ? "≥ " + min : String.format(Locale.ROOT, "%,d to %,d", min, max);
    }

    /// A duration in one unit, such as `90m`, or in ISO 8601 format.
    ///
    /// @param expected for messages, including minimum and maximum
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

    /// A number of rows, or a share such as `5%`.
    static Kind<BadRowLimit> badRows() {
        return new Kind<>(
                false,
                "number, or `\"5%\"`",
                schema -> {
                    schema.putArray("type").add("integer").add("string");
                    schema.put("minimum", 0)
                            .put("pattern", "^\\s*(default|(100(\\.0{1,6})?|0?[0-9]{1,2}(\\.[0-9]{1,6})?)\\s*%)\\s*$");
                },
                Kind::badRows,
                (json, name, value) -> {
                    switch (value) {
                        case BadRowLimit.Rows rows -> json.writeNumberProperty(name, rows.rows());
                        case BadRowLimit.Percent percent -> json.writeStringProperty(name, percent.percent() + "%");
                        case BadRowLimit.Default usual -> json.writeStringProperty(name, DEFAULT);
                        case BadRowLimit.None none -> json.writeNullProperty(name);
                    }
                },
                frozen -> {
                    if (frozen.isNull()) {
                        return new BadRowLimit.None();
                    }
                    if (frozen.isString()) {
                        String text = frozen.stringValue();
                        if (text.equals(DEFAULT)) {
                            return new BadRowLimit.Default();
                        }
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
        if (node.isString() && node.stringValue().strip().equals(DEFAULT)) {
            return new BadRowLimit.Default();
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

    /// The only value that a field may have so far.
    ///
    /// @param text whether it will be a string
    /// @param value null: the field must be left out
    /// @param expected for messages
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

    /// This kind, or empty if the field is left out.
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
