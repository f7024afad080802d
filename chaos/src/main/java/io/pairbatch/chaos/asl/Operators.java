package io.pairbatch.chaos.asl;

import com.dashjoin.jsonata.Functions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSONata's operators with two operands.
final class Operators {

    private interface Operation {

        @Nullable
        Object of(@Nullable Object left, @Nullable Object right) throws ExpressionFailed;
    }

    private record Binary(Node left, Node right, Operation operation, boolean isCondition) implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
            return operation.of(left.of(bindings, context), right.of(bindings, context));
        }
    }

    /// `and` and `or` evaluate the right side only if the left one does not decide.
    private record Logic(Node left, Node right, boolean deciding) implements Node {

        @Override
        public Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
            if (truth(left.of(bindings, context)) == deciding) {
                return deciding;
            }
            return truth(right.of(bindings, context));
        }

        @Override
        public boolean isCondition() {
            return true;
        }
    }

    private Operators() {}

    /// An operator between two parts.
    ///
    /// @return null if the operator is not supported here
    static @Nullable Node binary(String operator, Node left, Node right) {
        return switch (operator) {
            case "and" -> new Logic(left, right, false);
            case "or" -> new Logic(left, right, true);
            case "=" -> new Binary(left, right, (a, b) -> a != null && b != null && a.equals(b), true);
            case "!=" -> new Binary(left, right, (a, b) -> a != null && b != null && !a.equals(b), true);
            case "in" -> new Binary(left, right, Operators::in, true);
            case "<" -> comparison(left, right, order -> order < 0);
            case "<=" -> comparison(left, right, order -> order <= 0);
            case ">" -> comparison(left, right, order -> order > 0);
            case ">=" -> comparison(left, right, order -> order >= 0);
            case "&" -> new Binary(left, right, (a, b) -> joined(a) + joined(b), false);
            case "+" -> arithmetic(left, right, operator, (a, b) -> a + b);
            case "-" -> arithmetic(left, right, operator, (a, b) -> a - b);
            case "*" -> arithmetic(left, right, operator, (a, b) -> a * b);
            case "/" -> arithmetic(left, right, operator, (a, b) -> a / b);
            case "%" -> arithmetic(left, right, operator, (a, b) -> a % b);
            default -> null;
        };
    }

    /// What a value counts as in a condition.
    static boolean truth(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(Operators::truth);
        }
        return value instanceof Map<?, ?> map && !map.isEmpty();
    }

    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Long || value instanceof Boolean ? value.toString() : Functions.string(value, false);
    }

    private static String joined(@Nullable Object value) {
        return value == null ? "" : text(value);
    }

    private static boolean in(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return false;
        }
        return right instanceof List<?> list ? list.contains(left) : right.equals(left);
    }

    private interface Arithmetic {

        double of(double left, double right);
    }

    private static Node arithmetic(Node left, Node right, String operator, Arithmetic arithmetic) {
        return new Binary(
                left,
                right,
                (a, b) -> {
                    if ((a != null && !(a instanceof Number)) || (b != null && !(b instanceof Number))) {
                        throw new ExpressionFailed("Both sides of the " + operator + " operator must be numbers");
                    }
                    if (a == null || b == null) {
                        return null;
                    }
                    double result = arithmetic.of(((Number) a).doubleValue(), ((Number) b).doubleValue());
                    if (Double.isNaN(result) || Double.isInfinite(result)) {
                        throw new ExpressionFailed("Number out of range: " + result);
                    }
                    return Values.number(result);
                },
                false);
    }

    private interface Order {

        boolean holds(int order);
    }

    private static Node comparison(Node left, Node right, Order order) {
        return new Binary(
                left,
                right,
                (a, b) -> {
                    if (!isComparable(a) || !isComparable(b)) {
                        throw new ExpressionFailed("Only numbers and strings can be compared");
                    }
                    if (a == null || b == null) {
                        return null;
                    }
                    if (a instanceof Number one && b instanceof Number other) {
                        return order.holds(Double.compare(one.doubleValue(), other.doubleValue()));
                    }
                    if (a instanceof String one && b instanceof String other) {
                        return order.holds(one.compareTo(other));
                    }
                    throw new ExpressionFailed("A number cannot be compared with a string");
                },
                true);
    }

    private static boolean isComparable(@Nullable Object value) {
        return value == null || value instanceof Number || value instanceof String;
    }
}
