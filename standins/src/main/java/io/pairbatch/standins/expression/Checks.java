package io.pairbatch.standins.expression;

import java.util.Arrays;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// Checks of values and their types in conditions.
final class Checks {

    private Checks() {}

    /// A type as the service names it.
    static String type(AttributeValue value) {
        return value.type() == AttributeValue.Type.NUL ? "NULL" : value.type().name();
    }

    static DynamoDbException operand(Kind kind, String operator, AttributeValue value) {
        return kind.invalid("Incorrect operand type for operator or function; operator or function: " + operator
                + ", operand type: " + type(value));
    }

    /// Refuses a given value whose type has no order.
    static void ordered(Kind kind, String operator, Operand operand, Map<String, AttributeValue> values) {
        if (operand instanceof Operand.Given given && !Values.ordered(given.in(values))) {
            throw operand(kind, operator, given.in(values));
        }
    }

    /// Refuses a given value of a type without prefixes.
    static void text(Kind kind, Operand operand, Map<String, AttributeValue> values) {
        if (operand instanceof Operand.Given given) {
            AttributeValue.Type type = given.in(values).type();
            if (type != AttributeValue.Type.S && type != AttributeValue.Type.B) {
                throw operand(kind, "begins_with", given.in(values));
            }
        }
    }

    static void bounds(Kind kind, AttributeValue lower, AttributeValue upper) {
        if (lower.type() != upper.type()) {
            throw kind.invalid("The BETWEEN operator requires same data type for lower and upper bounds;"
                    + " lower bound operand: AttributeValue: " + type(lower)
                    + ", upper bound operand: AttributeValue: " + type(upper));
        }
        if (Values.compare(lower, upper) > 0) {
            throw kind.invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound");
        }
    }

    static boolean beginsWith(byte[] value, byte[] beginning) {
        return value.length >= beginning.length
                && Arrays.equals(value, 0, beginning.length, beginning, 0, beginning.length);
    }

    static boolean contains(AttributeValue value, AttributeValue part) {
        return switch (value.type()) {
            case S -> part.type() == AttributeValue.Type.S && value.s().contains(part.s());
            case SS -> part.type() == AttributeValue.Type.S && value.ss().contains(part.s());
            case NS -> part.type() == AttributeValue.Type.N && value.ns().contains(part.n());
            case BS -> part.type() == AttributeValue.Type.B && value.bs().contains(part.b());
            case L -> value.l().stream().anyMatch(element -> Values.equal(element, part));
            case B -> throw new IllegalArgumentException("contains of binary: not modelled");
            case N, BOOL, NUL, M, UNKNOWN_TO_SDK_VERSION -> false;
        };
    }
}
