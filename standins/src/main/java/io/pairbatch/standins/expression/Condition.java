package io.pairbatch.standins.expression;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What must hold for an item. A missing item counts as one without attributes.
sealed interface Condition {

    boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values);

    /// Refuses values of types that their operator does not accept, for any item.
    void check(Kind kind, Map<String, AttributeValue> values);

    record And(Condition left, Condition right) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            return left.holds(item, values) && right.holds(item, values);
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {
            left.check(kind, values);
            right.check(kind, values);
        }
    }

    record Or(Condition left, Condition right) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            return left.holds(item, values) || right.holds(item, values);
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {
            left.check(kind, values);
            right.check(kind, values);
        }
    }

    record Not(Condition negated) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            return !negated.holds(item, values);
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {
            negated.check(kind, values);
        }
    }

    /// How two values are compared.
    enum Comparison {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String symbol;

        Comparison(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }

        boolean holds(@Nullable AttributeValue a, @Nullable AttributeValue b) {
            if (a == null || b == null) {
                return this == NOT_EQUAL;
            }
            if (this == EQUAL || this == NOT_EQUAL) {
                return Values.equal(a, b) == (this == EQUAL);
            }
            if (!Values.comparable(a, b)) {
                return false;
            }
            int order = Values.compare(a, b);
            return switch (this) {
                case LESS -> order < 0;
                case LESS_OR_EQUAL -> order <= 0;
                case GREATER -> order > 0;
                default -> order >= 0;
            };
        }
    }

    record Compare(Operand left, Comparison comparison, Operand right) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            return comparison.holds(left.of(item, values), right.of(item, values));
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {
            if (comparison != Comparison.EQUAL && comparison != Comparison.NOT_EQUAL) {
                Checks.ordered(kind, comparison.symbol(), left, values);
                Checks.ordered(kind, comparison.symbol(), right, values);
            }
        }
    }

    record Between(Operand operand, Operand lower, Operand upper) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            AttributeValue value = operand.of(item, values);
            return Comparison.GREATER_OR_EQUAL.holds(value, lower.of(item, values))
                    && Comparison.LESS_OR_EQUAL.holds(value, upper.of(item, values));
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {
            for (Operand each : List.of(operand, lower, upper)) {
                Checks.ordered(kind, "BETWEEN", each, values);
            }
            if (lower instanceof Operand.Given from && upper instanceof Operand.Given to) {
                Checks.bounds(kind, from.in(values), to.in(values));
            }
        }
    }

    record In(Operand operand, List<Operand> choices) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            AttributeValue value = operand.of(item, values);
            return choices.stream().anyMatch(choice -> Comparison.EQUAL.holds(value, choice.of(item, values)));
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {}
    }

    record Exists(DocumentPath path) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            return path.in(item) != null;
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {}
    }

    record IsType(DocumentPath path, Operand.Given name) implements Condition {

        private static final Set<String> NAMES = Set.of("S", "SS", "N", "NS", "B", "BS", "BOOL", "NULL", "L", "M");

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            AttributeValue value = path.in(item);
            return value != null && name.in(values).s().equals(Checks.type(value));
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {
            AttributeValue type = name.in(values);
            if (type.type() != AttributeValue.Type.S) {
                throw Checks.operand(kind, "attribute_type", type);
            }
            if (!NAMES.contains(type.s())) {
                throw kind.invalid("Invalid attribute type name found; type: " + type.s() + ", valid types: "
                        + NAMES.stream().sorted().toList());
            }
        }
    }

    record BeginsWith(Operand operand, Operand prefix) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            AttributeValue value = operand.of(item, values);
            AttributeValue beginning = prefix.of(item, values);
            if (value == null || beginning == null || value.type() != beginning.type()) {
                return false;
            }
            return switch (value.type()) {
                case S -> value.s().startsWith(beginning.s());
                case B ->
                    Checks.beginsWith(
                            value.b().asByteArrayUnsafe(), beginning.b().asByteArrayUnsafe());
                default -> false;
            };
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {
            Checks.text(kind, operand, values);
            Checks.text(kind, prefix, values);
        }
    }

    record Contains(Operand operand, Operand part) implements Condition {

        @Override
        public boolean holds(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            AttributeValue value = operand.of(item, values);
            AttributeValue its = part.of(item, values);
            return value != null && its != null && Checks.contains(value, its);
        }

        @Override
        public void check(Kind kind, Map<String, AttributeValue> values) {}
    }
}
