package io.pairbatch.chaos.asl;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The functions that are implemented here; all others are left to the library.
final class Calls {

    private interface Function {

        @Nullable
        Object of(@Nullable Object argument) throws ExpressionFailed;
    }

    private record Call(Node argument, Function function, boolean isCondition) implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
            return function.of(argument.of(bindings, context));
        }
    }

    private record Power(Node base, Node exponent) implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
            Number left = number(base.of(bindings, context), "power");
            Number right = number(exponent.of(bindings, context), "power");
            if (left == null || right == null) {
                return null;
            }
            double result = Math.pow(left.doubleValue(), right.doubleValue());
            if (Double.isNaN(result) || Double.isInfinite(result)) {
                throw new ExpressionFailed("The result of $power is not a JSON number");
            }
            return Values.number(result);
        }
    }

    /// @param length null if it is absent
    private record Substring(Node text, int start, @Nullable Integer length) implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
            Object value = text.of(bindings, context);
            if (value == null) {
                return null;
            }
            if (!(value instanceof String string)) {
                throw wrong("substring", "string");
            }
            int points = string.codePointCount(0, string.length());
            if (start >= points) {
                return "";
            }
            int end = length == null ? points : (int) Math.min(points, (long) start + length);
            return string.substring(string.offsetByCodePoints(0, start), string.offsetByCodePoints(0, end));
        }
    }

    private Calls() {}

    /// A call of a function.
    ///
    /// @return null if the function is not implemented here, or not with these arguments
    static @Nullable Node call(String name, List<Node> arguments) {
        if (arguments.size() == 1) {
            Node argument = arguments.get(0);
            return switch (name) {
                case "exists" -> new Call(argument, value -> value != null, true);
                case "not" -> new Call(argument, value -> value == null ? null : !Operators.truth(value), true);
                case "count" -> new Call(argument, Calls::count, false);
                case "string" -> new Call(argument, value -> value == null ? null : Operators.text(value), false);
                case "min" -> new Call(argument, Calls::min, false);
                case "toMillis" -> new Call(argument, Calls::millis, false);
                default -> null;
            };
        }
        if (name.equals("power") && arguments.size() == 2) {
            return new Power(arguments.get(0), arguments.get(1));
        }
        if (name.equals("substring") && arguments.size() <= 3) {
            Integer start = constant(arguments.get(1));
            Integer length = arguments.size() == 3 ? constant(arguments.get(2)) : null;
            return start == null || (length == null && arguments.size() == 3)
                    ? null
                    : new Substring(arguments.get(0), start, length);
        }
        return null;
    }

    private static @Nullable Integer constant(Node node) {
        return node instanceof Node.Literal literal
                        && literal.value() instanceof Long number
                        && number >= 0
                        && number <= Integer.MAX_VALUE
                ? Integer.valueOf(number.intValue())
                : null;
    }

    private static Object count(@Nullable Object value) {
        return value == null ? 0L : value instanceof List<?> list ? (long) list.size() : 1L;
    }

    private static @Nullable Object min(@Nullable Object value) throws ExpressionFailed {
        if (!(value instanceof List<?> list)) {
            return number(value, "min");
        }
        Double least = null;
        for (Object item : list) {
            Number number = number(item, "min");
            if (number != null && (least == null || number.doubleValue() < least)) {
                least = number.doubleValue();
            }
        }
        return least == null ? null : Values.number(least.doubleValue());
    }

    private static @Nullable Object millis(@Nullable Object value) throws ExpressionFailed {
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            throw wrong("toMillis", "string");
        }
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw new ExpressionFailed("$toMillis takes a time in ISO 8601, not '" + text + "'", e);
        }
    }

    private static @Nullable Number number(@Nullable Object value, String function) throws ExpressionFailed {
        if (value == null || value instanceof Number) {
            return (Number) value;
        }
        throw wrong(function, "number");
    }

    private static ExpressionFailed wrong(String function, String type) {
        return new ExpressionFailed("The argument of $" + function + " is not of type " + type);
    }
}
